/**
 * Closing days: 1…31; in a shorter month the last day closes, so 31 is month end. A closing is the instant 24:00 JST of
 * its day; months are YYYY-MM, both ends included.
 */
import { elementAt } from '../certain.ts';
import { invalidField } from '../errors.ts';
import { addMonths, dayOf, daysInMonth, instantOf, monthOf } from '../time.ts';

export const MONTH_END = 31;

/** One closing: the day whose 24:00 counts, and the closing day a month earlier. */
export interface Closing {
  closesOn: string;
  previousOn: string;
}

export interface ClosingCalendar {
  /** Closings whose instant has passed, in order. */
  closings: Closing[];
  /** Days of closings that have not passed, in order; nothing can be exported for them. */
  futureOn: string[];
}

/** The day of `month` on which `closingDay` (1…31) closes. */
export function closingDate(month: string, closingDay: number): string {
  const day = Math.min(closingDay, daysInMonth(month));
  return `${month}-${String(day).padStart(2, '0')}`;
}

/** `5`, `05`, `31` or `end` as a closing day 1…31. @throws DomainError `invalid_input` */
export function parseClosingDay(text: string): number {
  if (text === 'end') return MONTH_END;
  const day = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (day < 1 || day > MONTH_END) {
    throw invalidField('closingDay', `the closing day is 1 to 31 or "end", not "${text}"`);
  }
  return day;
}

export interface ClosingPeriod {
  closingDay: number;
  fromMonth: string;
  toMonth: string;
}

const MAX_MONTHS = 240;

/** The closings of a closing day from one month to another, split at `now`. @throws DomainError `invalid_input` */
export function closingCalendar(period: ClosingPeriod, now: Date): ClosingCalendar {
  if (period.toMonth < period.fromMonth) {
    throw invalidField(
      'to',
      `the last month ${period.toMonth} lies before the first, ${period.fromMonth}`,
    );
  }
  const calendar: ClosingCalendar = { closings: [], futureOn: [] };
  let months = 0;
  for (let month = period.fromMonth; month <= period.toMonth; month = addMonths(month, 1)) {
    months += 1;
    if (months > MAX_MONTHS) {
      throw invalidField('to', `at most ${MAX_MONTHS} months can be asked at once`);
    }
    const closesOn = closingDate(month, period.closingDay);
    if (instantOf(closesOn, 24) > now) calendar.futureOn.push(closesOn);
    else {
      const previousOn = closingDate(addMonths(month, -1), period.closingDay);
      calendar.closings.push({ closesOn, previousOn });
    }
  }
  return calendar;
}

/** The latest closing of a closing day whose instant has passed. */
export function latestClosing(closingDay: number, now: Date): Closing {
  const toMonth = monthOf(dayOf(now));
  const { closings } = closingCalendar(
    { closingDay, fromMonth: addMonths(toMonth, -1), toMonth },
    now,
  );
  return elementAt(closings, -1);
}
