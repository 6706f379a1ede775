/** Sidecar processes that lock the same owner rows at the same time: they wait for each other without deadlock. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createUtility, fitHousehold } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import {
  claimTerminals,
  holdTerminals,
  keepProcess,
  type OwnedTerminal,
  releaseTerminals,
  type TerminalKey,
} from './owner-commands.ts';

const TERMINALS = 40;
const ROUNDS = 60;

let database: TestDatabase;
let terminals: TerminalKey[];
let pool: pg.Pool;
/** Connections whose plans prefer sequential scans. */
let otherPlans: pg.Pool;

beforeAll(async () => {
  database = await testDatabase();
  const utilityId = await createUtility(database.adminPool);
  terminals = [];
  for (let count = 0; count < TERMINALS; count += 1) {
    const { terminalId } = await fitHousehold(database.adminPool, utilityId);
    terminals.push({ utilityId, terminalId });
  }
  // A deadlock is found at once instead of after a second.
  const options = '-c deadlock_timeout=1ms';
  const connectionString = database.adminUrl;
  pool = new pg.Pool({ connectionString, options, max: 8 });
  const plans =
    '-c enable_nestloop=off -c enable_mergejoin=off -c enable_indexscan=off -c enable_bitmapscan=off';
  otherPlans = new pg.Pool({ connectionString, options: `${options} ${plans}` });
});
afterAll(async () => {
  await Promise.all([pool?.end(), otherPlans?.end()]);
  await database?.close();
});
beforeEach(() => database.adminPool.query('truncate terminal_owner, ingest_process'));

async function processOf(): Promise<string> {
  const processId = randomUUID();
  await keepProcess(pool, processId);
  return processId;
}

const silence = (ids: readonly string[]) =>
  database.adminPool.query(
    `update ingest_process set alive_at = now() - interval '2 minutes' where process_id = any ($1)`,
    [ids],
  );

const rowsOf = async (processId: string): Promise<number> => {
  const { rows } = await database.adminPool.query<{ count: number }>(
    'select count(*)::integer as count from terminal_owner where process_id = $1',
    [processId],
  );
  return rows[0]!.count;
};

function shuffled<T>(items: readonly T[], round: number): T[] {
  // A permutation per round: the step is coprime to the length.
  const step = [3, 7, 11, 13, 17, 19, 23][round % 7]!;
  return items.map((_, at) => items[(at * step + round) % items.length]!);
}

it('connections that end, are claimed and are checked in any order cause no deadlock', async () => {
  const [one, other] = [await processOf(), await processOf()];
  const claimed = async (processId: string, round: number): Promise<OwnedTerminal[]> => {
    const order = shuffled(terminals, round);
    const generations = await claimTerminals(pool, processId, order);
    return order.map((terminal, at) => ({ ...terminal, generation: generations[at]! }));
  };
  const faults: unknown[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const owned = await claimed(one, round);
    const dead = await processOf();
    await silence([dead]);
    const work = [
      releaseTerminals(pool, one, shuffled(owned, round + 1)),
      releaseTerminals(pool, one, shuffled(owned, round + 3).reverse()),
      claimed(other, round + 2),
      holdTerminals(pool, one, shuffled(owned, round + 4)),
      keepProcess(pool, one),
      keepProcess(pool, other),
    ];
    for (const end of await Promise.allSettled(work))
      if (end.status === 'rejected') faults.push(end.reason);
  }
  expect(faults).toEqual([]);
});

/** Claims all terminals for a process so that the rows lie in the reverse of the claiming order. */
async function ownInReverse(processId: string): Promise<OwnedTerminal[]> {
  const { rows } = await database.adminPool.query<{ terminal_id: number; generation: number }>(
    `insert into terminal_owner (utility_id, terminal_id, process_id, since)
     select utility_id, terminal_id, $1, now() from terminal order by terminal_id desc
     returning terminal_id, generation::integer`,
    [processId],
  );
  const utilityId = terminals[0]!.utilityId;
  return rows.map(({ terminal_id: terminalId, generation }) => ({
    ...{ utilityId, terminalId, generation },
  }));
}

/** Runs statements while a row in the middle is locked, until all wait; resolves with the outcome of each. */
async function meetInTheMiddle(work: () => Promise<unknown>[]): Promise<string[]> {
  const blocker = await database.adminPool.connect();
  try {
    await blocker.query('begin');
    await blocker.query('select from terminal_owner where terminal_id = $1 for update', [
      terminals[TERMINALS / 2]!.terminalId,
    ]);
    const running = Promise.allSettled(work());
    await untilWaiting(2);
    await blocker.query('commit');
    return (await running).map((end) => (end.status === 'rejected' ? String(end.reason) : 'done'));
  } finally {
    await blocker.query('rollback').catch(() => undefined);
    blocker.release();
  }
}

it('the rows of a killed process are removed in the claiming order', async () => {
  const [killed, living, next] = [await processOf(), await processOf(), await processOf()];
  await ownInReverse(killed);
  await silence([killed]);
  const ends = await meetInTheMiddle(() => [
    claimTerminals(pool, next, terminals),
    keepProcess(pool, living),
  ]);
  expect(ends).toEqual(['done', 'done']);
  expect(await rowsOf(next)).toBe(TERMINALS);
});

it('ended connections are released in the claiming order, with any plan', async () => {
  const [one, next] = [await processOf(), await processOf()];
  const owned = await ownInReverse(one);
  const ends = await meetInTheMiddle(() => [
    claimTerminals(pool, next, terminals),
    releaseTerminals(otherPlans, one, owned),
  ]);
  expect(ends).toEqual(['done', 'done']);
  expect(await rowsOf(next)).toBe(TERMINALS);
});

it('two processes that were paused for a minute do not remove each other', async () => {
  // In the order of the table: both reach the row of the first killed process.
  const [killed, one, other] = [await processOf(), await processOf(), await processOf()];
  await claimTerminals(pool, one, terminals.slice(0, 20));
  await claimTerminals(pool, killed, terminals.slice(20));
  await silence([one, other, killed]);
  const blocker = await database.adminPool.connect();
  try {
    // Both have renewed their rows and are removing when this lock is released.
    await blocker.query('begin');
    await blocker.query('select from terminal_owner where process_id = $1 for update', [killed]);
    await blocker.query('select from ingest_process where process_id = $1 for update', [killed]);
    const kept = Promise.all([keepProcess(pool, one), keepProcess(pool, other)]);
    const ends = kept.then(
      () => 'done',
      () => 'failed',
    );
    // They need not wait for it; if they do, both do.
    await Promise.race([ends, untilWaiting(2)]);
    await blocker.query('commit');
    // A process removed by the other one learns that, and enters its connections again.
    expect(await kept).toEqual([expect.any(Boolean), expect.any(Boolean)]);
  } finally {
    await blocker.query('rollback').catch(() => undefined);
    blocker.release();
  }
  // Locked rows are removed on the next call.
  await keepProcess(pool, one);
  expect(await rowsOf(killed)).toBe(0);
  expect(await keepProcess(pool, other)).toBe(true);
});

it('a terminal that connects while its dead process is being removed keeps its new owner', async () => {
  const [killed, living, next] = [await processOf(), await processOf(), await processOf()];
  await claimTerminals(pool, killed, terminals);
  await silence([killed]);
  const client = await pool.connect();
  try {
    await client.query('begin');
    const [first] = terminals;
    await claimTerminals(client as unknown as pg.Pool, next, [first!]);
    const kept = keepProcess(pool, living);
    await untilWaiting(1);
    await client.query('commit');
    expect(await kept).toBe(true);
  } finally {
    await client.query('rollback').catch(() => undefined);
    client.release();
  }
  expect([await rowsOf(next), await rowsOf(killed)]).toEqual([1, 0]);
});

it('a process that starts while another removes rows is entered afterwards and loses no row', async () => {
  const [killed, living] = [await processOf(), await processOf()];
  await claimTerminals(pool, killed, terminals.slice(1));
  await silence([killed]);
  const fresh = randomUUID();
  // Its connections exist already: it could not be entered before, because the database was away.
  const [generation] = await claimTerminals(pool, fresh, terminals.slice(0, 1));
  const blocker = await database.adminPool.connect();
  try {
    await blocker.query('begin');
    await blocker.query('select from terminal_owner where process_id = $1 for update', [killed]);
    const kept = keepProcess(pool, living);
    await untilWaiting(1);
    const held = keepProcess(pool, fresh).then(() =>
      holdTerminals(pool, fresh, [{ ...terminals[0]!, generation: generation! }]),
    );
    await untilWaiting(2);
    await blocker.query('commit');
    await kept;
    expect(await held).toEqual([]);
  } finally {
    await blocker.query('rollback').catch(() => undefined);
    blocker.release();
  }
  expect(await rowsOf(fresh)).toBe(1);
});

/** Resolves when `count` statements wait for locks of other transactions. @throws Error when they do not in time */
function untilWaiting(count: number): Promise<unknown> {
  const text = `select count(*)::integer as waiting from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'`;
  const waiting = async () =>
    (await database.adminPool.query<{ waiting: number }>(text)).rows[0]!.waiting;
  return vi.waitUntil(async () => (await waiting()) >= count, { timeout: 20_000, interval: 5 });
}
