/** The usage of a household's billing period and the usage of its closing are the same litres. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import {
  createSupplyPoint,
  createUtility,
  fitMeter,
  fitTerminal,
  occupy,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { closingCalendar } from '../closing/closing-day.ts';
import { streamClosingRows } from '../closing/closing-queries.ts';
import type { ClosingRow } from '../closing/closing-row.ts';
import { type HouseholdDays, householdDays } from '../testing/household-days.ts';
import { addDays, instantOf } from '../time.ts';
import { getOwnMonth } from './own-usage-queries.ts';
import { hourNumber } from './usage-line.ts';
import type { OwnMonth } from './usage-wire.ts';

const FIRST = '2026-01-10';
const DAYS = 110;
const NOW = instantOf('2026-06-15', 12);
const DIAL_L = 10_000_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** A supply point: what was used and received there, an exchange, and a customer that moves in on a day or before. */
interface Plan {
  days: HouseholdDays;
  closingDay: number;
  startL: number;
  exchange: { hour: number; isNoted: boolean } | undefined;
  movesInAfter: number | undefined;
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  days: householdDays(FIRST, DAYS),
  closingDay: fc.constantFrom(5, 20, 30, 31),
  startL: fc.constantFrom(0, 123_456, DIAL_L - 20_000),
  exchange: fc.option(
    fc.record({ hour: fc.integer({ min: 24, max: DAYS * 24 - 24 }), isNoted: fc.boolean() }),
    { nil: undefined },
  ),
  movesInAfter: fc.option(fc.integer({ min: 1, max: 80 }), { nil: undefined, freq: 3 }),
});

interface Customer {
  occupancyId: number;
  customerNumber: string;
  plan: Plan;
}

/** Registers and readings of a plan: the old meter up to the exchange, on the hour, the new one after it. */
async function settle(utilityId: number, plan: Plan): Promise<Customer> {
  const admin = database.adminPool;
  const { closingDay, movesInAfter } = plan;
  const supplyPointId = await createSupplyPoint(admin, utilityId, { closingDay });
  const meterIds = await fitMeters(utilityId, supplyPointId, plan);
  const { terminalId } = await fitTerminal(admin, utilityId, { supplyPointId });
  for (const [position, meterId] of meterIds.entries()) {
    for (const { day, indexL } of daysOf(plan, position)) {
      await storeDay(admin, utilityId, { meterId, terminalId, day, indexL });
    }
  }
  const fromOn = movesInAfter === undefined ? '2020-01-01' : addDays(FIRST, movesInAfter);
  return { ...(await occupy(admin, utilityId, { supplyPointId, fromOn })), plan };
}

/** Register of the new meter when it was fitted. */
const FRESH_L = 7;

async function fitMeters(
  utilityId: number,
  supplyPointId: number,
  { exchange, startL, days }: Plan,
): Promise<number[]> {
  const admin = database.adminPool;
  const meter = { supplyPointId, dialL: DIAL_L };
  if (exchange === undefined) return [(await fitMeter(admin, utilityId, meter)).meterId];
  const at = new Date(instantOf(FIRST, 0).getTime() + exchange.hour * 3_600_000);
  const finalIndexL = (startL + usedUpTo(days, exchange.hour)) % DIAL_L;
  const noted = exchange.isNoted ? { final: { finalIndexL }, start: { startIndexL: FRESH_L } } : {};
  const old = await fitMeter(admin, utilityId, { ...meter, removedAt: at, ...noted.final });
  const fresh = await fitMeter(admin, utilityId, { ...meter, fittedAt: at, ...noted.start });
  return [old.meterId, fresh.meterId];
}

function usedUpTo({ hourlyL }: HouseholdDays, hour: number): number {
  return hourlyL.slice(0, hour).reduce((sum, usageL) => sum + usageL, 0);
}

/** Days of the old (0) or the new (1) meter with the registers that were received while it was fitted. */
function daysOf({ days, exchange, startL }: Plan, position: number) {
  const cut = exchange?.hour ?? DAYS * 24;
  const isFresh = position === 1;
  let indexL = isFresh ? FRESH_L : startL;
  const registers = days.hourlyL.map((usageL, at) => {
    const isFitted = at >= cut === isFresh;
    if (isFitted) indexL = (indexL + usageL) % DIAL_L;
    return isFitted && days.received[at] ? indexL : null;
  });
  return Array.from({ length: DAYS }, (_, offset) => ({
    day: addDays(FIRST, offset),
    indexL: registers.slice(offset * 24, offset * 24 + 24),
  })).filter((record) => record.indexL.some((value) => value !== null));
}

async function closingsOf(utilityId: number, customer: Customer): Promise<ClosingRow[]> {
  const { closingDay } = customer.plan;
  const months = { closingDay, fromMonth: '2026-01', toMonth: '2026-05' };
  const { closings } = closingCalendar(months, NOW);
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  const { customerNumber } = customer;
  const selection = { closingDay, closings, customerNumber, now: NOW };
  return readAs(database.db, utilityId, async (db) => {
    const rows: ClosingRow[] = [];
    for await (const row of streamClosingRows(db, actor, selection)) rows.push(row);
    return rows;
  });
}

function billingMonth(utilityId: number, customer: Customer, month?: string): Promise<OwnMonth> {
  const { occupancyId, customerNumber } = customer;
  const sessionId = '00000000-0000-4000-8000-000000000000';
  const actor = { kind: 'consumer', utilityId, occupancyId, customerNumber, sessionId } as const;
  return readAs(database.db, utilityId, (db) =>
    getOwnMonth(db, actor, { month, period: 'billing', now: NOW }),
  );
}

/**
 * True where both count between the same two registers. They do not where the closing before had no reading, so that
 * the closing counts from an earlier one; where the household cannot see the register from which the first closing
 * counts, of before its occupancy; and where a meter was exchanged between the reading and the end that it stands for.
 */
function countAlike(own: OwnMonth, row: ClosingRow, before: ClosingRow | undefined): boolean {
  const { from, until, firstDay, lastDay } = own.usage;
  if (from === null || until === null || before?.quality === 'none') return false;
  const begin = hourNumber(from.day, from.hourEnding);
  const isExact =
    begin === hourNumber(firstDay, 0) && until.day === lastDay && until.hourEnding === 24;
  if (before === undefined && !isExact) return false;
  return isExact || !(row.remarks.includes('exchanged') || before?.remarks.includes('exchanged'));
}

async function compareAll(utilityId: number, customer: Customer): Promise<number> {
  const rows = await closingsOf(utilityId, customer);
  const { firstMonth } = await billingMonth(utilityId, customer);
  let compared = 0;
  for (const [at, row] of rows.entries()) {
    const month = row.closesOn.slice(0, 7);
    if (row.usageL === null || month < firstMonth) continue;
    const own = await billingMonth(utilityId, customer, month);
    if (!countAlike(own, row, rows[at - 1])) continue;
    expect({ closesOn: row.closesOn, usageL: own.usage.totalL }).toEqual({
      closesOn: row.closesOn,
      usageL: row.usageL,
    });
    compared += 1;
  }
  return compared;
}

test('a billing period of a household is the usage of its closing, in litres', {
  timeout: 240_000,
}, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyPlan, { minLength: 4, maxLength: 4 }), async (plans) => {
      const utilityId = await createUtility(database.adminPool);
      for (const plan of plans) {
        compared += await compareAll(utilityId, await settle(utilityId, plan));
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
  expect(compared).toBeGreaterThan(15);
});
