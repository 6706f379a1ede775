import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import type { Household } from '../../db/testing/fixtures.ts';
import type { TestDatabase } from '../../db/testing/testing.ts';
import { testDatabase } from '../../db/testing/testing.ts';
import type { Actor } from '../actor.ts';
import { instantOf } from '../time.ts';
import { getOwnMonth } from './own-usage-queries.ts';
import { type DayRun, ownHousehold, storeRisingDays } from './testing-own-household.ts';
import type { PeriodKind } from './usage-period.ts';

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

function month(actor: Actor, name?: string, now = NOW, period?: PeriodKind) {
  return readAs(database.db, actor.utilityId, (db) =>
    getOwnMonth(db, actor, { month: name, period, now }),
  );
}

const household = (closingDay?: number) => ownHousehold(database.adminPool, closingDay);

describe('a billing period of the own household', () => {
  test('runs from the day after a closing day to the next, and is compared as a month is', async () => {
    const { utilityId, home, actor } = await household(20);
    await storeDays(utilityId, home, { from: '2026-08-31', count: 84, hourlyL: 10 });
    const november = await month(actor, '2026-11', NOW, 'billing');
    expect(november).toMatchObject({
      period: 'billing',
      closingDay: 20,
      progress: 'over',
      firstMonth: '2026-09',
      finalMonth: '2026-12',
      firstDay: '2026-08-31',
      finalDay: '2026-11-23',
      usage: { firstDay: '2026-10-21', lastDay: '2026-11-20', totalL: 31 * 240, complete: true },
      lastMonth: { usage: { firstDay: '2026-09-21' }, comparableL: 30 * 240, direction: 'more' },
    });
    const latest = await month(actor, undefined, NOW, 'billing');
    expect(latest).toMatchObject({ progress: 'running', usage: { month: '2026-12' } });
    expect(latest.usage.totalL).toBe(2 * 240);
    expect(latest.lastMonth.comparableL).toBe(2 * 240);
    await expect(month(actor, '2026-08', NOW, 'billing')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('is the calendar month by default, and where the closing day is the end of the month', async () => {
    const { utilityId, home, actor } = await household();
    await storeDays(utilityId, home, { from: '2026-10-31', count: 10, hourlyL: 10 });
    const [calendar, billing] = [await month(actor), await month(actor, '2026-11', NOW, 'billing')];
    expect(calendar.period).toBe('calendar');
    expect(billing.usage).toEqual(calendar.usage);
  });
});

describe('on the first day of a month', () => {
  const FIRST = instantOf('2026-12-01', 9);

  test('the latest month is the last with a reading, and runs until its last report is due', async () => {
    const { utilityId, home, actor } = await household();
    await storeDays(utilityId, home, { from: '2026-09-30', count: 61, hourlyL: 10 });
    const own = await month(actor, undefined, instantOf('2026-12-01', 3));
    expect(own).toMatchObject({ progress: 'running', finalMonth: '2026-12' });
    expect(own.usage).toMatchObject({ month: '2026-11', totalL: 29 * 240 });
    expect(own.lastMonth.comparableL).toBe(29 * 240);
    const december = await month(actor, '2026-12', FIRST);
    expect(december.usage).toMatchObject({ totalL: null, until: null });
    expect(december.lastMonth.usage.totalL).toBe(29 * 240);
  });

  test('the month before is over when its last report is there, or is overdue', async () => {
    const { utilityId, home, actor } = await household();
    await storeDays(utilityId, home, { from: '2026-09-30', count: 62, hourlyL: 10 });
    expect(await month(actor, undefined, FIRST)).toMatchObject({
      progress: 'over',
      usage: { month: '2026-11', complete: true },
      lastMonth: { comparableL: 31 * 240, direction: 'less' },
    });
    const late = await household();
    await storeDays(late.utilityId, late.home, { from: '2026-09-30', count: 61, hourlyL: 10 });
    expect(await month(late.actor, undefined, FIRST)).toMatchObject({
      progress: 'over',
      usage: { month: '2026-11', complete: false },
      lastMonth: { comparableL: null, direction: null },
    });
  });

  test('readings that a meter of the household sent from elsewhere do not count as a month of it', async () => {
    const { utilityId, home, actor } = await household();
    await storeDays(utilityId, home, { from: '2026-09-30', count: 30, hourlyL: 10 });
    await database.adminPool.query(
      'update meter_fitting set removed_at = $1 where utility_id = $2 and meter_id = $3',
      ['2026-10-29T00:00:00+09:00', utilityId, home.meterId],
    );
    await storeDays(utilityId, home, { from: '2026-11-10', count: 3, startL: 9_000, hourlyL: 10 });
    expect((await month(actor)).usage.month).toBe('2026-10');
  });
});
