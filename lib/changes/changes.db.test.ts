import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { createUtility, fitHousehold, type Household } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { moveReader, pruneChanges, readNextChanges } from './change-commands.ts';
import {
  type Change,
  type ChangePosition,
  findPosition,
  listChanges,
  listUnreadChanges,
} from './change-queries.ts';

let database: TestDatabase;
let utilityId: number;
let home: Household;
/** Position of the feed after the fixtures. */
let begin: ChangePosition;

const START: ChangePosition = { transactionId: '0', changeId: 0 };

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId);
  begin = (await unread(START)).at(-1)!.position;
});

const asWorker = <T>(fn: Parameters<typeof transactAs<T>>[2]) =>
  transactAs(database.workerDb, utilityId, fn);
const unread = (after: ChangePosition) =>
  asWorker((tx) => listUnreadChanges(tx, utilityId, { after, limit: 1000 }));

/** Changes to compare: without positions and without members that are null or empty. */
async function listedChanges(): Promise<Partial<Change>[]> {
  return (await unread(begin)).map(({ position: _, ...change }) =>
    Object.fromEntries(
      Object.entries(change).filter(([, value]) => value !== null && String(value) !== ''),
    ),
  );
}

let counter = 0;
/** A terminal's next counter, higher than those before. */
function nextCounter(): number {
  counter += 1;
  return counter;
}

/** Stores days as the sidecar does; each as [day, arrival, first register]. */
async function store(...days: [day: string, arrival?: number, index?: number][]): Promise<void> {
  const reports = days.map(([day, arrival = 1, index = 1000]) => ({
    ...{ meter_id: home.meterId, terminal_id: home.terminalId, day, arrival, frame_check: 1 },
    ...{
      index_l: Array.from({ length: 24 }, (_, at) => index + at),
      counter: nextCounter(),
    },
    pressure_pa: Array.from({ length: 24 }, () => 2000),
    ...{ closing_index_l: index + 23, closing_hour: 24 },
  }));
  await database.ingestPool.query(
    `select store_day_reports($1, (select array_agg(r) from jsonb_populate_recordset(null::day_report_row, $2) r), '{}', now())`,
    [utilityId, JSON.stringify(reports)],
  );
}

describe('stored days are in the feed', () => {
  it('as new days by arrival, a batch in one row each', async () => {
    await store(
      ['2025-02-03'],
      ['2025-02-04', 2],
      ['2025-02-05'],
      ['2025-02-06', 3],
      ['2025-02-07', 4],
    );
    const changes = await listedChanges();
    expect(changes).toHaveLength(4);
    const { meterId } = home;
    expect(changes).toEqual(
      expect.arrayContaining([
        { what: 'on-time', meterIds: [meterId, meterId], days: ['2025-02-03', '2025-02-05'] },
        { what: 'late', meterIds: [meterId], days: ['2025-02-04'] },
        { what: 'back-fill', meterIds: [meterId], days: ['2025-02-06'] },
        { what: 'requested', meterIds: [meterId], days: ['2025-02-07'] },
      ]),
    );
  });

  it('of a batch with known days as the new ones only; the same again is no change', async () => {
    await store(['2025-02-03']);
    await store(['2025-02-03'], ['2025-02-04', 2]);
    await store(['2025-02-03'], ['2025-02-04']);
    expect((await listedChanges()).map(({ what, days }) => [what, days])).toEqual([
      ['on-time', ['2025-02-03']],
      ['late', ['2025-02-04']],
    ]);
  });

  it('as completed and corrected days, also after a manual change', async () => {
    await store(['2025-02-03']);
    await store(['2025-02-03', 1, 2000]);
    await database.adminPool.query(
      `update series.meter_day set index_l[1] = null where utility_id = $1`,
      [utilityId],
    );
    await store(['2025-02-03', 1, 2000]);
    expect((await listedChanges()).map(({ what }) => what)).toEqual([
      ...['on-time', 'corrected', 'corrected', 'completed'],
    ]);
  });
});

/** Reads on for a reader until `until` is satisfied or the time is over. */
async function readOn(reader: string, until: (read: Change[]) => boolean): Promise<Change[]> {
  const read: Change[] = [];
  const deadline = Date.now() + 20_000;
  while (!until(read)) {
    // Transactions of other suites on this server hold the feed back while they run.
    if (Date.now() > deadline) throw new Error(`only ${read.length} changes came`);
    const next = await asWorker(async (tx) => {
      const changes = await readNextChanges(tx, utilityId, { reader, limit: 3 });
      const last = changes.at(-1);
      if (last) await moveReader(tx, utilityId, { reader, position: last.position });
      return changes;
    });
    read.push(...next);
    if (next.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return read;
}

const declare = (reader: string) =>
  database.adminPool.query('insert into change_reader values ($1) on conflict do nothing', [
    reader,
  ]);
const daysOf = (changes: Change[]) => changes.flatMap(({ days }) => days ?? []);

describe('a reader', () => {
  it('does not pass a running transaction, and reads it when it has ended', async () => {
    await declare('first-reader');
    const slow = await database.adminPool.connect();
    try {
      await slow.query('begin');
      await slow.query('select pg_current_xact_id()');
      await store(['2025-02-04']);
      const after = begin;
      const committed = () => asWorker((tx) => listChanges(tx, utilityId, { after, limit: 10 }));
      expect(await committed()).toEqual([]);
      expect(daysOf(await unread(after))).toEqual(['2025-02-04']);
      await slow.query(
        `insert into day_change (utility_id, what, meter_ids, days) values ($1, 'on-time', '{1}', '{2025-02-03}')`,
        [utilityId],
      );
      await slow.query('commit');
      const read = await readOn('first-reader', (all) => daysOf(all).length === 2);
      expect(daysOf(read)).toEqual(['2025-02-03', '2025-02-04']);
    } finally {
      await slow.query('rollback');
      slow.release();
    }
  });

  it('reads each change once, in any order of concurrent commits', async () => {
    await declare('busy-reader');
    const days = Array.from({ length: 60 }, (_, at) => `20${String(30 + at)}-01-01`);
    const writers = [0, 1, 2, 3].map(async (writer) => {
      const client = await database.adminPool.connect();
      try {
        for (let at = writer; at < days.length; at += 4) {
          await client.query('begin');
          await client.query(
            `insert into day_change (utility_id, what, meter_ids, days) values ($1, 'on-time', '{1}', array[$2::date])`,
            [utilityId, days[at]],
          );
          await client.query('select pg_sleep($1)', [randomInt(0, 15) / 1000]);
          await client.query('commit');
        }
      } finally {
        client.release();
      }
    });
    const read = await readOn('busy-reader', (all) => daysOf(all).length >= days.length);
    await Promise.all(writers);
    expect(daysOf(read).sort()).toEqual(days);
  });

  it('waits for another transaction of the same reader, and continues after what that one read', async () => {
    await declare('shared-reader');
    await store(['2025-02-03']);
    const read = (tx: Parameters<typeof readNextChanges>[0]) =>
      readNextChanges(tx, utilityId, { reader: 'shared-reader', limit: 1000 });
    // Until transactions of other suites that began before have ended.
    const deadline = Date.now() + 20_000;
    while (!daysOf(await asWorker(read)).includes('2025-02-03') && Date.now() < deadline);
    let second: Promise<Change[]> | undefined;
    await asWorker(async (tx) => {
      const changes = await read(tx);
      second = asWorker(read);
      await waiting();
      await moveReader(tx, utilityId, {
        reader: 'shared-reader',
        position: changes.at(-1)!.position,
      });
    });
    expect(daysOf(await second!)).toEqual([]);
  });

  /** Resolves when a transaction of this database waits for another. */
  async function waiting(): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const { rowCount } = await database.adminPool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (rowCount) return;
      if (Date.now() > deadline) throw new Error('nothing waits');
    }
  }
});

describe('a position of another server, as in a restored database', () => {
  it('is ignored: its reader starts from the beginning, and nothing unread is removed', async () => {
    await database.adminPool.query('delete from change_position');
    await database.adminPool.query('delete from change_reader');
    await declare('restored');
    await database.adminPool.query(
      `insert into change_position values ($1, 'restored', '1099511627776', 1)`,
      [utilityId],
    );
    await store(['2025-02-03']);
    const all = (await unread(START)).length;
    expect(await asWorker((tx) => findPosition(tx, utilityId, 'restored'))).toEqual(START);
    expect(await asWorker((tx) => pruneChanges(tx, utilityId))).toBe(0);
    const read = await readOn('restored', (changes) => changes.length === all);
    expect(daysOf(read)).toEqual(['2025-02-03']);
  });

  it('is ignored also after this server has counted past it', async () => {
    await declare('passed');
    await database.adminPool.query('delete from day_change where utility_id = $1', [utilityId]);
    const { rows } = await database.adminPool.query<{ ahead: string }>(
      'select (pg_current_xact_id()::text::bigint + 1000)::text as ahead',
    );
    await database.adminPool.query(`insert into change_position values ($1, 'passed', $2, 1)`, [
      utilityId,
      rows[0]?.ahead,
    ]);
    // The worker runs after the restore, before there is a change to read.
    await asWorker((tx) => readNextChanges(tx, utilityId, { reader: 'passed', limit: 10 }));
    await store(['2025-02-03']);
    await database.adminPool.query(
      `do $$ begin for i in 1..1200 loop perform pg_current_xact_id(); commit; end loop; end $$`,
    );
    const read = await readOn('passed', (changes) => changes.length > 0);
    expect(daysOf(read)).toEqual(['2025-02-03']);
  });
});

describe('changes that all readers have processed', () => {
  const left = async () => (await unread(START)).length;
  const prune = () => asWorker((tx) => pruneChanges(tx, utilityId));

  it('are removed up to the slowest reader of the cloud', async () => {
    await database.adminPool.query('delete from change_position');
    await database.adminPool.query('delete from change_reader');
    await declare('quick');
    await declare('slow');
    await store(['2025-02-03']);
    await store(['2025-02-04']);
    const all = await left();
    await readOn('quick', (read) => read.length === all);
    // The slow reader has not begun here.
    expect(await prune()).toBe(0);
    const [first] = await unread(START);
    await asWorker(async (tx) => {
      await readNextChanges(tx, utilityId, { reader: 'slow', limit: 1 });
      await moveReader(tx, utilityId, { reader: 'slow', position: first!.position });
    });
    expect(await prune()).toBe(1);
    await readOn('slow', (read) => read.length === all - 1);
    expect(await prune()).toBe(all - 1);
    expect(await left()).toBe(0);
  });

  it('are removed without any reader, except what a running transaction can precede', async () => {
    await database.adminPool.query('delete from change_position');
    await database.adminPool.query('delete from change_reader');
    await store(['2025-02-03']);
    const deadline = Date.now() + 20_000;
    while ((await left()) > 0 && Date.now() < deadline) await prune();
    expect(await left()).toBe(0);
  });
});
