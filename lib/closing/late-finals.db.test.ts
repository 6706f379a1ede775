// Move-outs that were registered after the closing of their period was issued: each has its final row once, in the next one.
import { describe, expect, it } from 'vitest';
import { readAs } from '../../db/client.ts';
import { fitHousehold, type Household, occupy } from '../../db/testing/fixtures.ts';
import { closingCalendar } from './closing-day.ts';
import { streamClosingRows } from './closing-queries.ts';
import type { ClosingRow } from './closing-row.ts';
import {
  arrangeRuns,
  arrive,
  database,
  issue,
  NOW,
  office,
  steadyDays,
  utilityId,
} from './testing-runs.ts';

arrangeRuns();

const LINE = { since: '2026-08-21', fromL: 1_000_000, perHourL: 20 };
const A_DAY = 24 * LINE.perHourL;

/** A place that is read every day from 20 August to 20 December. */
async function home(closingDay = 20): Promise<Household> {
  const place = await fitHousehold(database.adminPool, utilityId, { closingDay });
  await arrive(steadyDays(place, { from: '2026-08-20', to: '2026-12-20' }, LINE));
  return place;
}

async function moveOut({ occupancyId }: { occupancyId: number }, toOn: string): Promise<void> {
  await database.adminPool.query('update occupancy set to_on = $2 where occupancy_id = $1', [
    occupancyId,
    toOn,
  ]);
}

async function rowsOf(from: string, to = from, closingDay = 20): Promise<ClosingRow[]> {
  const { closings } = closingCalendar({ closingDay, fromMonth: from, toMonth: to }, NOW);
  const rows: ClosingRow[] = [];
  await readAs(database.db, utilityId, async (db) => {
    for await (const row of streamClosingRows(db, office(), { closingDay, closings, now: NOW })) {
      rows.push(row);
    }
  });
  return rows;
}

describe('a customer whose whole stay was registered after the closing was issued', () => {
  it('has a final row in the next closing, and no second one in a re-issue', async () => {
    const place = await home();
    await moveOut(place, '2026-09-25');
    await issue({ from: '2026-09', to: '2026-10' });
    const { customerNumber } = await occupy(database.adminPool, utilityId, {
      ...{ supplyPointId: place.supplyPointId, fromOn: '2026-10-01', toOn: '2026-10-11' },
    });
    const late = {
      ...{ customer_number: customerNumber, kind: 'final', closing_on: '2026-10-10' },
      ...{ usage_l: String(10 * A_DAY), remarks: 'started' },
    };
    const own = (rows: Record<string, string>[]) =>
      rows.filter((row) => row.customer_number === customerNumber);
    expect(own((await issue({ from: '2026-11' })).rows)).toEqual([expect.objectContaining(late)]);
    expect(own((await issue({ from: '2026-12' })).rows)).toEqual([]);
    expect(own((await issue({ from: '2026-10' })).rows)).toEqual([]);
    // The closing in which it stands can be issued again.
    expect(own((await issue({ from: '2026-11' })).rows)).toEqual([expect.objectContaining(late)]);
  });

  it('has its final row in its own closing where that is issued again first', async () => {
    const place = await home();
    await moveOut(place, '2026-09-25');
    await issue({ from: '2026-09', to: '2026-10' });
    await occupy(database.adminPool, utilityId, {
      ...{ supplyPointId: place.supplyPointId, fromOn: '2026-10-01', toOn: '2026-10-11' },
    });
    const finals = [{ closesOn: '2026-09-24' }, { closesOn: '2026-10-10' }];
    expect(await rowsOf('2026-10', '2026-11')).toMatchObject(finals);
    expect((await issue({ from: '2026-10' })).rows).toMatchObject([
      { closing_on: '2026-09-24' },
      { closing_on: '2026-10-10', kind: 'final' },
    ]);
    expect(await rowsOf('2026-11')).toEqual([]);
  });
});

describe('a customer who was billed beyond the last day', () => {
  it('has a final row without usage that says what was billed too much, and is to be checked', async () => {
    const place = await home();
    await issue({ from: '2026-09', to: '2026-10' });
    await moveOut(place, '2026-10-11');
    const [row] = await rowsOf('2026-11');
    expect(row).toMatchObject({
      ...{ kind: 'final', closesOn: '2026-10-10', indexL: 1_000_000 + 51 * A_DAY },
      ...{ previousIndexL: 1_000_000 + 61 * A_DAY, usageL: null, usageM3: null },
      ...{ heldL: -10 * A_DAY, remarks: ['issued-beyond'] },
    });
    const { rows, text } = await issue({ from: '2026-11' });
    expect(rows).toMatchObject([{ kind: 'final', usage_l: '', remarks: 'issued-beyond' }]);
    expect(text).not.toContain('-4800');
    // Nothing was billed of it: the closing of its own period can still be mended.
    expect((await issue({ from: '2026-10' })).rows).toMatchObject([
      { kind: 'final', closing_on: '2026-10-10', usage_l: String(20 * A_DAY), remarks: '' },
    ]);
  });

  it('keeps the row that a later one was billed from, and has not two rows in one closing', async () => {
    const place = await home();
    await issue({ from: '2026-09', to: '2026-10' });
    await issue({ from: '2026-11' });
    await moveOut(place, '2026-10-11');
    expect((await issue({ from: '2026-10' })).rows).toMatchObject([
      { kind: 'regular', closing_on: '2026-10-20' },
    ]);
    expect(await rowsOf('2026-12')).toMatchObject([
      { kind: 'final', usageL: null, heldL: -41 * A_DAY, remarks: ['issued-beyond'] },
    ]);
  });

  it('is settled with zero where the last day is that of the issued row', async () => {
    const place = await home();
    await issue({ from: '2026-09', to: '2026-10' });
    await moveOut(place, '2026-10-21');
    expect((await issue({ from: '2026-11' })).rows).toMatchObject([
      { kind: 'final', usage_l: '0' },
    ]);
    expect((await issue({ from: '2026-10' })).rows).toMatchObject([{ kind: 'regular' }]);
  });
});

describe('a last day that is corrected after the final row was issued', () => {
  it('is billed on to the later day', async () => {
    const place = await home();
    await issue({ from: '2026-09' });
    await moveOut(place, '2026-10-11');
    await issue({ from: '2026-10' });
    await moveOut(place, '2026-10-16');
    expect((await issue({ from: '2026-11' })).rows).toMatchObject([
      { kind: 'final', closing_on: '2026-10-15', usage_l: String(5 * A_DAY) },
    ]);
    expect((await issue({ from: '2026-10' })).rows).toMatchObject([{ closing_on: '2026-10-10' }]);
    expect(await rowsOf('2026-12')).toEqual([]);
  });

  it('is said to be billed beyond an earlier day', async () => {
    const place = await home();
    await issue({ from: '2026-09' });
    await moveOut(place, '2026-10-11');
    await issue({ from: '2026-10' });
    await moveOut(place, '2026-10-06');
    expect(await rowsOf('2026-11')).toMatchObject([
      { closesOn: '2026-10-05', heldL: -5 * A_DAY, remarks: ['issued-beyond'] },
    ]);
  });
});

it('a file of one customer does not keep the row of the whole closing from a re-issue', async () => {
  const place = await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
  await arrive(steadyDays(place, { from: '2026-09-20', to: '2026-10-09' }, LINE));
  const { customerNumber } = place;
  expect((await issue({ from: '2026-10' })).rows).toMatchObject([{ quality: 'substituted' }]);
  await issue({ from: '2026-10', customerNumber });
  await arrive(steadyDays(place, { from: '2026-10-10', to: '2026-10-20' }, LINE));
  expect((await issue({ from: '2026-10' })).rows).toMatchObject([{ quality: 'actual' }]);
});

describe('a closing that was left out', () => {
  it('leaves the final rows of its period to the next one', async () => {
    const place = await home();
    await issue({ from: '2026-09' });
    await moveOut(place, '2026-10-11');
    expect((await issue({ from: '2026-11' })).rows).toMatchObject([
      { kind: 'final', closing_on: '2026-10-10', usage_l: String(20 * A_DAY) },
    ]);
    expect((await issue({ from: '2026-10' })).rows).toEqual([]);
  });

  it('has no usage when it is issued after a later one that has it', async () => {
    const place = await home();
    await issue({ from: '2026-09' });
    const later = [{ previous_index_l: '1014880', usage_l: String(61 * A_DAY) }];
    expect((await issue({ from: '2026-11' })).rows).toMatchObject(later);
    expect((await issue({ from: '2026-10' })).rows).toMatchObject([
      { customer_number: place.customerNumber, usage_l: '', remarks: 'issued-later' },
    ]);
    expect((await issue({ from: '2026-11' })).rows).toMatchObject(later);
  });

  it('has no usage either where the later row was billed from the books of the office', async () => {
    const place = await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
    await arrive(steadyDays(place, { from: '2026-11-20', to: '2026-11-20' }, LINE));
    expect((await issue({ from: '2026-11' })).rows).toMatchObject([{ remarks: 'no-previous' }]);
    await arrive(steadyDays(place, { from: '2026-09-20', to: '2026-10-20' }, LINE));
    expect((await issue({ from: '2026-10' })).rows).toMatchObject([
      { usage_l: '', remarks: 'issued-later' },
    ]);
  });

  it('leaves those out that ended before anything was issued', async () => {
    const place = await home();
    await moveOut(place, '2026-08-01');
    await occupy(database.adminPool, utilityId, {
      ...{ supplyPointId: place.supplyPointId, fromOn: '2026-08-05' },
    });
    await issue({ from: '2026-09' });
    expect(await rowsOf('2026-10')).toMatchObject([{ kind: 'regular' }]);
  });
});

it('finds the final row of a customer whose place has another closing day since', async () => {
  const place = await home(10);
  await issue({ from: '2026-10', closingDay: 10 });
  await home(20);
  await issue({ from: '2026-10', closingDay: 20 });
  await moveOut(place, '2026-10-16');
  await database.adminPool.query(
    'update supply_point set closing_day = 20 where supply_point_id = $1',
    [place.supplyPointId],
  );
  const rows = await rowsOf('2026-11');
  expect(rows.filter(({ kind }) => kind === 'final')).toMatchObject([
    { customerNumber: place.customerNumber, closesOn: '2026-10-15', usageL: 5 * A_DAY },
  ]);
});

it('a place that has another closing day since keeps the row from which a later one counts, billed or not', async () => {
  const place = await fitHousehold(database.adminPool, utilityId, { closingDay: 10 });
  await arrive(steadyDays(place, { from: '2026-09-10', to: '2026-10-10' }, LINE));
  const issued = [{ customer_number: place.customerNumber, usage_l: String(30 * A_DAY) }];
  expect((await issue({ from: '2026-10', closingDay: 10 })).rows).toMatchObject(issued);
  await database.adminPool.query(
    'update supply_point set closing_day = 20 where supply_point_id = $1',
    [place.supplyPointId],
  );
  expect((await issue({ from: '2026-12' })).rows).toMatchObject([{ quality: 'none' }]);
  expect((await issue({ from: '2026-10', closingDay: 10 })).rows).toMatchObject(issued);
});

it('a place that has another closing day since keeps its final row', async () => {
  const place = await home(10);
  await issue({ from: '2026-09', closingDay: 10 });
  await moveOut(place, '2026-10-06');
  const final = [{ kind: 'final', closing_on: '2026-10-05' }];
  expect((await issue({ from: '2026-10', closingDay: 10 })).rows).toMatchObject(final);
  await database.adminPool.query(
    'update supply_point set closing_day = 20 where supply_point_id = $1',
    [place.supplyPointId],
  );
  expect((await issue({ from: '2026-10', closingDay: 10 })).rows).toMatchObject(final);
});
