/** Closings over exchanged meters: the old meter's rest and the new meter's start make one usage line. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import {
  createSupplyPoint,
  createUtility,
  fitMeter,
  type MeterFixture,
  occupy,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { addMonths } from '../time.ts';
import { closingCalendar } from './closing-day.ts';
import { streamClosingRows } from './closing-queries.ts';
import type { ClosingRow } from './closing-row.ts';

let database: TestDatabase;
let utilityId: number;
let supplyPointId: number;
let customerNumber: string;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => openSupplyPoint('2020-01-01'));

async function openSupplyPoint(fromOn: string): Promise<void> {
  utilityId = await createUtility(database.adminPool);
  supplyPointId = await createSupplyPoint(database.adminPool, utilityId, { closingDay: 20 });
  ({ customerNumber } = await occupy(database.adminPool, utilityId, { supplyPointId, fromOn }));
}

const meter = (fitting: Omit<MeterFixture, 'supplyPointId'>) =>
  fitMeter(database.adminPool, utilityId, { supplyPointId, ...fitting });

/** Stores hours `first` to `last` with one register. */
function day(meterId: number, on: string, indexL: number, [first, last] = [1, 24]): Promise<void> {
  const hours = Array.from({ length: 24 }, (_, at) =>
    at + 1 >= first! && at < last! ? indexL : null,
  );
  return storeDay(database.adminPool, utilityId, {
    meterId,
    terminalId: 1,
    day: on,
    indexL: hours,
  });
}

async function closings(from: string, to = from): Promise<ClosingRow[]> {
  const period = { closingDay: 20, fromMonth: from, toMonth: to };
  const now = new Date('2026-01-01T00:00:00+09:00');
  const { closings } = closingCalendar(period, now);
  const selection = { closingDay: 20, closings, customerNumber, now };
  return readAs(database.db, utilityId, async (read) => {
    const rows: ClosingRow[] = [];
    const actor = { kind: 'system', utilityId, name: 'test' } as const;
    for await (const row of streamClosingRows(read, actor, selection)) rows.push(row);
    return rows;
  });
}

const AT = '2025-04-10T10:30:00+09:00';

test('both meters of an exchange are added, floors taken of each register', async () => {
  const old = await meter({ removedAt: AT, finalIndexL: 1_010_900 });
  const next = await meter({ fittedAt: AT, startIndexL: 100 });
  await day(old.meterId, '2025-03-20', 1_000_500);
  await day(next.meterId, '2025-04-20', 5_100);
  const [row] = await closings('2025-04');
  expect(row).toMatchObject({
    meterSerial: next.serial,
    indexL: 5_100,
    previousIndexL: 1_000_500,
    usageL: 15_400,
    usageM3: '15',
    remarks: ['exchanged'],
  });
});

test('three meters in one period are one usage line', async () => {
  const again = '2025-04-15T09:00:00+09:00';
  const old = await meter({ removedAt: AT, finalIndexL: 1_010_000 });
  await meter({ fittedAt: AT, removedAt: again, startIndexL: 50, finalIndexL: 2_050 });
  const last = await meter({ fittedAt: again, startIndexL: 0 });
  await day(old.meterId, '2025-03-20', 1_000_000);
  await day(last.meterId, '2025-04-20', 3_000);
  expect((await closings('2025-04'))[0]?.usageL).toBe(15_000);
});

test('the nearest hours of each meter are used when the final and the start index were not noted', async () => {
  const old = await meter({ removedAt: AT });
  const next = await meter({ fittedAt: AT });
  await day(old.meterId, '2025-03-20', 1_000_000);
  await day(old.meterId, '2025-04-10', 1_009_000, [1, 10]);
  await day(next.meterId, '2025-04-10', 700, [11, 24]);
  await day(next.meterId, '2025-04-20', 4_700);
  expect((await closings('2025-04'))[0]?.usageL).toBe(13_000);
});

test('hours of the old meter after its removal do not count', async () => {
  const old = await meter({ removedAt: AT });
  const next = await meter({ fittedAt: AT, startIndexL: 0 });
  await day(old.meterId, '2025-03-20', 1_000_000);
  await storeDay(database.adminPool, utilityId, {
    meterId: old.meterId,
    terminalId: 1,
    day: '2025-04-10',
    indexL: Array.from({ length: 24 }, (_, at) => (at < 10 ? 1_009_000 : 1_500_000)),
  });
  await day(next.meterId, '2025-04-20', 4_000);
  expect((await closings('2025-04'))[0]?.usageL).toBe(13_000);
});

test('a new meter that has not reported yet has the index noted when it was fitted', async () => {
  const old = await meter({ removedAt: AT, finalIndexL: 1_010_000 });
  await meter({ fittedAt: AT, startIndexL: 30 });
  await day(old.meterId, '2025-03-20', 1_000_000);
  expect(await closings('2025-04')).toMatchObject([
    {
      indexL: 30,
      readAt: AT,
      lagHours: 254,
      quality: 'substituted',
      usageL: 10_000,
      remarks: ['exchanged'],
    },
  ]);
});

test('a new meter without any index has no reading, and the following month adds up', async () => {
  const old = await meter({ removedAt: AT, finalIndexL: 1_010_000 });
  const next = await meter({ fittedAt: AT });
  await day(old.meterId, '2025-03-20', 1_000_000);
  await day(next.meterId, '2025-04-25', 2_000);
  await day(next.meterId, '2025-05-20', 9_000);
  const rows = await closings('2025-04', '2025-05');
  expect(rows.map(({ quality, usageL }) => [quality, usageL])).toEqual([
    ['none', null],
    ['actual', 17_000],
  ]);
});

test('a closing at which no meter is fitted has no reading, and the month after adds up', async () => {
  const old = await meter({ removedAt: AT, finalIndexL: 1_010_000 });
  const next = await meter({ fittedAt: '2025-04-30T09:00:00+09:00', startIndexL: 0 });
  await day(old.meterId, '2025-03-20', 1_000_000);
  await day(next.meterId, '2025-05-20', 9_000);
  const rows = await closings('2025-04', '2025-05');
  expect(rows.map(({ meterSerial, quality, usageL }) => [meterSerial, quality, usageL])).toEqual([
    [null, 'none', null],
    [next.serial, 'actual', 19_000],
  ]);
});

test('an exchange on the closing day at 24:00 counts the new meter from then on', async () => {
  const midnight = '2025-04-21T00:00:00+09:00';
  const old = await meter({ removedAt: midnight, finalIndexL: 1_010_000 });
  const next = await meter({ fittedAt: midnight, startIndexL: 0 });
  await day(old.meterId, '2025-03-20', 1_000_000);
  await day(old.meterId, '2025-04-20', 1_010_000);
  await day(next.meterId, '2025-05-20', 4_000);
  const rows = await closings('2025-04', '2025-05');
  expect(rows).toMatchObject([
    { meterSerial: next.serial, indexL: 0, lagHours: 0, quality: 'actual', usageL: 10_000 },
    { indexL: 4_000, usageL: 4_000 },
  ]);
});

test('the usage of an exchange is unknown when the old meter has no index after the last closing', async () => {
  const again = '2025-04-15T09:00:00+09:00';
  const old = await meter({ removedAt: AT, finalIndexL: 1_010_000 });
  await meter({ fittedAt: AT, removedAt: again });
  const last = await meter({ fittedAt: again, startIndexL: 0 });
  await day(old.meterId, '2025-03-20', 1_000_000);
  await day(last.meterId, '2025-04-20', 3_000);
  expect(await closings('2025-04')).toMatchObject([
    { indexL: 3_000, usageL: null, usageM3: null, remarks: ['exchanged', 'index-missing'] },
  ]);
});

test('the first meter of a new customer counts from the index noted when it was fitted', async () => {
  await openSupplyPoint('2025-04-05');
  const first = await meter({ fittedAt: '2025-04-05T14:00:00+09:00', startIndexL: 250 });
  await day(first.meterId, '2025-04-20', 8_250);
  expect(await closings('2025-04')).toMatchObject([
    { previousIndexL: 250, usageL: 8_000, remarks: ['started'] },
  ]);
});

test('a meter that was fitted elsewhere before does not bring its old readings', async () => {
  const elsewhere = await createSupplyPoint(database.adminPool, utilityId, { closingDay: 5 });
  const moved = await fitMeter(database.adminPool, utilityId, {
    supplyPointId: elsewhere,
    removedAt: AT,
    finalIndexL: 500_000,
  });
  await database.adminPool.query(
    `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at) values ($1, $2, $3, $4)`,
    [utilityId, moved.meterId, supplyPointId, '2025-04-12T00:00:00+09:00'],
  );
  await day(moved.meterId, '2025-04-09', 500_000);
  expect(await closings('2025-04')).toMatchObject([{ quality: 'none', indexL: null }]);
  await day(moved.meterId, '2025-04-18', 501_000);
  expect(await closings('2025-04')).toMatchObject([
    { quality: 'substituted', indexL: 501_000, usageL: null, remarks: ['no-previous'] },
  ]);
});

test('whatever hours are missing, the usages of a year add up to the difference of its registers', async () => {
  const months = Array.from({ length: 12 }, (_, at) => addMonths('2024-01', at));
  const reading = fc.record({
    month: fc.constantFrom(...months),
    dayOfMonth: fc.integer({ min: 1, max: 28 }),
    lastHour: fc.integer({ min: 1, max: 24 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(reading, {
        minLength: 1,
        maxLength: 14,
        selector: ({ month, dayOfMonth }) => `${month}${dayOfMonth}`,
      }),
      fc.integer({ min: 0, max: 60 }),
      async (readings, substituteMaxDays) => {
        await openSupplyPoint('2023-01-01');
        await database.adminPool.query(
          'update utility set closing_substitute_max_days = $2 where utility_id = $1',
          [utilityId, substituteMaxDays],
        );
        const { meterId } = await meter({ startIndexL: 0 });
        for (const { month, dayOfMonth, lastHour } of readings) {
          const on = `${month}-${String(dayOfMonth).padStart(2, '0')}`;
          const indexL = (Date.parse(on) - Date.parse('2020-01-01')) / 3_600_000 + lastHour;
          await day(meterId, on, indexL, [1, lastHour]);
        }
        const rows = await closings('2024-01', '2024-12');
        const last = rows.findLast(({ indexL }) => indexL !== null);
        const total = rows.reduce((sum, { usageL }) => sum + (usageL ?? 0), 0);
        expect(total).toBe(last?.indexL ?? 0);
      },
    ),
    { numRuns: 25 },
  );
});
