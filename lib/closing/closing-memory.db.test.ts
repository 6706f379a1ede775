// What was issued of a closing is what the next one counts from, whatever the readings say since.
import { describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import {
  fitHousehold,
  fitMeter,
  type Household,
  occupy,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { exchangeMeter } from '../register/exchange-commands.ts';
import { closingCalendar } from './closing-day.ts';
import { streamClosingRows } from './closing-queries.ts';
import type { ClosingRow } from './closing-row.ts';
import {
  type ArrivingDay,
  arrangeRuns,
  arrive,
  database,
  draft,
  issue,
  NOW,
  office,
  steadyDays,
  utilityId,
} from './testing-runs.ts';

arrangeRuns();

/** Registers at 24:00 of 20 September 2026, and how they go on. */
const LINE = { since: '2026-09-21', fromL: 1_153_600, perHourL: 200 };
const SLOW = { since: '2026-09-21', fromL: 1_014_880, perHourL: 20 };

const home = (closingDay = 20): Promise<Household> =>
  fitHousehold(database.adminPool, utilityId, { closingDay });

const days = (device: Household, from: string, to: string, line = LINE): ArrivingDay[] =>
  steadyDays(device, { from, to }, line);

/** The rows that a closing would have now. */
async function rowsOf(month: string, closingDay = 20): Promise<ClosingRow[]> {
  const { closings } = closingCalendar({ closingDay, fromMonth: month, toMonth: month }, NOW);
  const rows: ClosingRow[] = [];
  await readAs(database.db, utilityId, async (db) => {
    for await (const row of streamClosingRows(db, office(), { closingDay, closings, now: NOW })) {
      rows.push(row);
    }
  });
  return rows;
}

/** Values of a day, each so many litres more. */
const shifted = ({ indexL, ...day }: ArrivingDay, byL: number): ArrivingDay => ({
  ...day,
  indexL: indexL.map((value) => (value === null ? null : value + byL)),
});

const one = <T>(list: readonly T[]): T => {
  expect(list).toHaveLength(1);
  return list[0]!;
};

describe('a closing after one that was issued', () => {
  it('bills what arrived after the issue, once', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-18', '2026-10-09'));
    const october = one((await issue({ from: '2026-10' })).rows);
    expect(october).toMatchObject({
      ...{ index_l: '1244800', lag_hours: '264', previous_index_l: '1153600' },
      ...{ usage_l: '91200', quality: 'substituted' },
    });
    await arrive(days(place, '2026-10-10', '2026-11-20'));
    const [row] = await rowsOf('2026-11');
    expect(row).toMatchObject({
      ...{ indexL: 1_446_400, previousIndexL: 1_244_800, usageL: 201_600, usageM3: '202' },
      ...{ previousDifferenceL: 52_800, remarks: ['previous-changed'], quality: 'actual' },
      previousAt: '2026-10-10T00:00:00+09:00',
    });
    const november = one((await issue({ from: '2026-11' })).rows);
    expect(Number(october.usage_l) + Number(november.usage_l)).toBe(292_800);
  });

  it('counts from the issued register when its day was corrected since, and says by how much', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20', SLOW));
    const october = one((await issue({ from: '2026-10' })).rows);
    const higher = days(place, '2026-10-20', '2026-11-20', SLOW).map((day) => shifted(day, 1500));
    await arrive(higher, '2026-11-10T00:00:00+09:00');
    expect((await rowsOf('2026-11'))[0]).toMatchObject({
      ...{ previousIndexL: Number(october.index_l), previousDifferenceL: 1500 },
      ...{ usageL: 31 * 24 * 20 + 1500, remarks: ['previous-changed'] },
    });
  });

  it('counts from the issued register when a correction of its day is in doubt', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20', SLOW));
    const october = one((await issue({ from: '2026-10' })).rows);
    const [last] = days(place, '2026-10-20', '2026-10-20', SLOW);
    await arrive([shifted(last!, -1500)], '2026-11-10T00:00:00+09:00');
    await arrive(days(place, '2026-10-21', '2026-11-20', SLOW));
    // The register of the day before stands for the corrected one, which is below it.
    expect((await rowsOf('2026-11'))[0]).toMatchObject({
      ...{ previousIndexL: Number(october.index_l), previousDifferenceL: -24 * 20 },
      ...{ usageL: 31 * 24 * 20, remarks: ['previous-changed'] },
    });
  });

  it('has no remark while the readings say what was issued', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-11-20'));
    await issue({ from: '2026-10' });
    const [row] = await rowsOf('2026-11');
    expect(row).toMatchObject({ remarks: [], previousDifferenceL: null, usageL: 31 * 24 * 200 });
  });

  it('has no remark for days that only show that nothing was used', async () => {
    const place = await home();
    const still = { ...LINE, perHourL: 0 };
    await arrive(days(place, '2026-09-18', '2026-10-09', still));
    await issue({ from: '2026-10' });
    await arrive(days(place, '2026-10-10', '2026-11-20', still));
    expect((await rowsOf('2026-11'))[0]).toMatchObject({ remarks: [], usageL: 0 });
  });

  it('counts from the closing before where there was no reading at the one that was issued', async () => {
    const place = await home();
    await database.adminPool.query(
      'update utility set closing_substitute_max_days = 3 where utility_id = $1',
      [utilityId],
    );
    await arrive(days(place, '2026-08-20', '2026-09-20'));
    await issue({ from: '2026-09' });
    expect(one((await issue({ from: '2026-10' })).rows)).toMatchObject({ quality: 'none' });
    await arrive(days(place, '2026-11-20', '2026-11-20'));
    expect((await rowsOf('2026-11'))[0]).toMatchObject({
      ...{ previousIndexL: LINE.fromL, usageL: 61 * 24 * 200, remarks: [] },
    });
  });

  it('bills nothing where more was issued than the register has reached, and goes on from there', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20', SLOW));
    const issued = Number(one((await issue({ from: '2026-10' })).rows).index_l);
    // The register stood 20,000 L lower, as it turns out: less than a month's usage is left.
    const low = { ...SLOW, fromL: SLOW.fromL - 20_000 };
    await arrive(days(place, '2026-10-19', '2026-11-20', low), '2026-11-10T00:00:00+09:00');
    const [held] = await rowsOf('2026-11');
    expect(held).toMatchObject({
      ...{ usageL: null, previousIndexL: issued, previousDifferenceL: -20_000 },
      remarks: ['index-fell', 'previous-changed'],
    });
    await issue({ from: '2026-11' });
    await arrive(days(place, '2026-11-21', '2026-12-20', low));
    const december = one((await issue({ from: '2026-12' })).rows);
    expect(december).toMatchObject({
      ...{ previous_index_l: String(issued) },
      usage_l: String(Number(december.index_l) - issued),
    });
  });

  it('goes on from the register before a fallen one that was issued without usage', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-19', SLOW));
    const zero = { ...place, day: '2026-10-20', indexL: Array.from({ length: 24 }, () => 0) };
    await storeDay(database.adminPool, utilityId, zero);
    expect(one((await issue({ from: '2026-10' })).rows)).toMatchObject({ usage_l: '' });
    await arrive(days(place, '2026-10-21', '2026-11-20', SLOW));
    expect(one((await issue({ from: '2026-11' })).rows)).toMatchObject({
      ...{ previous_index_l: String(SLOW.fromL), usage_l: String(61 * 24 * 20) },
    });
  });

  it('of a supply point that got another closing day counts from the last issued one', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-11-10'));
    const first = one((await issue({ from: '2026-10' })).rows);
    await closeOn(10);
    const second = one((await issue({ closingDay: 10, from: '2026-11' })).rows);
    expect(second).toMatchObject({
      previous_index_l: first.index_l,
      usage_l: String(21 * 24 * 200),
    });
  });

  it('bills nothing twice when two closing days close on one date', async () => {
    const place = await home(31);
    await arrive(days(place, '2026-08-31', '2026-09-30'));
    const first = one((await issue({ closingDay: 31, from: '2026-09' })).rows);
    await closeOn(30);
    const again = one((await issue({ closingDay: 30, from: '2026-09' })).rows);
    expect(again).toMatchObject({ previous_index_l: first.index_l, usage_l: '0' });
  });

  it('of a customer that moved has nothing of the place before', async () => {
    const [from, to] = [await home(), await home()];
    await arrive(days(from, '2026-09-20', '2026-11-20'));
    await arrive(days(to, '2026-09-20', '2026-11-20', SLOW));
    await issue({ from: '2026-10' });
    await database.adminPool.query(
      `update occupancy set to_on = '2026-11-01' where utility_id = $1`,
      [utilityId],
    );
    const { customerNumber } = from;
    const { supplyPointId } = to;
    await occupy(database.adminPool, utilityId, {
      ...{ supplyPointId, customerNumber, fromOn: '2026-11-01' },
    });
    const rows = (await rowsOf('2026-11')).filter((row) => row.closesOn === '2026-11-20');
    expect(
      one(rows.filter((row) => row.customerNumber === customerNumber && row.kind === 'regular')),
    ).toMatchObject({
      ...{ usageL: 20 * 24 * 20, remarks: ['started'] },
    });
  });
});

describe('a meter that was exchanged after a closing was issued', () => {
  const exchangeAt = (place: Household, at: string, finalIndexL: number, closings: string[]) =>
    transactAs(database.db, utilityId, (tx) =>
      exchangeMeter(tx, office(), {
        ...{ removedMeterId: place.meterId, exchangedAt: new Date(at), finalIndexL },
        ...{ newSerial: `9${place.serial}`, startIndexL: 0, acknowledgedClosings: closings },
        newMeter: { size: 4, dialL: 10_000_000, verificationExpiresOn: '2034-03-31' },
        now: NOW,
      }),
    );

  it('is counted from the issued register to its final one, then the new one', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-31'));
    const issued = Number(one((await issue({ from: '2026-10' })).rows).index_l);
    const { fittedMeterId } = await exchangeAt(
      place,
      '2026-11-01T00:00:00+09:00',
      issued + 60_000,
      [],
    );
    const fitted = { ...place, meterId: fittedMeterId };
    await arrive(
      days(fitted, '2026-11-01', '2026-11-20', { since: '2026-11-01', fromL: 0, perHourL: 100 }),
    );
    expect((await rowsOf('2026-11'))[0]).toMatchObject({
      ...{ previousIndexL: issued, usageL: 60_000 + 20 * 24 * 100, remarks: ['exchanged'] },
    });
  });

  it('before that closing takes back what was issued beyond its final index', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    const october = one((await issue({ from: '2026-10' })).rows);
    // Removed on 15 October: what it reported since does not count.
    const finalIndexL = LINE.fromL + 24 * 24 * 200;
    const at = '2026-10-15T00:00:00+09:00';
    const { fittedMeterId } = await exchangeAt(place, at, finalIndexL, ['2026-10-20']);
    const fitted = { ...place, meterId: fittedMeterId };
    const line = { since: '2026-10-15', fromL: 0, perHourL: 150 };
    await arrive(days(fitted, '2026-10-15', '2026-11-20', line));
    const used = finalIndexL - LINE.fromL + 37 * 24 * 150;
    const [row] = await rowsOf('2026-11');
    expect(row).toMatchObject({
      ...{ previousDifferenceL: null, remarks: ['exchanged', 'previous-changed'] },
    });
    expect(Number(october.usage_l) + (row?.usageL ?? 0)).toBe(used);
  });

  it('is not guessed at when the issued meter is not registered there any more', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-20', '2026-10-20'));
    await issue({ from: '2026-10' });
    const other = await fitMeter(database.adminPool, utilityId, {
      ...{
        supplyPointId: place.supplyPointId,
        fittedAt: '2019-01-02T00:00:00+09:00',
        startIndexL: 0,
      },
      ...{ removedAt: '2019-01-03T00:00:00+09:00' },
    });
    await database.adminPool.query('delete from meter_fitting where meter_id = $1', [
      place.meterId,
    ]);
    await database.adminPool.query(
      'update meter_fitting set removed_at = null where meter_id = $1',
      [other.meterId],
    );
    const fitted = { ...place, meterId: other.meterId };
    const line = { since: '2026-10-20', fromL: 500, perHourL: 100 };
    await arrive(days(fitted, '2026-10-20', '2026-12-20', line));
    expect((await rowsOf('2026-11'))[0]).toMatchObject({
      ...{ usageL: null, usageM3: null, remarks: ['previous-missing'] },
    });
    await issue({ from: '2026-11' });
    // What the meter that is there counted since the closing before is still open.
    expect(one((await issue({ from: '2026-12' })).rows)).toMatchObject({
      ...{ previous_index_l: '2900', usage_l: String(61 * 24 * 100) },
    });
  });
});

describe('an extraction that issues nothing to count from', () => {
  it('is a draft: what would be issued, and nothing is remembered', async () => {
    const place = await home();
    await arrive(days(place, '2026-09-18', '2026-10-09'));
    const text = await draft({ from: '2026-10' });
    const { rows } = await database.adminPool.query(
      'select from closing_run where utility_id = $1',
      [utilityId],
    );
    expect(rows).toEqual([]);
    expect((await issue({ from: '2026-10' })).text).toBe(text);
  });

  it('is one for a customer on a day that is not theirs', async () => {
    const place = await home();
    const { customerNumber } = place;
    await arrive(days(place, '2026-09-20', '2026-11-20'));
    await issue({ from: '2026-10' });
    const ask = { closingDay: 31, from: '2026-10', customerNumber };
    const own = one((await issue(ask)).rows);
    expect(own).toMatchObject({ closing_on: '2026-10-31' });
    const november = one((await issue({ from: '2026-11' })).rows);
    expect(november).toMatchObject({ usage_l: String(31 * 24 * 200) });
    expect(one((await issue(ask)).rows)).toEqual(own);
  });
});

async function closeOn(closingDay: number): Promise<void> {
  await database.adminPool.query('update supply_point set closing_day = $2 where utility_id = $1', [
    utilityId,
    closingDay,
  ]);
}
