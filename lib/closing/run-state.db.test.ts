import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { RUN_STATES, RUN_TRANSITIONS, type RunState } from './run-state.ts';

let database: TestDatabase;
let utilityId: number;

beforeAll(async () => {
  database = await testDatabase();
  utilityId = await createUtility(database.adminPool);
});
afterAll(() => database.close());

/** Columns that a run has in a state. */
const columnsOf = (state: RunState) => {
  const at = RUN_STATES.indexOf(state);
  return {
    state,
    ...{ row_count: at < 1 ? null : 1, counts: at < 1 ? null : '{}' },
    checksum: at < 1 ? null : Buffer.alloc(32),
    ...{ issued_by: at < 2 ? null : 'system:test', issued_at: at < 2 ? null : '2026-10-21' },
    superseded_at: at < 3 ? null : '2026-10-22',
  };
};

let day = 0;

async function runIn(state: RunState): Promise<number> {
  const columns = columnsOf(state);
  day += 1;
  const { rows } = await database.adminPool.query<{ run_id: number }>(
    `insert into closing_run (utility_id, closing_day, closes_on, previous_on, rules, made_by, made_at, ${Object.keys(columns)})
     values ($8, 20, date '2026-10-20' + $9::integer, '2026-09-20', 1, 'system:test', now(), $1, $2, $3, $4, $5, $6, $7)
     returning run_id`,
    [...Object.values(columns), utilityId, day],
  );
  return rows[0]!.run_id;
}

/** In a transaction of the utility, at whose end the audit is written. */
async function move(runId: number, columns: Record<string, unknown>): Promise<void> {
  const client = await database.adminPool.connect();
  try {
    await client.query('begin');
    await client.query('select serve_utility($1)', [utilityId]);
    await client.query(
      `update closing_run set ${Object.keys(columns).map((name, at) => `${name} = $${at + 2}`)} where run_id = $1`,
      [runId, ...Object.values(columns)],
    );
    await client.query('commit');
  } finally {
    await client.query('rollback');
    client.release();
  }
}

describe('the states of a run in the database', () => {
  const changes = RUN_STATES.flatMap((from) => RUN_STATES.map((to) => ({ from, to })));

  it.each(changes)('agree with the table: from $from to $to', async ({ from, to }) => {
    const moved = move(await runIn(from), columnsOf(to));
    if (RUN_TRANSITIONS[from].includes(to)) await moved;
    else await expect(moved).rejects.toThrow(`does not go from ${from} to ${to}`);
  });

  it.each([
    ['checked', 'issued', { closes_on: '2026-12-20' }],
    ['checked', 'issued', { checksum: Buffer.alloc(32, 1) }],
    ['issued', 'superseded', { row_count: 7 }],
  ] as const)('leave a %s run what it was made of when it is %s', async (from, to, change) => {
    const moved = move(await runIn(from), { ...columnsOf(to), ...change });
    await expect(moved).rejects.toThrow('stays what it was made of');
  });

  it.each(['closing_run_row', 'closing_run_figure', 'closing_run_file', 'closing_run'])(
    'go with rows of %s that nobody removes',
    async (table) => {
      await expect(database.adminPool.query(`delete from ${table}`)).rejects.toThrow(
        'never changed',
      );
    },
  );
});
