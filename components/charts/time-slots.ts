/** Positions on the time axis of a staff chart: days, hours of usage, instants of pressure. */
import { axisDay, axisMonth, dayText, fullDayText } from '../text/date-text.ts';
import { clockText, hourAxisText, hourText } from '../text/hour-text.ts';
import type { Slot } from './chart-model.ts';

export function slotKey(day: string, hourEnding: number | null): string {
  return hourEnding === null ? day : `${day} ${String(hourEnding).padStart(2, '0')}`;
}

/** Axis position of a day: labelled every day over some weeks, only the first of each month over a longer period. */
export function daySlotOf(day: string, days: number, locale: string): Slot {
  const isFirst = day.endsWith('-01');
  const label = days > 62 ? (isFirst ? axisMonth(day, locale) : '') : axisDay(day);
  return {
    key: slotKey(day, null),
    at: { day, hourEnding: null },
    label,
    title: fullDayText(day, locale),
  };
}

/** Axis position of an hour of usage, named by its two ends; `days` is the number of days on the axis. */
export function hourSlotOf(day: string, hourEnding: number, days: number, locale: string): Slot {
  return slotOf({ day, hourEnding, days }, locale, {
    label: hourAxisText(hourEnding, locale),
    title: hourText(hourEnding, locale),
  });
}

/** Axis position of the instant at which an hour ends, as a clock time. */
export function instantSlotOf(day: string, hourEnding: number, days: number, locale: string): Slot {
  const text = clockText(hourEnding);
  return slotOf({ day, hourEnding, days }, locale, { label: text, title: text });
}

/** Each position is labelled in up to two days, beyond that only the first of a day. */
function slotOf(
  { day, hourEnding, days }: { day: string; hourEnding: number; days: number },
  locale: string,
  hour: { label: string; title: string },
): Slot {
  const label = days <= 2 ? hour.label : '';
  return {
    key: slotKey(day, hourEnding),
    at: { day, hourEnding },
    label: hourEnding === 1 && days > 1 ? axisDay(day) : label,
    title: `${dayText(day, locale)} ${hour.title}`,
  };
}
