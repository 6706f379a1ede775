import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAs } from './client.ts';
import type { Database } from './schema.ts';
import {
  createUtility,
  fitHousehold,
  type Household,
  rising,
  storeDay,
} from './testing/fixtures.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

let database: TestDatabase;
let db: Kysely<Database>;
let utilityId: number;
let home: Household;

beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId);
});

describe('hourly_reading', () => {
  it('gives 24 rows a day, each at the end of its hour in JST, the last of a leap day included', async () => {
    await storeDay(database.adminPool, utilityId, {
      ...home,
      day: '2024-02-29',
      indexL: rising(100, 1),
    });
    const rows = await readAs(db, utilityId, (read) =>
      read
        .selectFrom('hourly_reading')
        .select(['hour_ending', 'at', 'index_l', 'pressure_pa'])
        .where('day', '=', '2024-02-29')
        .orderBy('hour_ending')
        .execute(),
    );
    expect(rows).toHaveLength(24);
    expect(rows[0]).toEqual({
      ...{ hour_ending: 1, index_l: 100, pressure_pa: 2000 },
      at: new Date('2024-02-29T01:00:00+09:00'),
    });
    expect(rows[23]).toMatchObject({ hour_ending: 24, at: new Date('2024-03-01T00:00:00+09:00') });
  });

  it('shows a missing hour as null, not as zero', async () => {
    const indexL = rising(100, 1).map((value, at) => (at === 4 ? null : value));
    await storeDay(database.adminPool, utilityId, { ...home, day: '2024-03-01', indexL });
    const rows = await readAs(db, utilityId, (read) =>
      read.selectFrom('hourly_reading').select('index_l').where('hour_ending', '=', 5).execute(),
    );
    expect(rows).toEqual([{ index_l: null }]);
  });

  it('reads only the chunks of the requested days', async () => {
    for (const month of ['01', '03', '05', '07', '09', '11']) {
      await storeDay(database.adminPool, utilityId, { ...home, day: `2024-${month}-15` });
    }
    const plan = await readAs(db, utilityId, async (read) => {
      const { rows } = await sql<{ 'QUERY PLAN': string }>`
        explain select * from hourly_reading
        where meter_id = ${sql.lit(home.meterId)} and day between '2024-05-01' and '2024-05-20'`.execute(
        read as Kysely<Database>,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(new Set(plan.match(/_hyper_\d+_\d+_chunk/g))).toHaveProperty('size', 1);
  });

  it('finds the closings of a day with an index-only scan of the closing index', async () => {
    await storeDay(database.adminPool, utilityId, { ...home, day: '2024-05-31' });
    const plan = await readAs(db, utilityId, async (read) => {
      await sql`set local enable_seqscan = off`.execute(read as Kysely<Database>);
      const { rows } = await sql<{ 'QUERY PLAN': string }>`
        explain select meter_id, closing_hour, closing_index_l from meter_day where day = '2024-05-31'`.execute(
        read as Kysely<Database>,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toMatch(/Index Only Scan using \S*meter_day_closing/);
  });
});
