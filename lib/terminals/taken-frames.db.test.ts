import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, transactAs } from '../../db/client.ts';
import { createUtility, fitHousehold } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { EMPTY_WINDOW, judgeCounter, takeCounter } from '../../ingest/protocol/replay-window.ts';
import { pruneTakenFrames, takeUplinkFrames, type UplinkFrameKey } from './taken-frame-commands.ts';

let database: TestDatabase;
let sidecar: ReturnType<typeof createDatabase>;
let worker: ReturnType<typeof createDatabase>;

beforeAll(async () => {
  database = await testDatabase();
  sidecar = createDatabase(database.ingestPool);
  worker = createDatabase(database.workerPool);
});
afterAll(() => database?.close());

async function terminalOf(): Promise<{ utilityId: number; terminalId: number }> {
  const utilityId = await createUtility(database.adminPool);
  return { utilityId, ...(await fitHousehold(database.adminPool, utilityId)) };
}

const AT = new Date('2024-03-01T00:00:00Z');
const frameOf = (terminalId: number, counter: number, more: Partial<UplinkFrameKey> = {}) => ({
  ...{ terminalId, counter, frameCheck: counter * 7, type: 3, arrivedFresh: false },
  ...{ receivedAt: AT, ...more },
});

const take = (utilityId: number, frames: UplinkFrameKey[]) =>
  transactAs(sidecar, utilityId, (tx) => takeUplinkFrames(tx, frames));

async function stateOf(utilityId: number) {
  const { rows } = await database.adminPool.query(
    'select up_high, up_window::text as window, last_seen_at as seen from terminal_state where utility_id = $1',
    [utilityId],
  );
  return rows[0] as { up_high: number; window: string; seen: Date | null };
}

const takeFrame = (utilityId: number, terminalId: number, high: number) =>
  database.ingestPool.query(
    `select store_day_reports($1, '{}', array[($2, $3, 1, null, null, null, null, null)]::terminal_mark[], now())`,
    [utilityId, terminalId, high],
  );

describe('a frame outside batches', () => {
  it('is taken once, and its counter enters the window with the commit', async () => {
    const { utilityId, terminalId } = await terminalOf();
    expect(await take(utilityId, [frameOf(terminalId, 5)])).toEqual(['taken']);
    expect(await stateOf(utilityId)).toEqual({ up_high: 5, window: '1', seen: AT });
    expect(await take(utilityId, [frameOf(terminalId, 5)])).toEqual(['repeated']);
    // An overtaken one is still fresh.
    expect(await take(utilityId, [frameOf(terminalId, 3)])).toEqual(['taken']);
    expect(await stateOf(utilityId)).toMatchObject({ up_high: 5, window: '5' });
  });

  it('is a replay with a counter of another frame, in a batch or alone', async () => {
    const { utilityId, terminalId } = await terminalOf();
    await take(utilityId, [frameOf(terminalId, 5)]);
    await takeFrame(utilityId, terminalId, 6);
    const frames = [frameOf(terminalId, 5, { frameCheck: 1 }), frameOf(terminalId, 6)];
    expect(await take(utilityId, frames)).toEqual(['replayed', 'replayed']);
    // It was fresh for a process that knew less: within the window the database decides.
    const lately = frames.map((frame) => ({ ...frame, arrivedFresh: true }));
    expect(await take(utilityId, lately)).toEqual(['replayed', 'replayed']);
  });

  it('is a replay when its counter is too old, unless it was taken, or was overtaken after its arrival', async () => {
    const { utilityId, terminalId } = await terminalOf();
    await take(utilityId, [frameOf(terminalId, 5)]);
    await takeFrame(utilityId, terminalId, 100);
    const old = [frameOf(terminalId, 5), frameOf(terminalId, 36), frameOf(terminalId, 37)];
    expect(await take(utilityId, old)).toEqual(['repeated', 'replayed', 'taken']);
    const overtaken = frameOf(terminalId, 36, { arrivedFresh: true });
    expect(await take(utilityId, [overtaken])).toEqual(['taken']);
    expect(await take(utilityId, [overtaken])).toEqual(['repeated']);
  });

  it('is taken once when it is given twice', async () => {
    const { utilityId, terminalId } = await terminalOf();
    const frame = frameOf(terminalId, 1);
    expect(await take(utilityId, [frame, frame])).toEqual(['taken', 'repeated']);
  });

  it('is not taken by a transaction that is rolled back', async () => {
    const { utilityId, terminalId } = await terminalOf();
    const failed = transactAs(sidecar, utilityId, async (tx) => {
      await takeUplinkFrames(tx, [frameOf(terminalId, 1)]);
      throw new Error('the rest failed');
    });
    await expect(failed).rejects.toThrow('the rest failed');
    expect(await stateOf(utilityId)).toMatchObject({ up_high: 0, window: '0' });
    expect(await take(utilityId, [frameOf(terminalId, 1)])).toEqual(['taken']);
  });

  it('that two transactions hold waits for the first one and is taken by one of them', async () => {
    const { utilityId, terminalId } = await terminalOf();
    const frame = frameOf(terminalId, 1);
    let other: Promise<string[]> | undefined;
    await transactAs(sidecar, utilityId, async (tx) => {
      expect(await takeUplinkFrames(tx, [frame])).toEqual(['taken']);
      other = take(utilityId, [frame]);
      await waits();
    });
    expect(await other).toEqual(['repeated']);
  });

  it('delays no batch of its terminal before it commits', async () => {
    const { utilityId, terminalId } = await terminalOf();
    await transactAs(sidecar, utilityId, async (tx) => {
      await takeUplinkFrames(tx, [frameOf(terminalId, 2)]);
      await takeFrame(utilityId, terminalId, 1);
    });
    expect(await stateOf(utilityId)).toMatchObject({ up_high: 2, window: '3' });
  });

  it('of another utility is not taken', async () => {
    const { terminalId } = await terminalOf();
    const { utilityId } = await terminalOf();
    expect(await take(utilityId, [frameOf(terminalId, 1)])).toEqual(['replayed']);
    await expect(
      database.ingestPool.query(
        `select take_uplink_frames('{1}', '{1}', '{1}', '{3}', '{true}', '{2026-01-01}')`,
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the record of a taken frame', () => {
  const LATER = new Date(AT.getTime() + 1000);
  const prune = (utilityId: number, receivedBefore = LATER) =>
    transactAs(worker, utilityId, (tx) =>
      pruneTakenFrames(tx, { receivedBefore, afterTerminalId: 0 }),
    );
  const kept = async (utilityId: number) => {
    const { rows } = await database.adminPool.query<{ counter: number }>(
      'select counter::integer from taken_frame where utility_id = $1 order by 1',
      [utilityId],
    );
    return rows.map(({ counter }) => counter);
  };

  it('is removed when it was received long ago and its counter is below the window', async () => {
    const { utilityId, terminalId } = await terminalOf();
    const counters = [1, 36, 37, 100];
    await take(utilityId, [frameOf(terminalId, 2, { receivedAt: LATER })]);
    for (const counter of counters) await take(utilityId, [frameOf(terminalId, counter)]);
    expect(await prune(utilityId, AT)).toEqual({ pruned: 0, lastTerminalId: null });
    expect(await prune(utilityId)).toEqual({ pruned: 2, lastTerminalId: null });
    expect(await kept(utilityId)).toEqual([2, 37, 100]);
    expect(await prune(utilityId)).toEqual({ pruned: 0, lastTerminalId: null });
    // Remaining records are recognized; removed ones are replays, like counters that were never taken.
    const again = [1, 2, 3, 36, 37].map((counter) => frameOf(terminalId, counter));
    const fresh = again.map((frame) => ({ ...frame, arrivedFresh: true }));
    const verdicts = ['replayed', 'repeated', 'replayed', 'replayed', 'repeated'];
    expect(await take(utilityId, again)).toEqual(verdicts);
    expect(await take(utilityId, fresh)).toEqual(verdicts);
  });

  it.each(['infinity', 'now', 'yesterday'])(
    'stays for 29 days by the clock of the database: none before %s is removed',
    async (before) => {
      const { utilityId, terminalId } = await terminalOf();
      for (const counter of [1, 100]) await take(utilityId, [frameOf(terminalId, counter)]);
      const pruning = transactAs(worker, utilityId, (tx) =>
        sql`select prune_taken_frames(${before}::text::timestamptz, 0, 10)`.execute(tx),
      );
      await expect(pruning).rejects.toThrow('kept for thirty days');
      expect(await kept(utilityId)).toEqual([1, 100]);
    },
  );

  it('is removed in slices of one utility, and by the worker only', async () => {
    const { utilityId, terminalId } = await terminalOf();
    const other = await terminalOf();
    for (const each of [{ utilityId, terminalId }, other]) {
      await take(each.utilityId, [frameOf(each.terminalId, 1)]);
      await take(each.utilityId, [frameOf(each.terminalId, 100)]);
    }
    const slice = (after: number) =>
      transactAs(worker, utilityId, async (tx) => {
        const { rows } = await sql`select * from prune_taken_frames(${LATER}, ${after}, 1)`.execute(
          tx,
        );
        return rows[0];
      });
    expect(await slice(terminalId)).toEqual({ pruned: 0, last_terminal: null });
    expect(await slice(0)).toEqual({ pruned: 1, last_terminal: terminalId });
    expect(await kept(other.utilityId)).toEqual([1, 100]);
    const bySidecar = transactAs(sidecar, utilityId, (tx) =>
      pruneTakenFrames(tx, { receivedBefore: LATER, afterTerminalId: 0 }),
    );
    await expect(bySidecar).rejects.toMatchObject({ code: '42501' });
  });

  it('is left for the next run while frames of its terminal are being stored', async () => {
    const { utilityId, terminalId } = await terminalOf();
    for (const counter of [1, 100]) await take(utilityId, [frameOf(terminalId, counter)]);
    const blocker = await database.adminPool.connect();
    try {
      await blocker.query('begin');
      await blocker.query('select from terminal_state where terminal_id = $1 for update', [
        terminalId,
      ]);
      expect(await prune(utilityId)).toMatchObject({ pruned: 0 });
    } finally {
      await blocker.query('rollback');
      blocker.release();
    }
    expect(await prune(utilityId)).toMatchObject({ pruned: 1 });
  });

  it('is removed during another transaction: that one retries and takes nothing', async () => {
    const { utilityId, terminalId } = await terminalOf();
    for (const counter of [1, 100]) await take(utilityId, [frameOf(terminalId, counter)]);
    const copy = frameOf(terminalId, 1, { arrivedFresh: true });
    const pruner = await database.workerPool.connect();
    let taking: Promise<unknown> | undefined;
    try {
      await pruner.query('begin');
      await pruner.query('select serve_utility($1)', [utilityId]);
      await pruner.query('select prune_taken_frames($1, 0, 10)', [LATER]);
      // Waits at the key of the row being removed.
      taking = take(utilityId, [copy]).catch((error: unknown) => error);
      await waits();
      await pruner.query('commit');
    } finally {
      await pruner.query('rollback').catch(() => undefined);
      pruner.release();
    }
    expect(await taking).toMatchObject({ code: '40001' });
    expect(await take(utilityId, [copy])).toEqual(['replayed']);
  });

  it('makes no counter new by its removal, in any order of frames', async () => {
    const { utilityId } = await terminalOf();
    const run = async ({ act, counter, fresh }: Step, terminalId: number): Promise<boolean> => {
      if (act === 'prune') await prune(utilityId);
      if (act === 'report') await takeFrame(utilityId, terminalId, counter);
      if (act !== 'take') return false;
      const frame = frameOf(terminalId, counter, { arrivedFresh: fresh });
      return (await take(utilityId, [frame]))[0] === 'taken';
    };
    const history = async (steps: readonly Step[]) => {
      const { terminalId } = await fitHousehold(database.adminPool, utilityId);
      const taken: number[] = [];
      for (const step of steps) if (await run(step, terminalId)) taken.push(step.counter);
      expect(taken).toEqual([...new Set(taken)]);
    };
    const steps = fc.array(STEP, { minLength: 5, maxLength: 40 });
    await fc.assert(fc.asyncProperty(steps, history), { numRuns: 40 });
  });
});

interface Step {
  act: 'take' | 'prune' | 'report';
  /** Counters of several windows, with repetitions. */
  counter: number;
  fresh: boolean;
}

const STEP: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('take', 'take', 'take', 'prune', 'report'),
  counter: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 300 })),
  fresh: fc.boolean(),
});

/** Resolves when a statement waits for another transaction. */
async function waits(): Promise<void> {
  const text = `select count(*)::integer as waiting from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'`;
  for (;;) {
    const { rows } = await database.adminPool.query<{ waiting: number }>(text);
    if (rows[0]!.waiting > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it('a counter is judged by the database as it is by the sidecar', async () => {
  const counters = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 30 });
  const cases = fc.sample(fc.record({ counters, judged: fc.integer({ min: 1, max: 200 }) }), 300);
  const windows = cases.map(({ counters: used }) => used.reduce(takeCounter, EMPTY_WINDOW));
  const mask = ({ upper, lower }: { upper: number; lower: number }) =>
    BigInt.asIntN(64, (BigInt(upper) << 32n) | BigInt(lower)).toString();
  const { rows } = await database.adminPool.query<{ verdict: string }>(
    `select judge_counter(high, seen, counter) as verdict
     from unnest($1::bigint[], $2::bigint[], $3::bigint[]) with ordinality u (high, seen, counter, at) order by at`,
    [windows.map(({ high }) => high), windows.map(mask), cases.map(({ judged }) => judged)],
  );
  expect(rows.map(({ verdict }) => verdict)).toEqual(
    cases.map(({ judged }, at) => judgeCounter(windows[at]!, judged)),
  );
});
