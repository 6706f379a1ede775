/** Days, months and instants in the form that a household reads. */
import type { useTranslations } from 'next-intl';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import { asBeginning, clockText, spanText } from '../text/hour-text.ts';

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

/** A register's instant. */
export interface DayHour {
  day: string;
  hourEnding: number;
}

/** 11月22日（日） */
export function dayText(day: string, locale: string): string {
  return formatted(day, locale, { month: 'short', day: 'numeric', weekday: 'short' });
}

/** 11月22日 */
export function shortDayText(day: string, locale: string): string {
  return formatted(day, locale, { month: 'short', day: 'numeric' });
}

/** 2026年11月22日 */
function fullDayText(day: string, locale: string): string {
  return formatted(day, locale, { year: 'numeric', month: 'short', day: 'numeric' });
}

/** 2026年11月, or 2026年11月検針分 of a billing period. */
export function monthText(
  month: string,
  period: OwnMonthWire['period'],
  { t, locale }: Reader,
): string {
  const name = formatted(`${month}-01`, locale, { year: 'numeric', month: 'long' });
  return t(`period.${period}Month`, { month: name });
}

/** 10月21日〜11月20日, with years where they are not both this year's. */
export function fromToText(
  { firstDay, lastDay }: { firstDay: string; lastDay: string },
  { t, locale, today }: Reader,
): string {
  const years = [firstDay, lastDay].map((day) => day.slice(0, 4));
  const text = years.every((year) => year === today.slice(0, 4)) ? shortDayText : fullDayText;
  return t('period.fromTo', { from: text(firstDay, locale), to: text(lastDay, locale) });
}

/** 11月22日（日）24:00 */
export function instantText({ day, hourEnding }: DayHour, { locale }: Reader): string {
  return `${dayText(day, locale)}${locale === 'ja' ? '' : ', '}${clockText(hourEnding)}`;
}

/** The instant as the beginning of a time: 24:00 of a day is 0:00 of the next. */
export function sinceText(time: DayHour, reader: Reader): string {
  return instantText(asBeginning(time), reader);
}

/** The hours of a gap: 11月9日20時〜22時, or on the page of that day 20時〜22時. */
export function gapText(
  gap: { from: DayHour; to: DayHour },
  { locale }: Reader,
  within?: string,
): string {
  return spanText(gap, { locale, dayText: (day) => shortDayText(day, locale) }, within);
}

function formatted(day: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  const at = new Date(`${day}T00:00:00Z`);
  const text = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(at);
  return locale === 'ja' ? text.replace('(', '（').replace(')', '）') : text;
}

/** Litres as tenths of a m³, half up: the precision of the page's sentences. */
export function tenthsOfM3(litres: number): number {
  return Math.round(litres / 100);
}
