import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, addMonths, daysBetween, monthOf } from '../time.ts';
import { type PeriodRule, periodMonthOf, usagePeriod } from './usage-period.ts';

test.each([
  { month: '2026-11', closingDay: 20, firstDay: '2026-10-21', lastDay: '2026-11-20' },
  { month: '2027-01', closingDay: 5, firstDay: '2026-12-06', lastDay: '2027-01-05' },
  { month: '2026-03', closingDay: 30, firstDay: '2026-03-01', lastDay: '2026-03-30' },
  { month: '2028-02', closingDay: 29, firstDay: '2028-01-30', lastDay: '2028-02-29' },
  { month: '2026-02', closingDay: 31, firstDay: '2026-02-01', lastDay: '2026-02-28' },
])(
  'the billing period of $month with closing day $closingDay',
  ({ month, closingDay, ...days }) => {
    expect(usagePeriod(month, { kind: 'billing', closingDay })).toEqual({ month, ...days });
  },
);

test('billing periods that close at month end are the calendar months', () => {
  for (let month = '2027-01'; month < '2029-01'; month = addMonths(month, 1)) {
    const billing = usagePeriod(month, { kind: 'billing', closingDay: 31 });
    expect(billing).toEqual(usagePeriod(month, { kind: 'calendar', closingDay: 31 }));
  }
});

const rule = fc.record<PeriodRule>({
  kind: fc.constantFrom('calendar', 'billing'),
  closingDay: fc.integer({ min: 1, max: 31 }),
});

test('each day lies in exactly one period, and each period begins after the one before it', () => {
  fc.assert(
    fc.property(rule, fc.integer({ min: 0, max: 3_000 }), (periods, offset) => {
      const day = addDays('2023-01-01', offset);
      const period = usagePeriod(periodMonthOf(day, periods), periods);
      expect(period.firstDay <= day && day <= period.lastDay).toBe(true);
      const next = usagePeriod(addMonths(period.month, 1), periods);
      expect(next.firstDay).toBe(addDays(period.lastDay, 1));
      expect(monthOf(period.lastDay)).toBe(period.month);
      expect(daysBetween(period.firstDay, period.lastDay)).toBeGreaterThanOrEqual(27);
    }),
  );
});
