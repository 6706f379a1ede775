/** Closings of one supply point, whose closing day may have been changed. Pure; days are JST. */
import { addDays, addMonths, dayOf, instantOf, monthOf } from '../time.ts';
import { type Closing, closingDate } from './closing-day.ts';

/** The closing day now, and those before, oldest first; `untilOn` is the first day on which one did not hold any more. */
export interface ClosingDays {
  closingDay: number;
  former: readonly { untilOn: string; closingDay: number }[];
}

/** A closing of a supply point with the closing day that it had then. */
export interface DatedClosing extends Closing {
  closingDay: number;
}

const BEGINNING = '0000-01-01';
const END = '9999-12-31';

/** The closing day on a date. */
export function closingDayOn({ closingDay, former }: ClosingDays, on: string): number {
  return former.find(({ untilOn }) => untilOn > on)?.closingDay ?? closingDay;
}

/**
 * Closings on or after a day, oldest first, up to the first one whose instant has not passed, at most `limit`. Each has
 * the closing before it, of whatever closing day.
 */
export function closingsSince(
  days: ClosingDays,
  { fromOn, now, limit }: { fromOn: string; now: Date; limit: number },
): DatedClosing[] {
  const closings: DatedClosing[] = [];
  let previousOn = lastBefore(days, fromOn);
  while (closings.length < limit) {
    const closesOn = firstFrom(days, addDays(previousOn, 1));
    closings.push({ closesOn, previousOn, closingDay: closingDayOn(days, closesOn) });
    if (instantOf(closesOn, 24) > now) break;
    previousOn = closesOn;
  }
  return closings;
}

/** The first closing that has not passed. */
export function nextClosing(days: ClosingDays, now: Date): DatedClosing {
  const [next] = closingsSince(days, { fromOn: dayOf(now), now, limit: 1 });
  if (!next) throw new Error('a supply point has a closing to come');
  return next;
}

function spansOf({ closingDay, former }: ClosingDays) {
  const spans = [...former, { closingDay, untilOn: END }];
  return spans.map((span, at) => ({ ...span, fromOn: spans[at - 1]?.untilOn ?? BEGINNING }));
}

/** The first closing on a day or later. */
function firstFrom(days: ClosingDays, on: string): string {
  for (const { fromOn, untilOn, closingDay } of spansOf(days)) {
    const first = closingFrom(fromOn > on ? fromOn : on, closingDay);
    if (untilOn > on && first < untilOn) return first;
  }
  throw new Error('the last closing day has no end');
}

/** The last closing before a day. */
function lastBefore(days: ClosingDays, on: string): string {
  for (const { fromOn, untilOn, closingDay } of spansOf(days).reverse()) {
    if (fromOn >= on) continue;
    const last = closingUpTo(addDays(untilOn < on ? untilOn : on, -1), closingDay);
    if (last >= fromOn) return last;
  }
  throw new Error('the first closing day has no beginning');
}

function closingFrom(on: string, closingDay: number): string {
  const same = closingDate(monthOf(on), closingDay);
  return same >= on ? same : closingDate(addMonths(monthOf(on), 1), closingDay);
}

function closingUpTo(on: string, closingDay: number): string {
  const same = closingDate(monthOf(on), closingDay);
  return same <= on ? same : closingDate(addMonths(monthOf(on), -1), closingDay);
}
