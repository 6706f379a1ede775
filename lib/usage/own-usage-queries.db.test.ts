import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import type { Household } from '../../db/testing/fixtures.ts';
import {
  createUtility,
  fitHousehold,
  fitMeter,
  occupy,
  rising,
  storeDay,
} from '../../db/testing/fixtures.ts';
import type { TestDatabase } from '../../db/testing/testing.ts';
import { testDatabase } from '../../db/testing/testing.ts';
import type { Actor } from '../actor.ts';
import { instantOf } from '../time.ts';
import { getOwnDay, getOwnMonth } from './own-usage-queries.ts';
import { consumer, type DayRun, ownHousehold, storeRisingDays } from './testing-own-household.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const NOW = instantOf('2026-11-23', 14);

const storeDays = (
  utilityId: number,
  home: Pick<Household, 'meterId' | 'terminalId'>,
  run: DayRun,
) => storeRisingDays(database.adminPool, utilityId, { ...home, ...run });

function month(actor: Actor, name?: string, now = NOW) {
  return readAs(database.db, actor.utilityId, (db) => getOwnMonth(db, actor, { month: name, now }));
}

function day(actor: Actor, name: string, now = NOW) {
  return readAs(database.db, actor.utilityId, (db) => getOwnDay(db, actor, { day: name, now }));
}

const household = () => ownHousehold(database.adminPool);

describe('a month of the own household', () => {
  test('is the difference of the registers, up to the last one, compared with the same hour a month before', async () => {
    const { utilityId, home, actor } = await household();
    await storeDays(utilityId, home, { from: '2026-09-30', count: 32, hourlyL: 20 });
    await storeDays(utilityId, home, {
      from: '2026-11-01',
      count: 22,
      startL: 15_360,
      hourlyL: 10,
    });
    const own = await month(actor);
    expect(own).toMatchObject({
      customerNumber: home.customerNumber,
      progress: 'running',
      firstMonth: '2026-09',
      finalMonth: '2026-11',
    });
    expect(own.usage.totalL).toBe(22 * 240);
    expect(own.usage.until).toEqual({ day: '2026-11-22', hourEnding: 24 });
    expect(own.lastMonth.usage.totalL).toBe(31 * 480);
    expect(own.lastMonth.comparableL).toBe(22 * 480);
    expect(own.lastYear).toMatchObject({ comparableL: null, usage: { totalL: null } });
    expect(own.usage.days.map(({ state }) => state).slice(20, 24)).toEqual([
      'whole',
      'whole',
      'awaited',
      'awaited',
    ]);
  });

  test('that is over is compared with the whole of the other month', async () => {
    const { utilityId, home, actor } = await household();
    await storeDays(utilityId, home, { from: '2026-08-31', count: 62, hourlyL: 10 });
    const october = await month(actor, '2026-10');
    expect(october).toMatchObject({ progress: 'over', usage: { totalL: 31 * 240 } });
    expect(october.lastMonth.comparableL).toBe(30 * 240);
    const september = await month(actor, '2026-09');
    expect(september.lastMonth.comparableL).toBeNull();
  });

  test('is compared with the same month of the year before', async () => {
    const { utilityId, home, actor } = await household();
    await storeDays(utilityId, home, { from: '2025-10-31', count: 31, hourlyL: 30 });
    await storeDays(utilityId, home, { from: '2026-10-31', count: 3, startL: 90_000, hourlyL: 10 });
    const own = await month(actor);
    expect(own.usage.totalL).toBe(480);
    expect(own.lastYear).toMatchObject({ comparableL: 2 * 720, usage: { totalL: 30 * 720 } });
    expect(own.lastMonth.comparableL).toBeNull();
  });

  test('includes the usage of missing days and names the days', async () => {
    const { utilityId, home, actor } = await household();
    await storeDays(utilityId, home, { from: '2026-10-31', count: 3, hourlyL: 10 });
    await storeDays(utilityId, home, { from: '2026-11-05', count: 3, startL: 1_200, hourlyL: 10 });
    const own = await month(actor);
    expect(own.usage.totalL).toBe(7 * 240);
    expect(own.usage.days.map(({ state }) => state).slice(0, 8)).toEqual([
      'whole',
      'whole',
      'missing',
      'missing',
      'whole',
      'whole',
      'whole',
      'awaited',
    ]);
    expect(own.usage.gaps).toEqual([
      {
        from: { day: '2026-11-02', hourEnding: 24 },
        to: { day: '2026-11-05', hourEnding: 1 },
        usageL: 490,
        marks: [],
      },
    ]);
    expect(own.usage.days[4]).toMatchObject({ usageL: 720, enteringL: 490 });
  });

  test('continues over a meter exchange', async () => {
    const { utilityId, home, actor } = await household();
    const admin = database.adminPool;
    await storeDays(utilityId, home, { from: '2026-10-31', count: 2, startL: 5_000, hourlyL: 10 });
    await admin.query(
      'update meter_fitting set removed_at = $1, final_index_l = 5500 where utility_id = $2 and meter_id = $3',
      ['2026-11-02T10:00:00+09:00', utilityId, home.meterId],
    );
    const { meterId } = await fitMeter(admin, utilityId, {
      supplyPointId: home.supplyPointId,
      fittedAt: '2026-11-02T10:00:00+09:00',
      startIndexL: 2,
    });
    const fresh = { meterId, terminalId: home.terminalId };
    await storeDays(utilityId, fresh, { from: '2026-11-03', count: 1, startL: 102, hourlyL: 5 });
    const own = await month(actor);
    expect(own.usage.totalL).toBe(240 + 20 + 100 + 120);
    expect(own.usage.marks).toContain('exchanged');
  });

  test('is empty and not an error before the first reading', async () => {
    const { actor } = await household();
    const own = await month(actor);
    expect(own.usage).toMatchObject({ month: '2026-11', totalL: null, until: null, gaps: [] });
    expect(own).toMatchObject({ firstMonth: '2026-11', finalMonth: '2026-11' });
  });
});

describe('another household', () => {
  test('that is a neighbour is not visible', async () => {
    const { utilityId, home, actor } = await household();
    const neighbour = await fitHousehold(database.adminPool, utilityId);
    await storeDays(utilityId, home, { from: '2026-11-01', count: 2, hourlyL: 10 });
    await storeDays(utilityId, neighbour, { from: '2026-10-31', count: 20, hourlyL: 77 });
    expect((await month(actor)).usage.totalL).toBe(470);
  });

  test('at the same supply point before or after leaves no trace, not even in a gap over the move', async () => {
    const { utilityId, home } = await household();
    const admin = database.adminPool;
    await admin.query('update occupancy set to_on = $1 where occupancy_id = $2', [
      '2026-11-03',
      home.occupancyId,
    ]);
    const next = await occupy(admin, utilityId, {
      supplyPointId: home.supplyPointId,
      fromOn: '2026-11-03',
    });
    await storeDays(utilityId, home, { from: '2026-10-31', count: 2, hourlyL: 10 });
    await storeDays(utilityId, home, { from: '2026-11-04', count: 3, startL: 9_000, hourlyL: 20 });
    const former = await month(consumer(utilityId, home));
    expect(former).toMatchObject({ progress: 'over', finalMonth: '2026-11' });
    expect(former.usage).toMatchObject({ totalL: 240, gaps: [] });
    expect(former.usage.days.map(({ state }) => state).slice(0, 4)).toEqual([
      'whole',
      'awaited',
      'outside',
      'outside',
    ]);
    const present = await month(consumer(utilityId, next));
    expect(present.usage).toMatchObject({ totalL: 3 * 480 - 20, gaps: [] });
    expect(present.lastMonth.usage.totalL).toBeNull();
    expect(present.firstMonth).toBe('2026-11');
  });

  test('of the time before cannot be read by day or month', async () => {
    const { utilityId, home } = await household();
    const admin = database.adminPool;
    await admin.query('update occupancy set to_on = $1 where occupancy_id = $2', [
      '2026-11-03',
      home.occupancyId,
    ]);
    const next = await occupy(admin, utilityId, {
      supplyPointId: home.supplyPointId,
      fromOn: '2026-11-03',
    });
    await storeDays(utilityId, home, { from: '2026-10-01', count: 50, hourlyL: 10 });
    const present = consumer(utilityId, next);
    const former = consumer(utilityId, home);
    await expect(month(present, '2026-10')).rejects.toMatchObject({ code: 'not_found' });
    await expect(day(present, '2026-11-02')).rejects.toMatchObject({ code: 'not_found' });
    await expect(day(former, '2026-11-03')).rejects.toMatchObject({ code: 'not_found' });
    await expect(month(former, '2026-12')).rejects.toMatchObject({ code: 'not_found' });
    expect((await day(former, '2026-11-02')).usage.usageL).toBe(240);
    expect((await day(present, '2026-11-03')).usage.usageL).toBe(240);
  });

  test("of another utility is not visible, even with its occupancy's id", async () => {
    const { utilityId, home } = await household();
    await storeDays(utilityId, home, { from: '2026-11-01', count: 2, hourlyL: 10 });
    const elsewhere = await createUtility(database.adminPool);
    await expect(month(consumer(elsewhere, home))).rejects.toMatchObject({ code: 'not_found' });
    const forged = consumer(utilityId, home);
    const asOther = readAs(database.db, elsewhere, (db) => getOwnMonth(db, forged, { now: NOW }));
    await expect(asOther).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a day of the own household', () => {
  test('has 24 hours, the first from the day before, and ends with the neighbours of its gaps', async () => {
    const { utilityId, home, actor } = await household();
    await storeDays(utilityId, home, { from: '2026-11-20', count: 1, hourlyL: 10 });
    const indexL: (number | null)[] = rising(250, 10);
    indexL[13] = null;
    indexL[23] = null;
    const { meterId, terminalId } = home;
    await storeDay(database.adminPool, utilityId, {
      meterId,
      terminalId,
      day: '2026-11-21',
      indexL,
    });
    await storeDays(utilityId, home, { from: '2026-11-22', count: 1, startL: 480, hourlyL: 10 });
    const own = await day(actor, '2026-11-21');
    expect(own.hours).toHaveLength(24);
    expect(own.hours[0]).toMatchObject({ hourEnding: 1, state: 'measured', usageL: 10 });
    expect(own.hours[23]).toMatchObject({
      startsAt: '2026-11-21T23:00:00+09:00',
      endsAt: '2026-11-22T00:00:00+09:00',
    });
    expect(own.hours[13]?.state).toBe('spanned');
    expect(own.hours[23]?.state).toBe('spanned');
    expect(own.usage).toMatchObject({ usageL: 230, untilHour: 23, hoursWithout: 3 });
    expect(own.gaps.map(({ to, usageL }) => [to.day, to.hourEnding, usageL])).toEqual([
      ['2026-11-21', 15, 20],
      ['2026-11-22', 1, 20],
    ]);
    expect(own).toMatchObject({ firstDay: '2026-11-20', finalDay: '2026-11-23' });
  });
});

describe('an invalid request', () => {
  test('is refused with its field', async () => {
    const { actor } = await household();
    await expect(month(actor, '2026-13')).rejects.toMatchObject({
      code: 'invalid_input',
      details: { faults: [{ field: 'month', message: 'month is written YYYY-MM' }] },
    });
    await expect(day(actor, '2026-02-30')).rejects.toMatchObject({
      code: 'invalid_input',
      details: { faults: [{ field: 'day', message: 'day is a calendar day YYYY-MM-DD' }] },
    });
  });

  test.each(['admin', 'analyst', 'billing'] as const)(
    'refuses staff in the role %s',
    async (role) => {
      const { utilityId } = await household();
      const staff: Actor = { kind: 'staff', utilityId, accountId: 1, role, sessionId: 's' };
      await expect(month(staff)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(day(staff, '2026-11-01')).rejects.toMatchObject({ code: 'forbidden' });
    },
  );
});
