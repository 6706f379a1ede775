import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import {
  createTariff,
  createUtility,
  fitHousehold,
  type Household,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { closingCalendar } from './closing-day.ts';
import { streamClosingRows } from './closing-queries.ts';
import type { ClosingRow } from './closing-row.ts';

const NOW = new Date('2026-01-01T00:00:00+09:00');

const AFTER_MIDNIGHT = new Date('2025-04-21T00:30:00+09:00');
/** When the report of 20 April is due from a terminal with the usual window. */
const DUE = '2025-04-21T05:00:00+09:00';

let database: TestDatabase;
let utilityId: number;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
});

interface Input {
  closingDay?: number;
  from: string;
  to?: string;
  now?: Date;
}

async function closingsOf(input: Input): Promise<ClosingRow[]> {
  const closingDay = input.closingDay ?? 20;
  const period = { closingDay, fromMonth: input.from, toMonth: input.to ?? input.from };
  const { now = NOW } = input;
  const { closings } = closingCalendar(period, now);
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  return readAs(database.db, utilityId, async (read) => {
    const rows: ClosingRow[] = [];
    const selection = { closingDay, closings, now };
    for await (const row of streamClosingRows(read, actor, selection, 3)) rows.push(row);
    return rows;
  });
}

/** Stores a day with the register at `indexL` from hour 1 to `lastHour`; later hours are missing. */
function day(home: Household, on: string, indexL: number, lastHour = 24): Promise<void> {
  const hours = Array.from({ length: 24 }, (_, at) => (at < lastHour ? indexL : null));
  return storeDay(database.adminPool, utilityId, { ...home, day: on, indexL: hours });
}

const household = (supplyPoint: Parameters<typeof fitHousehold>[2] = {}) =>
  fitHousehold(database.adminPool, utilityId, { closingDay: 20, ...supplyPoint });

const setting = (days: number) =>
  database.adminPool.query(
    'update utility set closing_substitute_max_days = $2 where utility_id = $1',
    [utilityId, days],
  );

describe('the reading of a closing', () => {
  test('is the register at 24:00 of the closing day, and usage counts from the closing before', async () => {
    const home = await household();
    await day(home, '2025-03-20', 1_000_500);
    await day(home, '2025-04-20', 1_021_400);
    await day(home, '2025-04-21', 1_022_000);
    expect(await closingsOf({ from: '2025-04' })).toEqual([
      {
        customerNumber: home.customerNumber,
        supplyPointId: home.supplyPointId,
        supplyPointNumber: expect.any(String),
        occupancyId: home.occupancyId,
        kind: 'regular',
        areaName: expect.any(String),
        terminalNumber: home.terminalNumber,
        meterSerial: home.serial,
        closesOn: '2025-04-20',
        indexL: 1_021_400,
        readAt: '2025-04-21T00:00:00+09:00',
        lagHours: 0,
        previousIndexL: 1_000_500,
        previousAt: '2025-03-21T00:00:00+09:00',
        previousDifferenceL: null,
        usageL: 20_900,
        usageM3: '21',
        ...{ registerM3: null, volumeFactor: null, correctionL: null },
        ...{ estimate: null, previousQuality: null },
        heldL: null,
        quality: 'actual',
        expectedAt: null,
        remarks: [],
      },
    ]);
  });

  test.each([
    { what: 'an earlier hour of the day', on: '2025-04-20', lastHour: 22, lagHours: 2 },
    { what: 'the day before', on: '2025-04-19', lastHour: 24, lagHours: 24 },
    { what: 'an hour weeks before', on: '2025-03-10', lastHour: 5, lagHours: 41 * 24 + 19 },
    { what: 'the very limit of 45 days', on: '2025-03-06', lastHour: 24, lagHours: 45 * 24 },
  ])('is substituted from $what', async ({ on, lastHour, lagHours }) => {
    const home = await household();
    await day(home, '2025-01-05', 1_000_000);
    await day(home, on, 1_010_000, lastHour);
    const [row] = await closingsOf({ from: '2025-04' });
    expect(row).toMatchObject({ indexL: 1_010_000, lagHours, quality: 'substituted' });
  });

  test('ignores a day without any register', async () => {
    const home = await household();
    await day(home, '2025-04-19', 1_010_000);
    await day(home, '2025-04-20', 0, 0);
    const [row] = await closingsOf({ from: '2025-04' });
    expect(row).toMatchObject({ indexL: 1_010_000, lagHours: 24, quality: 'substituted' });
  });

  test('is missing when the latest one is older than the setting', async () => {
    const home = await household();
    await day(home, '2025-03-06', 1_010_000, 23);
    const [row] = await closingsOf({ from: '2025-04' });
    expect(row).toMatchObject({ quality: 'none', indexL: null, readAt: null, usageL: null });
    await setting(46);
    expect((await closingsOf({ from: '2025-04' }))[0]?.quality).toBe('substituted');
  });

  test('is never substituted when the setting is zero days', async () => {
    const home = await household();
    await setting(0);
    await day(home, '2025-03-20', 1_000_000);
    await day(home, '2025-04-20', 1_010_000, 23);
    await day(home, '2025-05-20', 1_030_000);
    const rows = await closingsOf({ from: '2025-04', to: '2025-05' });
    expect(rows.map(({ quality, usageL }) => [quality, usageL])).toEqual([
      ['none', null],
      ['actual', 30_000],
    ]);
  });

  test.each([
    { at: '2025-04-21T04:59:59.999+09:00', quality: 'awaited', expectedAt: DUE },
    { at: '2025-04-21T05:00:00+09:00', quality: 'substituted', expectedAt: null },
  ])('is $quality at $at, when the report of the day is due at 5:00', async (when) => {
    const home = await household();
    await day(home, '2025-04-19', 1_010_000);
    const [row] = await closingsOf({ from: '2025-04', now: new Date(when.at) });
    expect(row).toMatchObject({
      ...{ quality: when.quality, expectedAt: when.expectedAt },
      ...{ indexL: 1_010_000, lagHours: 24 },
    });
  });

  test('is awaited also where nothing was ever read', async () => {
    await household();
    const [row] = await closingsOf({ from: '2025-04', now: AFTER_MIDNIGHT });
    expect(row).toMatchObject({ quality: 'awaited', expectedAt: DUE, indexL: null, usageL: null });
  });

  test('is awaited no longer once the report has arrived, with 24:00 or without', async () => {
    const [whole, cut] = [await household(), await household()];
    await day(whole, '2025-04-20', 1_010_000);
    await day(cut, '2025-04-20', 1_010_000, 22);
    const rows = await closingsOf({ from: '2025-04', now: AFTER_MIDNIGHT });
    expect(rows.map(({ quality, expectedAt }) => [quality, expectedAt])).toEqual([
      ['actual', null],
      ['substituted', null],
    ]);
  });

  test('is awaited from no terminal where none was fitted at the end of the day', async () => {
    const home = await household();
    await database.adminPool.query(
      'update terminal_fitting set to_at = $2 where utility_id = $1 and supply_point_id = $3',
      [utilityId, '2025-04-20T23:59:59+09:00', home.supplyPointId],
    );
    const [row] = await closingsOf({ from: '2025-04', now: AFTER_MIDNIGHT });
    expect(row).toMatchObject({ quality: 'none', expectedAt: null });
  });

  test('of a month that has not closed yet is no row', async () => {
    const home = await household({ closingDay: 31 });
    await day(home, '2025-12-31', 1);
    expect(await closingsOf({ closingDay: 31, from: '2025-12', to: '2026-03' })).toHaveLength(1);
  });
});

describe('usage between closings', () => {
  test('is empty without an earlier reading, and when a register fell', async () => {
    const home = await household();
    await day(home, '2025-04-20', 1_010_000);
    await day(home, '2025-05-20', 1_009_999);
    await day(home, '2025-06-20', 1_020_000);
    const rows = await closingsOf({ from: '2025-04', to: '2025-06' });
    expect(rows.map(({ usageL, remarks }) => [usageL, remarks])).toEqual([
      [null, ['no-previous']],
      [null, ['index-fell']],
      [10_001, []],
    ]);
  });

  test('counts over a rollover of the dial', async () => {
    const home = await household();
    await day(home, '2025-03-20', 99_990_000);
    await day(home, '2025-04-20', 12_000);
    const [row] = await closingsOf({ from: '2025-04' });
    expect(row).toMatchObject({ usageL: 22_000, usageM3: '22', remarks: ['rolled-over'] });
  });

  test('counts from a substitute to a late reading, so that two months add up', async () => {
    const home = await household();
    await day(home, '2025-03-20', 1_000_000);
    await day(home, '2025-04-18', 1_010_000, 6);
    await day(home, '2025-05-20', 1_025_000);
    const rows = await closingsOf({ from: '2025-04', to: '2025-05' });
    expect(rows.map(({ quality, usageL }) => [quality, usageL])).toEqual([
      ['substituted', 10_000],
      ['actual', 15_000],
    ]);
  });

  test('after months without readings counts from the last closing that had one', async () => {
    const home = await household();
    await day(home, '2025-01-25', 1_000_000);
    await day(home, '2025-09-20', 1_090_000);
    const rows = await closingsOf({ from: '2025-02', to: '2025-09' });
    expect(rows.map(({ quality, usageL }) => [quality, usageL])).toEqual([
      ['substituted', null],
      ...Array.from({ length: 6 }, () => ['none', null]),
      ['actual', 90_000],
    ]);
  });

  test('ignores a reading too old for its own closing, so that no usage is lost', async () => {
    const home = await household();
    await setting(10);
    await day(home, '2025-03-20', 1_000_000);
    await day(home, '2025-04-02', 1_007_000);
    await day(home, '2025-05-20', 1_040_000);
    const rows = await closingsOf({ from: '2025-04', to: '2025-05' });
    expect(
      rows.map(({ quality, previousIndexL, usageL }) => [quality, previousIndexL, usageL]),
    ).toEqual([
      ['none', 1_000_000, null],
      ['actual', 1_000_000, 40_000],
    ]);
  });

  test('follows the tariff, else the kind of gas', async () => {
    const tariffId = await createTariff(database.adminPool, utilityId, {
      usageRounding: 'floor-of-difference',
    });
    const homes = [
      await household({ tariffId }),
      await household(),
      await household({ gasKind: 'lp' }),
    ];
    for (const home of homes) {
      await day(home, '2025-03-20', 1_000_900);
      await day(home, '2025-04-20', 1_003_000);
    }
    const rows = await closingsOf({ from: '2025-04' });
    const billed = homes.map(
      (home) => rows.find((row) => row.customerNumber === home.customerNumber)?.usageM3,
    );
    expect(billed).toEqual(['2', '3', '2.1']);
  });
});
