/** Days, months and amounts in the form that a household reads. */
import type { useTranslations } from 'next-intl';
import { addDays } from '../../lib/time.ts';

/** A translator of the `consumer` messages. */
export type Texts = ReturnType<typeof useTranslations<'consumer'>>;

/** Language and day that texts and charts depend on. */
export interface Reader {
  t: Texts;
  /** `ja` or `en`. */
  locale: string;
  /** Today's JST day. */
  today: string;
}

/** 11月22日(日) */
export function dayText(day: string, locale: string): string {
  return formatted(day, locale, { month: 'short', day: 'numeric', weekday: 'short' });
}

/** 11月22日 */
function shortDayText(day: string, locale: string): string {
  return formatted(day, locale, { month: 'short', day: 'numeric' });
}

/** 2026年11月 */
export function monthText(month: string, locale: string): string {
  return formatted(`${month}-01`, locale, { year: 'numeric', month: 'long' });
}

/** 11月22日 18時 */
export function dayHourText(
  time: { day: string; hourEnding: number },
  { t, locale }: Reader,
): string {
  return t('day.dayAndHour', { day: shortDayText(time.day, locale), hour: time.hourEnding });
}

/** Beginning of a period: 24:00 of a day is shown as 0:00 of the next. */
export function sinceText(time: { day: string; hourEnding: number }, reader: Reader): string {
  if (time.hourEnding < 24) return dayHourText(time, reader);
  return dayHourText({ day: addDays(time.day, 1), hourEnding: 0 }, reader);
}

function formatted(day: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  const at = new Date(`${day}T00:00:00Z`);
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(at);
}

/** Litres as tenths of a m³, half up: the precision of the page's sentences. */
export function tenthsOfM3(litres: number): number {
  return Math.round(litres / 100);
}

/** Litres as m³ with one decimal, or more to tell small amounts apart. */
export function m3Text(litres: number, decimals = 1): string {
  const unitL = 1_000 / 10 ** decimals;
  return (Math.round(litres / unitL) / 10 ** decimals).toFixed(decimals);
}
