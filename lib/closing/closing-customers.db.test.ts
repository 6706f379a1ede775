import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import {
  createSupplyPoint,
  createUtility,
  fitHousehold,
  fitTerminal,
  type Household,
  occupy,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, StaffActor } from '../actor.ts';
import { closingCalendar } from './closing-day.ts';
import { streamClosingRows } from './closing-queries.ts';
import type { ClosingRow } from './closing-row.ts';

const NOW = new Date('2026-01-01T00:00:00+09:00');

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
  customer?: string;
  actor?: Actor;
}

async function closingsOf(input: Input): Promise<ClosingRow[]> {
  const closingDay = input.closingDay ?? 20;
  const period = { closingDay, fromMonth: input.from, toMonth: input.to ?? input.from };
  const { closings } = closingCalendar(period, NOW);
  const actor = input.actor ?? { kind: 'system', utilityId, name: 'test' };
  return readAs(database.db, utilityId, async (read) => {
    const rows: ClosingRow[] = [];
    const selection = { closingDay, closings, customerNumber: input.customer, now: NOW };
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

describe('the closings of customers', () => {
  test('are those registered for the closing day, in the order of their numbers', async () => {
    for (const customerNumber of ['3010', '999', '0999', 'B-7', 'A-10', 'A-9', '03020']) {
      const supplyPointId = await createSupplyPoint(database.adminPool, utilityId, {
        closingDay: 20,
      });
      await occupy(database.adminPool, utilityId, { supplyPointId, customerNumber });
    }
    await household({ closingDay: 21 });
    const rows = await closingsOf({ from: '2025-04', to: '2025-05' });
    expect(
      rows.filter((_, at) => at % 2 === 0).map(({ customerNumber }) => customerNumber),
    ).toEqual(['0999', '999', '3010', '03020', 'A-9', 'A-10', 'B-7']);
    expect(rows.slice(0, 2).map(({ closesOn }) => closesOn)).toEqual(['2025-04-20', '2025-05-20']);
  });

  test("in a short month are on its last day, the 30th's beside the month end's", async () => {
    const [thirtieth, last] = [
      await household({ closingDay: 30 }),
      await household({ closingDay: 31 }),
    ];
    for (const home of [thirtieth, last]) await day(home, '2025-02-28', 5_000);
    const rows = await closingsOf({ closingDay: 30, from: '2025-02' });
    expect(rows).toMatchObject([
      { customerNumber: thirtieth.customerNumber, closesOn: '2025-02-28', quality: 'actual' },
    ]);
  });

  test('of one customer follow the requested closing day, whatever is registered', async () => {
    const home = await household({ closingDay: 31 });
    await household({ closingDay: 5 });
    await day(home, '2025-04-05', 7_000);
    const rows = await closingsOf({
      closingDay: 5,
      from: '2025-04',
      customer: home.customerNumber,
    });
    expect(rows).toMatchObject([{ customerNumber: home.customerNumber, indexL: 7_000 }]);
  });

  test('belong to the occupant of the closing day, from the register at moving in', async () => {
    const home = await household();
    await database.adminPool.query(
      "update occupancy set to_on = '2025-04-10' where utility_id = $1 and occupancy_id = $2",
      [utilityId, home.occupancyId],
    );
    const { customerNumber } = await occupy(database.adminPool, utilityId, {
      supplyPointId: home.supplyPointId,
      fromOn: '2025-04-10',
    });
    await day(home, '2025-03-20', 1_000_000);
    await day(home, '2025-04-09', 1_006_000);
    await day(home, '2025-04-20', 1_010_000);
    const rows = await closingsOf({ from: '2025-03', to: '2025-04' });
    expect(rows).toMatchObject([
      { customerNumber: home.customerNumber, kind: 'regular', closesOn: '2025-03-20' },
      { customerNumber: home.customerNumber, kind: 'final', closesOn: '2025-04-09', usageL: 6_000 },
      { customerNumber, closesOn: '2025-04-20', previousIndexL: 1_006_000, usageL: 4_000 },
    ]);
  });

  test('leave out a supply point that is not opened yet, or closed before', async () => {
    await household({ openedOn: '2025-04-21' });
    await household({ closedOn: '2025-03-21' });
    const open = await household({ openedOn: '2025-04-20', closedOn: '2025-04-21' });
    const rows = await closingsOf({ from: '2025-04' });
    expect(rows.map(({ customerNumber }) => customerNumber)).toEqual([open.customerNumber]);
  });

  test('show the terminal that is fitted at the closing instant', async () => {
    const home = await household();
    await database.adminPool.query(
      "update terminal_fitting set to_at = '2025-04-10T10:00+09' where utility_id = $1 and terminal_id = $2",
      [utilityId, home.terminalId],
    );
    await fitTerminal(database.adminPool, utilityId, {
      supplyPointId: home.supplyPointId,
      number: '0012345678',
      fromAt: '2025-04-10T10:00+09',
    });
    const rows = await closingsOf({ from: '2025-03', to: '2025-04' });
    expect(rows.map(({ terminalNumber }) => terminalNumber)).toEqual([
      home.terminalNumber,
      '0012345678',
    ]);
  });

  test('are refused without the right to read them, and those of another utility are not included', async () => {
    await household();
    const analyst: StaffActor = {
      kind: 'staff',
      utilityId,
      accountId: 1,
      role: 'analyst',
      sessionId: 's',
    };
    await expect(closingsOf({ from: '2025-04', actor: analyst })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const foreign: Actor = { kind: 'system', utilityId: utilityId + 1, name: 'test' };
    await expect(closingsOf({ from: '2025-04', actor: foreign })).rejects.toMatchObject({
      code: 'forbidden',
    });
    utilityId = await createUtility(database.adminPool);
    expect(await closingsOf({ from: '2025-04' })).toEqual([]);
  });

  test('state when their readings were corrected after the closing, not before it', async () => {
    const home = await household();
    await day(home, '2025-03-20', 1_000_000);
    await day(home, '2025-04-20', 1_010_000);
    await database.adminPool.query(
      `insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id,
         counter, frame_check, received_at, arrival, superseded_at)
       select utility_id, meter_id, day, 0, 'corrected', index_l, pressure_pa, terminal_id, 0, 0, received_at, 1, '2025-04-25T09:00+09'
       from series.meter_day where utility_id = $1 and day = '2025-04-20'`,
      [utilityId],
    );
    const rows = await closingsOf({ from: '2025-03', to: '2025-05' });
    expect(rows.map(({ remarks }) => remarks.includes('corrected'))).toEqual([false, true, false]);
  });
});
