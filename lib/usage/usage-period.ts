/**
 * Months in which a household reads its usage: a calendar month (暦の月), or a billing period (検針の期間, 料金算定期間) from
 * the day after one closing day to the next. A billing period is named by the month in which it closes. Both ends of a
 * period are included.
 */
import { closingDate } from '../closing/closing-day.ts';
import { addDays, addMonths, daysInMonth, monthOf } from '../time.ts';

export const PERIOD_KINDS = ['calendar', 'billing'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** Division of time into months; `closingDay` is 1…31, 31 being the end of the month. */
export interface PeriodRule {
  kind: PeriodKind;
  closingDay: number;
}

export interface UsagePeriod {
  /** YYYY-MM. */
  month: string;
  firstDay: string;
  lastDay: string;
}

/** The period of a month. @throws RangeError when the text is not a month. */
export function usagePeriod(month: string, { kind, closingDay }: PeriodRule): UsagePeriod {
  if (kind === 'calendar') {
    return { month, firstDay: `${month}-01`, lastDay: `${month}-${daysInMonth(month)}` };
  }
  const previousOn = closingDate(addMonths(month, -1), closingDay);
  return { month, firstDay: addDays(previousOn, 1), lastDay: closingDate(month, closingDay) };
}

/** The month, YYYY-MM, whose period contains the day. */
export function periodMonthOf(day: string, { kind, closingDay }: PeriodRule): string {
  const month = monthOf(day);
  if (kind === 'calendar' || day <= closingDate(month, closingDay)) return month;
  return addMonths(month, 1);
}
