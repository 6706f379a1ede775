/** The database keeps the previous version whenever a day's values change, under every role. */
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createUtility,
  fitHousehold,
  type Household,
  rising,
  storeDay,
} from './testing/fixtures.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

const DAY = '2025-04-01';
const RECEIVED = new Date('2025-04-02T01:00:00+09:00');

let database: TestDatabase;
let admin: pg.Pool;
let utilityId: number;
let home: Household;

beforeAll(async () => {
  database = await testDatabase();
  admin = database.adminPool;
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(admin);
  home = await fitHousehold(admin, utilityId);
  const indexL = [...rising(1_000, 10).slice(0, 23), null];
  await storeDay(admin, utilityId, { ...home, day: DAY, indexL, receivedAt: RECEIVED });
});

/** Runs an update as the owner of the schema, without any restriction of rights. */
const change = (set: string, relation = 'series.meter_day') =>
  admin.query(`update ${relation} set ${set} where utility_id = $1`, [utilityId]);

async function versions(): Promise<Record<string, unknown>[]> {
  const { rows } = await admin.query(
    `select 'now' as change, revision, index_l[1] as first, index_l[24] as last, received_at, null::timestamptz as superseded_at
     from series.meter_day where utility_id = $1
     union all
     select change, revision, index_l[1], index_l[24], received_at, superseded_at
     from meter_day_revision where utility_id = $1 order by revision desc`,
    [utilityId],
  );
  return rows;
}

describe('a manual change', () => {
  it('of a value leaves the old version as a correction', async () => {
    const before = new Date();
    await change('index_l[1] = 1');
    const [now, old] = await versions();
    expect(now).toMatchObject({ change: 'now', revision: 1, first: 1 });
    expect(old).toMatchObject({
      change: 'corrected',
      revision: 0,
      first: 1_000,
      received_at: RECEIVED,
    });
    expect((old!.superseded_at as Date).getTime()).toBeGreaterThanOrEqual(before.getTime());
  });

  it('that fills a gap is a completion', async () => {
    await change('index_l[24] = 2000, closing_hour = 24, closing_index_l = 2000');
    expect(await versions()).toMatchObject([
      { revision: 1, last: 2_000 },
      { change: 'completed', last: null },
    ]);
  });

  it('that takes a value away is a correction', async () => {
    await change('pressure_pa[3] = null');
    expect(await versions()).toMatchObject([{ revision: 1 }, { change: 'corrected' }]);
  });

  it('of the closing alone is a correction, and its values stand in the version', async () => {
    await change('closing_hour = 3, closing_index_l = index_l[3]');
    expect(await versions()).toMatchObject([{ revision: 1 }, { change: 'corrected' }]);
  });

  it('in a chunk itself leaves the old version too', async () => {
    const { rows } = await admin.query<{ chunk: string }>(
      `select tableoid::regclass::text as chunk from series.meter_day where utility_id = $1`,
      [utilityId],
    );
    await change('index_l[1] = 1', rows[0]!.chunk);
    expect(await versions()).toMatchObject([{ revision: 1 }, { change: 'corrected' }]);
  });

  it('of many days leaves a version of each', async () => {
    await storeDay(admin, utilityId, { ...home, day: '2025-06-01', indexL: rising(5, 1) });
    await change('pressure_pa[1] = 1');
    const { rows } = await admin.query(
      'select day from meter_day_revision where utility_id = $1 order by day',
      [utilityId],
    );
    expect(rows).toEqual([{ day: DAY }, { day: '2025-06-01' }]);
  });

  it('dates the version by the report that replaced it, where there is one', async () => {
    const later = '2025-04-03T05:00:00+09:00';
    await change(`index_l[1] = 1, received_at = '${later}'`);
    expect((await versions())[1]).toMatchObject({ superseded_at: new Date(later) });
  });

  it('stands in the feed of changes', async () => {
    await change('index_l[1] = 1');
    const { rows } = await admin.query(
      'select what, meter_ids, days::text[] as days from day_change where utility_id = $1 and days is not null',
      [utilityId],
    );
    expect(rows).toEqual([
      { what: 'corrected', meter_ids: [expect.any(Number)], days: [expect.any(String)] },
    ]);
  });
});

describe('a change of what is not a value', () => {
  it('leaves no version', async () => {
    await change('counter = 7, frame_check = 7, arrival = 3');
    expect(await versions()).toMatchObject([{ revision: 0 }]);
  });

  it('does not increase the version', async () => {
    await change('revision = 9');
    expect(await versions()).toMatchObject([{ revision: 0 }]);
    await change('index_l[1] = 1, revision = 9');
    expect(await versions()).toMatchObject([{ revision: 1 }, { revision: 0 }]);
  });

  it.each(['meter_id = meter_id + 1', `day = day + 1`, 'utility_id = utility_id + 1'])(
    'does not move a day: %s',
    async (set) => {
      await expect(change(set)).rejects.toThrow('stays with its meter and its date');
    },
  );
});
