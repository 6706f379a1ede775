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
import { getMeterReadings, listMeterRevisions } from './meter-reading-queries.ts';

let database: TestDatabase;
let utilityId: number;
let home: Household;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const DAY = '2026-11-21';
const NEXT = '2026-11-22';
const NOW = new Date('2026-11-23T09:00:00+09:00');
const BEYOND_L = 167_772_150;

/** Two days; on the first, hour 13 was received beyond the dial, and the sensor failed at 5:00. */
beforeEach(async () => {
  const admin = database.adminPool;
  utilityId = await createUtility(admin);
  home = await fitHousehold(admin, utilityId);
  await storeDay(admin, utilityId, {
    ...home,
    day: DAY,
    indexL: rising(1000, 10).map((value, at) => (at === 12 ? null : value)),
    pressurePa: steady(2000).map((value, at) => (at === 4 ? 32_767 : value)),
  });
  await storeDay(admin, utilityId, { ...home, day: NEXT, indexL: rising(1240, 10) });
  await noteFault(DAY, 13);
});

async function noteFault(day: string, hour: number) {
  await database.adminPool.query(
    `insert into reading_fault (utility_id, meter_id, day, hour_ending, index_l, terminal_id, received_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [utilityId, home.meterId, day, hour, BEYOND_L, home.terminalId, NOW],
  );
}

const actor = (): Actor => ({
  kind: 'staff',
  utilityId,
  accountId: 1,
  role: 'analyst',
  sessionId: 's',
});

function readings(step: 'hour' | 'day') {
  const input = { meterId: home.meterId, from: DAY, to: NEXT, step, now: NOW };
  return readAs(database.db, utilityId, (db) => getMeterReadings(db, actor(), input));
}

describe('values beyond their range', () => {
  test.each(['hour', 'day'] as const)('are listed by the %s and not used', async (step) => {
    const { days } = await readings(step);
    expect(days[0]).toMatchObject({
      missingHours: 1,
      lowPa: 2000,
      averagePa: 2000,
      highPa: 2000,
      faults: [
        { kind: 'pressure', hourEnding: 5, value: 32_767 },
        { kind: 'index', hourEnding: 13, value: BEYOND_L },
      ],
    });
    expect(days[1]).toMatchObject({ usageL: 240, faults: [] });
  });

  test('leave the same days and gaps as if the hour were missing', async () => {
    const withFault = await readings('hour');
    await database.adminPool.query('delete from reading_fault where utility_id = $1', [utilityId]);
    const missing = await readings('hour');
    const sums = ({ days, gaps }: typeof withFault) => ({
      gaps,
      days: days.map(({ faults: _, hours: __, ...day }) => day),
    });
    expect(sums(withFault)).toEqual(sums(missing));
  });

  test('are not listed when a valid value was received as well', async () => {
    await noteFault(NEXT, 7);
    const { days } = await readings('hour');
    expect(days[1]?.faults).toEqual([]);
  });

  test('are listed in the revision that corrected them', async () => {
    await database.adminPool.query(
      `insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id, counter,
         frame_check, received_at, arrival, superseded_at)
       select utility_id, meter_id, day, 0, 'completed', index_l, pressure_pa, terminal_id, counter, frame_check, received_at,
         arrival, $2 from series.meter_day where utility_id = $1 and day = $3`,
      [utilityId, NOW, DAY],
    );
    await database.adminPool.query(
      'update series.meter_day set index_l[13] = 1120, revision = 1 where utility_id = $1 and day = $2',
      [utilityId, DAY],
    );
    const input = { meterId: home.meterId, from: DAY, to: NEXT, now: NOW };
    const revisions = await readAs(database.db, utilityId, (db) =>
      listMeterRevisions(db, actor(), input),
    );
    expect(revisions[0]?.hours).toEqual([
      {
        hourEnding: 13,
        indexL: { before: null, after: 1120 },
        indexFaultL: BEYOND_L,
        pressurePa: null,
      },
    ]);
    expect((await readings('hour')).days[0]?.faults).toMatchObject([{ kind: 'pressure' }]);
  });
});
