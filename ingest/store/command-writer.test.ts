import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DomainError } from '../../lib/errors.ts';
import type { FrameVerdict } from '../../lib/terminals/taken-frame-commands.ts';
import { createLog } from '../log.ts';
import { IngestMetrics } from '../metrics.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import { COMMAND_LIMITS, type CommandLimits, CommandWriter } from './command-writer.ts';

/** Outcome of each frame, by its counter. */
let outcomes: Record<number, string>;
/** Counters of the frames of each begun transaction, and of those that were committed. */
let begun: number[][];
let stored: number[];
beforeEach(() => {
  outcomes = {};
  begun = [];
  stored = [];
});

const lost = Object.assign(new Error('terminating connection'), { code: '57P01' });
const constraint = Object.assign(new Error('duplicate key'), { code: '23505' });

interface Fakes {
  limits?: Partial<CommandLimits>;
  /** Counters of frames whose acknowledgement or quarantine fails. */
  unanswerable?: readonly number[];
  /** Called before each commit. */
  onCommit?: () => Promise<void>;
}

function writerOver({ limits, onCommit, unanswerable = [] }: Fakes = {}): CommandWriter {
  const answer = (counter: number, outcome: string) => {
    if (unanswerable.includes(counter)) throw new TypeError('socket is null');
    outcomes[counter] = outcome;
  };
  return new CommandWriter({
    // A transaction that stores its frames at its end, and finds all given counters new.
    transact: async (_utilityId, fn) => {
      // Neither the writer nor these commands use it.
      const result = await fn(undefined as never);
      await onCommit?.();
      stored.push(...running.splice(0));
      return result;
    },
    take: async (_tx, frames) => {
      const counters = frames.map(({ counter }) => counter);
      begun.push(counters);
      running.splice(0);
      return counters.map((counter) => verdicts[counter] ?? 'taken');
    },
    quarantine: { quarantine: (frame, reason) => answer(frame.counter, reason) },
    acknowledger: {
      committed: (frames) => {
        for (const { counter } of frames) answer(counter, 'acknowledged');
      },
    },
    metrics: new IngestMetrics(),
    log: createLog('silent'),
    limits: { ...COMMAND_LIMITS, ...limits },
  });
}

let running: number[] = [];
let verdicts: Record<number, FrameVerdict> = {};
beforeEach(() => {
  running = [];
  verdicts = {};
});

function frameOf(counter: number, utilityId = 1): UplinkFrame {
  const session = { utilityId, terminalId: 1, number: '1', pending: new Map() };
  return {
    ...{ session, counter, check: 0, fresh: true, receivedAtMs: counter },
    abandon: (reason: string) => {
      outcomes[counter] = reason;
    },
  } as unknown as UplinkFrame;
}

const storing = (counter: number, error?: unknown) => async () => {
  if (error !== undefined) throw error;
  running.push(counter);
  return undefined;
};

/** Gives frames 1 to `count`; those in `failing` fail. */
async function run(writer: CommandWriter, count: number, failing: Record<number, unknown> = {}) {
  for (let counter = 1; counter <= count; counter += 1) {
    writer.accept(frameOf(counter), 3, storing(counter, failing[counter]));
  }
  await writer.idle();
}

describe('frames that wait', () => {
  it('share a transaction with those of their utility, in their order', async () => {
    await run(writerOver(), 6);
    expect(begun).toEqual([[1], [2, 3, 4, 5, 6]]);
    expect(stored).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(Object.values(outcomes))).toEqual(new Set(['acknowledged']));
  });

  it('are limited in number in a transaction, and none is of another utility', async () => {
    const writer = writerOver({ limits: { commandMaxFrames: 2 } });
    for (const [counter, utilityId] of [
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 2],
    ] as const)
      writer.accept(frameOf(counter, utilityId), 3, storing(counter));
    await writer.idle();
    expect(begun.map((counters) => counters.length).sort()).toEqual([1, 1, 1, 2]);
    expect(begun).toContainEqual([5]);
  });

  it('close their connection when too many do', async () => {
    const writer = writerOver({ limits: { commandMaxWaiting: 3 } });
    await run(writer, 4);
    expect(outcomes[4]).toBe('overloaded');
    expect(outcomes[3]).toBe('acknowledged');
  });
});

describe('a frame whose command keeps failing', () => {
  it.each([
    ['the rows are refused', constraint],
    ['a rule of the product refuses it', new DomainError('conflict', 'no')],
    ['it has a fault of its own', new TypeError('undefined is not a function')],
    ['a function raises', Object.assign(new Error('no'), { code: 'P0001' })],
  ])('is quarantined alone: %s', async (_, error) => {
    await run(writerOver(), 9, { 4: error, 8: error });
    expect(
      Object.keys(outcomes).filter((counter) => outcomes[+counter] === 'not_storable'),
    ).toEqual(['4', '8']);
    expect(stored).toEqual([1, 2, 3, 5, 6, 7, 9]);
    expect(Object.values(outcomes).filter((outcome) => outcome === 'acknowledged')).toHaveLength(7);
  });

  it('is found when only the commit fails', async () => {
    await run(
      writerOver({
        onCommit: async () => {
          if (running.includes(3)) throw constraint;
        },
      }),
      5,
    );
    expect(outcomes[3]).toBe('not_storable');
    expect(stored).toEqual([1, 2, 4, 5]);
  });
});

describe('a waiting frame is not acknowledged', () => {
  it.each([
    ['the server ends the connection', lost],
    ['the server is full', Object.assign(new Error('no'), { code: '53300' })],
    ['the schema lacks a function', Object.assign(new Error('no'), { code: '42883' })],
    ['what it needs is not there now', new DomainError('unavailable', 'later')],
    ['the driver gave up', new Error('Query read timeout')],
  ])('while %s', async (_, error) => {
    await run(writerOver(), 4, { 3: error });
    expect(outcomes).toEqual({
      1: 'acknowledged',
      2: 'database_away',
      3: 'database_away',
      4: 'database_away',
    });
    expect(stored).toEqual([1]);
  });

  it('when there is no answer in time', async () => {
    vi.useFakeTimers();
    try {
      const writer = writerOver({ onCommit: () => new Promise(() => undefined) });
      writer.accept(frameOf(1), 3, storing(1));
      await vi.advanceTimersByTimeAsync(COMMAND_LIMITS.commitTimeoutMs);
      await writer.idle();
      expect(outcomes).toEqual({ 1: 'database_away' });
    } finally {
      vi.useRealTimers();
    }
  });
});

it('a deadlock is retried', async () => {
  const deadlock = vi.fn(async () => undefined);
  deadlock.mockRejectedValueOnce(Object.assign(new Error('deadlock'), { code: '40P01' }));
  await run(writerOver({ onCommit: deadlock }), 1);
  expect(outcomes).toEqual({ 1: 'acknowledged' });
});

it('a frame that the database took before is acknowledged and not stored, a replay is refused', async () => {
  verdicts = { 1: 'repeated', 2: 'replayed' };
  await run(writerOver(), 3);
  expect(outcomes).toEqual({ 1: 'acknowledged', 2: 'replay', 3: 'acknowledged' });
  expect(stored).toEqual([3]);
});

describe('an error after the commit', () => {
  const withFailing = (counter: number) => async () => {
    running.push(counter);
    return () => {
      throw new TypeError('a line of the log has no such field');
    };
  };

  it('leaves the other frames of the transaction acknowledged, and the queue goes on', async () => {
    const writer = writerOver();
    writer.accept(frameOf(1), 3, storing(1));
    for (const counter of [2, 3, 4]) {
      writer.accept(frameOf(counter), 3, counter === 3 ? withFailing(3) : storing(counter));
    }
    await writer.idle();
    writer.accept(frameOf(5), 3, storing(5));
    await writer.idle();
    expect(begun).toEqual([[1], [2, 3, 4], [5]]);
    expect(stored).toEqual([1, 2, 3, 4, 5]);
    expect(outcomes).toEqual({
      ...{ 1: 'acknowledged', 2: 'acknowledged', 3: 'acknowledged', 4: 'acknowledged' },
      5: 'acknowledged',
    });
    expect(writer.queued).toBe(0);
  });

  it('ends only the connection of the frame that was not answered', async () => {
    verdicts = { 4: 'replayed' };
    const writer = writerOver({ unanswerable: [2, 4] });
    await run(writer, 6);
    expect(outcomes).toEqual({
      ...{ 1: 'acknowledged', 2: 'unanswered', 3: 'acknowledged', 4: 'unanswered' },
      ...{ 5: 'acknowledged', 6: 'acknowledged' },
    });
    expect(writer.queued).toBe(0);
  });
});

it('an error while refusing a frame ends its connection, and the queue goes on', async () => {
  const writer = writerOver({ unanswerable: [1] });
  await run(writer, 3, { 1: constraint });
  expect(outcomes).toEqual({ 1: 'unanswered', 2: 'acknowledged', 3: 'acknowledged' });
  expect(writer.queued).toBe(0);
});
