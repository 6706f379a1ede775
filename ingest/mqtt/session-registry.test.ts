import { describe, expect, it } from 'vitest';
import type { ConnectTerminal } from '../../lib/terminals/connect-queries.ts';
import { createLog } from '../log.ts';
import { SessionRegistry } from './session-registry.ts';

const rate = { burst: 1, perSecond: 1 };

function registryOf(find: (number: string) => Promise<ConnectTerminal | undefined>) {
  return new SessionRegistry({
    find,
    keks: () => Promise.reject(new Error('no key is needed here')),
    log: createLog('silent'),
    now: () => 0,
    rates: { frames: rate, control: rate, faults: rate, repeats: rate },
  });
}

function terminalOf(change: Partial<ConnectTerminal> = {}): ConnectTerminal {
  return {
    ...{ utilityId: 1, utilityCode: 'test', terminalId: 1, secretHash: Buffer.alloc(32) },
    ...{ reportMinute: 60, reportWindowMinutes: 240, upHigh: 1, upWindow: 1n },
    ...{ keys: [], meters: [] },
    ...change,
  };
}

describe('looking up terminals', () => {
  it('is done once for a number that several ask about', async () => {
    const asked: string[] = [];
    const registry = registryOf(async (number) => {
      asked.push(number);
      return undefined;
    });
    await Promise.all([registry.find('1'), registry.find('1'), registry.find('2')]);
    expect(asked).toEqual(['1', '2']);
  });

  it('is busy when a thousand wait, and not when they are answered', async () => {
    const answers: (() => void)[] = [];
    const registry = registryOf(
      () => new Promise((resolve) => answers.push(() => resolve(undefined))),
    );
    const lookups = Array.from({ length: 1000 }, (_, at) => registry.find(String(at)));
    expect(registry.isBusy).toBe(true);
    while (answers.length > 0) {
      answers.shift()!();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(lookups);
    expect(registry.isBusy).toBe(false);
  });

  it('is left out where whoever asked has gone before its turn came', async () => {
    const asked: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const registry = registryOf(async (number) => {
      asked.push(number);
      await held;
      return undefined;
    });
    const first = ['1', '2', '3', '4'].map((number) => registry.find(number));
    const gone = registry.find('5', () => false);
    const waiting = registry.find('6', () => true);
    release();
    await expect(gone).rejects.toThrow('nobody waits');
    await Promise.all([...first, waiting]);
    expect(asked).toEqual(['1', '2', '3', '4', '6']);
  });
});

describe('the session of a terminal that connects again', () => {
  it('keeps counters that were committed while the register was asked', () => {
    const registry = registryOf(async () => undefined);
    const session = registry.open('1', terminalOf({ upHigh: 3, upWindow: 7n }), []);
    registry.open('1', terminalOf({ upHigh: 1, upWindow: 1n }), []);
    expect(session.window).toEqual({ high: 3, upper: 0, lower: 7 });
  });

  it('begins anew where the number is another terminal now', () => {
    const registry = registryOf(async () => undefined);
    registry.open('1', terminalOf({ upHigh: 3, upWindow: 7n }), []);
    const session = registry.open('1', terminalOf({ terminalId: 2, upHigh: 0, upWindow: 0n }), []);
    expect(session.window).toEqual({ high: 0, upper: 0, lower: 0 });
  });
});
