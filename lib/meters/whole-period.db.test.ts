import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import {
  createUtility,
  fitHousehold,
  type Household,
  rising,
  steady,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor } from '../actor.ts';
import { addDays } from '../time.ts';
import { getMeterReadings } from './meter-reading-queries.ts';

let database: TestDatabase;
let utilityId: number;
let home: Household;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const FROM = '2026-11-19';
const TO = '2026-11-21';
const NOW = new Date('2026-11-23T09:00:00+09:00');
const RESOLUTIONS = ['hour', 'day'] as const;

/** Five whole days, from the day before the period to the day after it. */
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId);
  for (let at = 0; at < 5; at += 1) {
    await storeDay(database.adminPool, utilityId, {
      ...home,
      day: addDays(FROM, at - 1),
      indexL: rising(240 * at, 10),
    });
  }
});

/** Readings of the period, and the number of statements they took. */
async function readings(step: 'hour' | 'day') {
  let statements = 0;
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const actor: Actor = { kind: 'staff', utilityId, accountId: 1, role: 'analyst', sessionId: 's' };
  const input = { meterId: home.meterId, from: FROM, to: TO, step, now: NOW };
  const { days } = await readAs(database.db.withPlugin(counter), utilityId, (db) => {
    statements = 0;
    return getMeterReadings(db, actor, input);
  });
  return { days, statements };
}

async function change(assignment: string, day: string) {
  await database.adminPool.query(
    `update series.meter_day set ${assignment} where utility_id = $1 and day = $2`,
    [utilityId, day],
  );
}

describe.each(RESOLUTIONS)('by the %s', (step) => {
  test('a period with all its registers takes two statements: the meters and their days', async () => {
    const { days, statements } = await readings(step);
    expect(days.map(({ usageL, gap }) => [usageL, gap])).toEqual(days.map(() => [240, null]));
    expect(statements).toBe(2);
  });

  test('a missing register is the only reason to read its causes', async () => {
    await change('index_l[13] = null', FROM);
    const { days, statements } = await readings(step);
    expect(days[0]).toMatchObject({ missingHours: 1 });
    // Among them the edits of the days.
    expect(statements).toBe(6);
  });

  test('a day whose sensor failed all the time has its faults and no pressure', async () => {
    await change("pressure_pa = array_fill(32767::smallint, '{24}')", TO);
    await change('pressure_pa[2] = -32768', FROM);
    await change('pressure_pa[3] = null', FROM);
    const { days, statements } = await readings(step);
    const at = (hourEnding: number, value: number) => ({ kind: 'pressure', hourEnding, value });
    const sound = { lowPa: 2000, averagePa: 2000, highPa: 2000 };
    expect(days).toMatchObject([
      { ...sound, faults: [at(2, -32_768)] },
      { ...sound, faults: [] },
      {
        lowPa: null,
        averagePa: null,
        highPa: null,
        faults: steady(32_767).map((value, k) => at(k + 1, value)),
      },
    ]);
    expect(statements).toBe(2);
  });
});
