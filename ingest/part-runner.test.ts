import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from './log.ts';
import { type Part, PartRunner, type Stage } from './part-runner.ts';

/** Calls to the parts, in order. */
let acts: string[];
let lines: { msg: string; part?: string; parts?: string[]; err?: { message: string } }[];
beforeEach(() => {
  acts = [];
  lines = [];
});

function runnerOf(...stages: Stage[]): PartRunner {
  return new PartRunner(
    stages,
    createLog('info', { write: (text) => void lines.push(JSON.parse(text)) }),
  );
}

/** A part that records its calls and completes at once, except where `given` says otherwise. */
function part(name: string, given: Partial<Part> = {}): Part {
  return {
    name,
    ...given,
    start: async () => {
      acts.push(`${name} starts`);
      await given.start?.();
      acts.push(`${name} works`);
    },
    drain: () => {
      acts.push(`${name} takes nothing new`);
      given.drain?.();
    },
    stop: async () => {
      acts.push(`${name} stops`);
      await given.stop?.();
      acts.push(`${name} has stopped`);
    },
  };
}

/** Work that ends on request. */
function held(): { work: () => Promise<void>; end: () => void; fail: (error: Error) => void } {
  let end = (): void => undefined;
  let fail: (error: Error) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  return { work: () => done, end, fail };
}

const fails = (message: string) => () => Promise.reject(new Error(message));
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the parts of a process', () => {
  it('start in their order; then all take nothing new, and stop in the reverse order', async () => {
    const runner = runnerOf([part('one')], [part('two')], [part('three')]);
    expect(await runner.start()).toBe(true);
    expect(acts).toEqual([
      ...['one starts', 'one works', 'two starts', 'two works', 'three starts', 'three works'],
    ]);
    acts = [];
    await runner.stop();
    expect(acts).toEqual([
      ...['three takes nothing new', 'two takes nothing new', 'one takes nothing new'],
      ...['three stops', 'three has stopped', 'two stops', 'two has stopped'],
      ...['one stops', 'one has stopped'],
    ]);
    expect(lines).toEqual([]);
  });

  it('take nothing new before the call of stop returns', async () => {
    const runner = runnerOf([part('one')], [part('two')]);
    await runner.start();
    acts = [];
    const stopped = runner.stop();
    expect(acts.slice(0, 2)).toEqual(['two takes nothing new', 'one takes nothing new']);
    await stopped;
  });

  it('of one stage start side by side, and stop side by side before the stage below', async () => {
    const [slow, slowStop] = [held(), held()];
    const runner = runnerOf(
      [part('below')],
      [part('one', { start: slow.work, stop: slowStop.work }), part('two')],
    );
    const started = runner.start();
    await turn();
    expect(acts).toEqual([
      ...['below starts', 'below works', 'one starts', 'two starts', 'two works'],
    ]);
    slow.end();
    await started;
    acts = [];
    const stopped = runner.stop();
    await turn();
    expect(acts.slice(3)).toEqual(['two stops', 'one stops', 'two has stopped']);
    slowStop.end();
    await stopped;
    expect(acts.slice(6)).toEqual(['one has stopped', 'below stops', 'below has stopped']);
  });

  it('need neither a start nor a stop of their own', async () => {
    const runner = runnerOf([{ name: 'bare' }]);
    expect(await runner.start()).toBe(true);
    await runner.stop();
    expect(lines).toEqual([]);
  });
});

describe('a part that cannot be started', () => {
  it('is named by the error, and those that work are stopped, but not itself', async () => {
    const runner = runnerOf(
      [part('one')],
      [part('two'), part('three', { start: fails('the port is taken') })],
      [part('four')],
    );
    await expect(runner.start()).rejects.toThrow('three could not be started: the port is taken');
    expect(acts).toEqual([
      ...['one starts', 'one works', 'two starts', 'three starts', 'two works'],
      ...['two takes nothing new', 'one takes nothing new'],
      ...['two stops', 'two has stopped', 'one stops', 'one has stopped'],
    ]);
  });

  it('keeps its error as the cause', async () => {
    const error = new Error('the port is taken');
    const runner = runnerOf([part('one', { start: () => Promise.reject(error) })]);
    await expect(runner.start()).rejects.toMatchObject({ cause: error });
  });
});

describe('a part that does not stop', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('in its time is named in the log, and the next one is stopped', async () => {
    const runner = runnerOf(
      [part('one')],
      [part('two', { stop: held().work, stopWithinMs: 5000 })],
    );
    await runner.start();
    acts = [];
    const stopped = runner.stop();
    await vi.advanceTimersByTimeAsync(4999);
    expect(acts.slice(2)).toEqual(['two stops']);
    await vi.advanceTimersByTimeAsync(1);
    await stopped;
    expect(acts.slice(2)).toEqual(['two stops', 'one stops', 'one has stopped']);
    expect(lines).toMatchObject([
      { part: 'two', withinMs: 5000, msg: 'a part did not stop in time' },
    ]);
  });

  it('has a second where it is not given more', async () => {
    const runner = runnerOf([part('one', { stop: held().work })]);
    await runner.start();
    const stopped = runner.stop();
    await vi.advanceTimersByTimeAsync(1000);
    await stopped;
    expect(lines).toMatchObject([{ part: 'one', withinMs: 1000 }]);
  });

  it('because it fails is named in the log with the reason, and the next one is stopped', async () => {
    const runner = runnerOf([part('one')], [part('two', { stop: fails('it is locked') })]);
    await runner.start();
    await runner.stop();
    expect(acts).toContain('one has stopped');
    expect(lines).toMatchObject([
      { part: 'two', msg: 'a part could not be stopped', err: { message: 'it is locked' } },
    ]);
  });

  it('and fails after its time troubles nobody', async () => {
    const late = held();
    const runner = runnerOf([part('one', { stop: late.work })]);
    await runner.start();
    const stopped = runner.stop();
    await vi.advanceTimersByTimeAsync(1000);
    await stopped;
    late.fail(new Error('too late'));
    await vi.advanceTimersByTimeAsync(0);
    expect(lines).toHaveLength(1);
  });

  it('taking what is new is named in the log, and all are stopped', async () => {
    const refuses = () => {
      throw new Error('no');
    };
    const runner = runnerOf([part('one')], [part('two', { drain: refuses })]);
    await runner.start();
    await runner.stop();
    expect(acts).toEqual(expect.arrayContaining(['one takes nothing new', 'two has stopped']));
    expect(lines).toMatchObject([{ part: 'two', msg: 'a part still takes what is new' }]);
  });
});

describe('stopping', () => {
  it('twice stops each part once, and both calls wait for it', async () => {
    const slow = held();
    const runner = runnerOf([part('one', { stop: slow.work })]);
    await runner.start();
    const [first, second] = [runner.stop(), runner.stop()];
    let ended = 0;
    for (const each of [first, second]) void each.then(() => (ended += 1));
    await turn();
    expect(ended).toBe(0);
    slow.end();
    await Promise.all([first, second]);
    expect(acts.filter((act) => act === 'one stops')).toHaveLength(1);
  });

  it('while parts start stops those that work, and starts no more', async () => {
    const slow = held();
    const runner = runnerOf([part('one')], [part('two', { start: slow.work })], [part('three')]);
    const started = runner.start();
    await turn();
    const stopped = runner.stop();
    await turn();
    // One part after the other: while one starts, the earlier ones work.
    expect(acts).toEqual(['one starts', 'one works', 'two starts', 'one takes nothing new']);
    slow.end();
    await stopped;
    expect(await started).toBe(false);
    expect(acts.slice(4)).toEqual([
      ...['two works', 'two takes nothing new', 'two stops', 'two has stopped'],
      ...['one stops', 'one has stopped'],
    ]);
  });

  it('while a part starts that then fails stops those that work, and tells why it failed', async () => {
    const slow = held();
    const runner = runnerOf([part('one')], [part('two', { start: slow.work })]);
    const started = runner.start().catch((error: Error) => error.message);
    await turn();
    const stopped = runner.stop();
    slow.fail(new Error('no database'));
    await stopped;
    expect(await started).toBe('two could not be started: no database');
    expect(acts).toContain('one has stopped');
  });

  it('before the start starts nothing', async () => {
    const runner = runnerOf([part('one')]);
    await runner.stop();
    expect(await runner.start()).toBe(false);
    expect(acts).toEqual([]);
  });

  it('does not wait longer for a start than for a stop; a part that starts later is stopped then', async () => {
    vi.useFakeTimers();
    try {
      const slow = held();
      const two = part('two', { start: slow.work, stopWithinMs: 3000 });
      const runner = runnerOf([part('one')], [two]);
      const started = runner.start();
      await vi.advanceTimersByTimeAsync(0);
      const stopped = runner.stop();
      await vi.advanceTimersByTimeAsync(3000);
      await stopped;
      expect(acts).toContain('one has stopped');
      expect(lines).toMatchObject([{ parts: ['two'], withinMs: 3000 }]);
      slow.end();
      expect(await started).toBe(false);
      expect(acts.slice(-2)).toEqual(['two stops', 'two has stopped']);
    } finally {
      vi.useRealTimers();
    }
  });
});
