import { describe, expect, it } from 'vitest';
import type { ConnectTerminal } from '../../lib/terminals/connect-queries.ts';
import { createLog } from '../log.ts';
import { lookupLimits } from './register-lookups.ts';
import { SessionRegistry } from './session-registry.ts';

const rate = { burst: 1, perSecond: 1 };

function registryOf() {
  return new SessionRegistry({
    find: async () => new Map(),
    lookups: lookupLimits(),
    keks: () => Promise.reject(new Error('no key is needed here')),
    log: createLog('silent'),
    now: () => 0,
    rates: {
      frames: rate,
      control: rate,
      faults: rate,
      repeats: rate,
      commands: rate,
      settings: rate,
    },
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

describe('the session of a terminal that connects again', () => {
  it('keeps counters that were committed while the register was read', () => {
    const registry = registryOf();
    const session = registry.open('1', terminalOf({ upHigh: 3, upWindow: 7n }), []);
    registry.open('1', terminalOf({ upHigh: 1, upWindow: 1n }), []);
    expect(session.window).toEqual({ high: 3, upper: 0, lower: 7 });
  });

  it('is reset when the number is another terminal now', () => {
    const registry = registryOf();
    registry.open('1', terminalOf({ upHigh: 3, upWindow: 7n }), []);
    const session = registry.open('1', terminalOf({ terminalId: 2, upHigh: 0, upWindow: 0n }), []);
    expect(session.window).toEqual({ high: 0, upper: 0, lower: 0 });
  });
});
