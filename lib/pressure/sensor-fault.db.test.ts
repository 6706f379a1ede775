import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import type { ReadDb } from '../../db/schema.ts';
import {
  createArea,
  createUtility,
  fitHousehold,
  steady,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor } from '../actor.ts';
import { getAreaPressure } from './area-pressure-queries.ts';
import { listExcursions } from './excursion-queries.ts';
import { listMeterPressures } from './meter-pressure-queries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const DAY = '2026-11-21';
const NOW = new Date('2026-11-23T09:00:00+09:00');
const FULL_SCALE = [32_767, -32_768];

function readFor<T>(
  utilityId: number,
  query: (db: ReadDb, actor: Actor) => Promise<T>,
): Promise<T> {
  const actor: Actor = { kind: 'staff', utilityId, accountId: 1, role: 'analyst', sessionId: 's' };
  return readAs(database.db, utilityId, (db) => query(db, actor));
}

/**
 * Four meters at 2,000 Pa: one with both full-scale values at 12:00 and 13:00, one with faults only, one without a
 * report.
 */
async function fourMeters() {
  const admin = database.adminPool;
  const utilityId = await createUtility(admin);
  const areaId = await createArea(admin, utilityId);
  const sound = await fitHousehold(admin, utilityId, { areaId });
  const faulty = await fitHousehold(admin, utilityId, { areaId });
  const broken = await fitHousehold(admin, utilityId, { areaId });
  await fitHousehold(admin, utilityId, { areaId });
  const twice = steady(2000).map((value, at) => FULL_SCALE[at - 11] ?? value);
  await storeDay(admin, utilityId, { ...sound, day: DAY, pressurePa: steady(2000) });
  await storeDay(admin, utilityId, { ...faulty, day: DAY, pressurePa: twice });
  await storeDay(admin, utilityId, { ...broken, day: DAY, pressurePa: steady(-32_768) });
  return { utilityId, areaId, sound, faulty, broken };
}

describe('a sensor fault', () => {
  test.each(['hour', 'day'] as const)('is in no band, average or limit by the %s', async (step) => {
    const { utilityId, areaId } = await fourMeters();
    const pressure = await readFor(utilityId, (db, actor) =>
      getAreaPressure(db, actor, { areaId, from: DAY, to: DAY, step, now: NOW }),
    );
    expect(pressure.points).toHaveLength(step === 'hour' ? 24 : 1);
    for (const point of pressure.points) {
      expect(point).toMatchObject({
        lowPa: 2000,
        averagePa: 2000,
        highPa: 2000,
        below: 0,
        above: 0,
      });
    }
    expect(pressure.summary).toEqual({
      lowPa: 2000,
      averagePa: 2000,
      highPa: 2000,
      values: 46,
      below: 0,
      above: 0,
      faults: 26,
    });
  });

  test('makes no meter one with a pressure: of four fitted two have one', async () => {
    const { utilityId, areaId } = await fourMeters();
    const { coverage } = await readFor(utilityId, (db, actor) =>
      getAreaPressure(db, actor, { areaId, from: DAY, to: DAY, now: NOW }),
    );
    expect(coverage).toEqual({ meters: 2, fittedMeters: 4, meterDays: 2, fittedMeterDays: 4 });
  });

  test('is listed as such among the hours outside the limits', async () => {
    const { utilityId, areaId, faulty } = await fourMeters();
    const { total, rows } = await readFor(utilityId, (db, actor) =>
      listExcursions(db, actor, {
        areaId,
        meterId: faulty.meterId,
        from: DAY,
        to: DAY,
        limit: 10,
        offset: 0,
        now: NOW,
      }),
    );
    expect(total).toBe(2);
    expect(rows.map(({ hourEnding, pressurePa, side }) => [hourEnding, pressurePa, side])).toEqual([
      [13, -32_768, 'fault'],
      [12, 32_767, 'fault'],
    ]);
  });

  test('is counted by meter, those with most first; one with faults only has no pressure', async () => {
    const { utilityId, areaId, sound, faulty, broken } = await fourMeters();
    const { rows: meters } = await readFor(utilityId, (db, actor) =>
      listMeterPressures(db, actor, { areaId, from: DAY, to: DAY, limit: 10, offset: 0, now: NOW }),
    );
    expect(
      meters.map(({ meterId, averagePa, values, faults }) => [meterId, averagePa, values, faults]),
    ).toEqual([
      [broken.meterId, null, 0, 24],
      [faulty.meterId, 2000, 22, 2],
      [sound.meterId, 2000, 24, 0],
    ]);
  });
});
