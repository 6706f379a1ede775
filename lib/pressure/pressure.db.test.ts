import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import type { ReadDb } from '../../db/schema.ts';
import {
  createArea,
  createUtility,
  fitHousehold,
  fitMeter,
  rising,
  steady,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor } from '../actor.ts';
import { listAreas } from '../register/area-queries.ts';
import { getAreaPressure } from './area-pressure-queries.ts';
import { listExcursions } from './excursion-queries.ts';
import { listMeterPressures } from './meter-pressure-queries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const NOW = new Date('2026-11-23T09:00:00+09:00');

function analyst(utilityId: number): Actor {
  return { kind: 'staff', utilityId, accountId: 1, role: 'analyst', sessionId: 's' };
}

function readFor<T>(
  utilityId: number,
  query: (db: ReadDb, actor: Actor) => Promise<T>,
): Promise<T> {
  return readAs(database.db, utilityId, (db) => query(db, analyst(utilityId)));
}

function pressures(usual: number, others: Record<number, number | null> = {}) {
  return steady<number | null>(usual).map(
    (value, at) => others[at + 1] ?? (at + 1 in others ? null : value),
  );
}

/**
 * City gas, 1,000–2,500 Pa: household one steady at 2,000; household two at 2,200, 900 at 7:00, 2,600 at 1:00, no 3:00.
 */
async function twoHomes() {
  const admin = database.adminPool;
  const utilityId = await createUtility(admin);
  const areaId = await createArea(admin, utilityId, { name: '港町' });
  const one = await fitHousehold(admin, utilityId, { areaId });
  const two = await fitHousehold(admin, utilityId, { areaId });
  await storeDay(admin, utilityId, { ...one, day: '2026-11-22', pressurePa: pressures(2000) });
  await storeDay(admin, utilityId, {
    ...two,
    day: '2026-11-21',
    indexL: rising(77, 1),
    pressurePa: pressures(2200),
  });
  await storeDay(admin, utilityId, {
    ...two,
    day: '2026-11-22',
    indexL: steady(100).map((value, at) => (at < 6 ? value : value + 40)),
    pressurePa: pressures(2200, { 1: 2600, 3: null, 7: 900 }),
  });
  return { utilityId, areaId, one, two };
}

describe('the band of an area', () => {
  test('contains by the hour the least, average and greatest of the meters, and hours outside', async () => {
    const { utilityId, areaId } = await twoHomes();
    const pressure = await readFor(utilityId, (db, actor) =>
      getAreaPressure(db, actor, { areaId, from: '2026-11-22', now: NOW }),
    );
    expect(pressure).toMatchObject({
      area: { name: '港町', limits: { lowPa: 1000, highPa: 2500 } },
      period: { from: '2026-11-22', to: '2026-11-22', step: 'hour' },
      coverage: { meters: 2, fittedMeters: 2, meterDays: 2, fittedMeterDays: 2 },
    });
    expect(pressure.points).toHaveLength(24);
    const hour = { day: '2026-11-22', values: 2, below: 0, above: 0 };
    expect(pressure.points.slice(0, 3)).toEqual([
      { ...hour, hourEnding: 1, lowPa: 2000, averagePa: 2300, highPa: 2600, above: 1 },
      { ...hour, hourEnding: 2, lowPa: 2000, averagePa: 2100, highPa: 2200 },
      { ...hour, hourEnding: 3, lowPa: 2000, averagePa: 2000, highPa: 2000, values: 1 },
    ]);
    expect(pressure.points[6]).toMatchObject({ hourEnding: 7, lowPa: 900, below: 1 });
    expect(pressure.summary).toMatchObject({
      lowPa: 900,
      highPa: 2600,
      values: 47,
      below: 1,
      above: 1,
    });
  });

  test('has by the day one value per day, and none for a day without readings', async () => {
    const { utilityId, areaId } = await twoHomes();
    const { points } = await readFor(utilityId, (db, actor) =>
      getAreaPressure(db, actor, { areaId, from: '2026-11-20', step: 'day', now: NOW }),
    );
    expect(points).toEqual([
      {
        day: '2026-11-21',
        hourEnding: null,
        lowPa: 2200,
        averagePa: 2200,
        highPa: 2200,
        values: 24,
        below: 0,
        above: 0,
      },
      {
        day: '2026-11-22',
        hourEnding: null,
        lowPa: 900,
        averagePa: 2079,
        highPa: 2600,
        values: 47,
        below: 1,
        above: 1,
      },
    ]);
  });

  test('includes the areas below it, judged by its own limits', async () => {
    const { utilityId, areaId } = await twoHomes();
    const admin = database.adminPool;
    const above = await createArea(admin, utilityId, { pressureMinPa: 500, pressureMaxPa: 3000 });
    await admin.query(
      'update area set parent_area_id = $3 where utility_id = $1 and area_id = $2',
      [utilityId, areaId, above],
    );
    const pressure = await readFor(utilityId, (db, actor) =>
      getAreaPressure(db, actor, { areaId: above, now: NOW }),
    );
    expect(pressure.summary).toMatchObject({ values: 71, below: 0, above: 0 });
  });

  test('includes a meter only for the days on which it was fitted in the area', async () => {
    const admin = database.adminPool;
    const utilityId = await createUtility(admin);
    const areaId = await createArea(admin, utilityId);
    const home = await fitHousehold(admin, utilityId, { areaId });
    const at = '2026-11-21T13:30:00+09:00';
    await admin.query(
      'update meter_fitting set removed_at = $3 where utility_id = $1 and meter_id = $2',
      [utilityId, home.meterId, at],
    );
    const { meterId } = await fitMeter(admin, utilityId, {
      supplyPointId: home.supplyPointId,
      fittedAt: at,
    });
    for (const day of ['2026-11-20', '2026-11-21', '2026-11-22']) {
      await storeDay(admin, utilityId, { ...home, day, pressurePa: pressures(2000) });
      await storeDay(admin, utilityId, { ...home, meterId, day, pressurePa: pressures(2400) });
    }
    const { points } = await readFor(utilityId, (db, actor) =>
      getAreaPressure(db, actor, { areaId, from: '2026-11-20', step: 'day', now: NOW }),
    );
    expect(points.map(({ lowPa, highPa }) => [lowPa, highPa])).toEqual([
      [2000, 2000],
      [2000, 2400],
      [2400, 2400],
    ]);
  });

  test('is empty for an area without a meter', async () => {
    const utilityId = await createUtility(database.adminPool);
    const areaId = await createArea(database.adminPool, utilityId);
    const pressure = await readFor(utilityId, (db, actor) =>
      getAreaPressure(db, actor, { areaId, now: NOW }),
    );
    expect(pressure).toMatchObject({
      coverage: { meters: 0, fittedMeters: 0 },
      points: [],
      summary: { lowPa: null },
    });
  });
});

describe('the hours outside the limits', () => {
  test('have the usage of their hour, over midnight too', async () => {
    const { utilityId, areaId, two } = await twoHomes();
    const { total, rows } = await readFor(utilityId, (db, actor) =>
      listExcursions(db, actor, { areaId, limit: 10, offset: 0, now: NOW }),
    );
    const hour = {
      meterId: two.meterId,
      meterSerial: two.serial,
      customerNumber: two.customerNumber,
      day: '2026-11-22',
    };
    expect(total).toBe(2);
    expect(rows).toEqual([
      { ...hour, hourEnding: 7, pressurePa: 900, side: 'low', usageL: 40, flow: 'flowing' },
      { ...hour, hourEnding: 1, pressurePa: 2600, side: 'high', usageL: 0, flow: 'still' },
    ]);
  });

  test('can be read for one meter, page by page', async () => {
    const { utilityId, areaId, one, two } = await twoHomes();
    const of = (meterId: number, offset = 0) =>
      readFor(utilityId, (db, actor) =>
        listExcursions(db, actor, { areaId, meterId, limit: 1, offset, now: NOW }),
      );
    expect(await of(one.meterId)).toEqual({ total: 0, rows: [] });
    expect(await of(two.meterId, 1)).toMatchObject({ total: 2, rows: [{ hourEnding: 1 }] });
  });
});

test('the meters of an area: those outside the limits first, each with customer and terminal', async () => {
  const { utilityId, areaId, one, two } = await twoHomes();
  const { total, rows } = await readFor(utilityId, (db, actor) =>
    listMeterPressures(db, actor, { areaId, limit: 10, offset: 0, now: NOW }),
  );
  expect(total).toBe(2);
  expect(rows).toMatchObject([
    {
      meterId: two.meterId,
      customerNumber: two.customerNumber,
      terminalNumber: two.terminalNumber,
      lowPa: 900,
      highPa: 2600,
      values: 47,
      below: 1,
      above: 1,
    },
    { meterId: one.meterId, lowPa: 2000, averagePa: 2000, values: 24, below: 0, above: 0 },
  ]);
});

test.each([
  ['outside', 'desc', 'two'],
  ['outside', 'asc', 'one'],
  ['lowPa', 'asc', 'two'],
  ['lowPa', 'desc', 'one'],
  ['highPa', 'desc', 'two'],
  ['highPa', 'asc', 'one'],
  ['lowPa', undefined, 'two'],
] as const)(
  'the meters by %s, %s, begin with home %s, and go on over pages',
  async (sort, order, first) => {
    const { utilityId, areaId, ...homes } = await twoHomes();
    const page = async (offset: number) => {
      const { total, rows } = await readFor(utilityId, (db, actor) =>
        listMeterPressures(db, actor, { areaId, sort, order, limit: 1, offset, now: NOW }),
      );
      expect(total).toBe(2);
      return rows.map(({ meterId }) => meterId);
    };
    const second = first === 'two' ? 'one' : 'two';
    expect([...(await page(0)), ...(await page(1))]).toEqual([
      homes[first].meterId,
      homes[second].meterId,
    ]);
  },
);

describe('the right to read pressures', () => {
  const verbs = [getAreaPressure, listMeterPressures, listExcursions];

  test('is missing for billing staff', async () => {
    const { utilityId, areaId } = await twoHomes();
    const billing = { ...analyst(utilityId), role: 'billing' } as Actor;
    for (const verb of verbs) {
      await expect(
        readAs<unknown>(database.db, utilityId, (db) =>
          verb(db, billing, { areaId, limit: 1, offset: 0, now: NOW }),
        ),
      ).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test('is not needed for the names of areas, which the list of meters has', async () => {
    const { utilityId, areaId } = await twoHomes();
    const billing = { ...analyst(utilityId), role: 'billing' } as Actor;
    const areas = await readAs(database.db, utilityId, (db) => listAreas(db, billing));
    expect(areas.map((area) => area.areaId)).toContain(areaId);
  });

  test("does not include another utility's area", async () => {
    const { areaId } = await twoHomes();
    const stranger = await createUtility(database.adminPool);
    for (const verb of verbs) {
      await expect(
        readFor<unknown>(stranger, (db, actor) =>
          verb(db, actor, { areaId, limit: 1, offset: 0, now: NOW }),
        ),
      ).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await readFor(stranger, listAreas)).toEqual([]);
  });
});
