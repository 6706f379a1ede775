/**
 * The one form of hours on the pages. An hour has its two ends (21時〜22時), an instant is a clock time (21:00); a
 * register and a pressure belong to an instant, a usage to an hour. Hour ending k (1…24) is the hour from k − 1 to k.
 */
import { addDays } from '../../lib/time.ts';

/** An instant of a register; hour ending 24 is the end of the day. */
interface DayHour {
  day: string;
  hourEnding: number;
}

/** 21:00 */
export function clockText(hour: number): string {
  return `${hour}:00`;
}

/** 21時〜22時; in English 21:00–22:00. */
export function hourText(hourEnding: number, locale: string): string {
  return betweenText(hourEnding - 1, hourEnding, locale);
}

/** 21〜22時, for an axis; in English 21–22. */
export function hourAxisText(hourEnding: number, locale: string): string {
  const from = hourEnding - 1;
  return locale === 'ja' ? `${from}〜${hourOnly(hourEnding, locale)}` : `${from}–${hourEnding}`;
}

interface SpanReader {
  locale: string;
  /** Form of a day: 11月9日. */
  dayText: (day: string) => string;
}

/**
 * Time between two registers: 11月9日20時〜22時, or 11月9日22時〜11月10日2時. With `within`, a day on which all of it lies is
 * not named: 20時〜22時.
 */
export function spanText(
  span: { from: DayHour; to: DayHour },
  { locale, dayText }: SpanReader,
  within?: string,
): string {
  const from = asBeginning(span.from);
  const { to } = span;
  const space = locale === 'ja' ? '' : ' ';
  const begin = hourOnly(from.hourEnding, locale);
  const end = hourOnly(to.hourEnding, locale);
  if (from.day === to.day) {
    const hours = betweenText(from.hourEnding, to.hourEnding, locale);
    return from.day === within ? hours : `${dayText(from.day)}${space}${hours}`;
  }
  const joint = locale === 'ja' ? '〜' : ' – ';
  return `${dayText(from.day)}${space}${begin}${joint}${dayText(to.day)}${space}${end}`;
}

/** The instant as the beginning of a time: 24:00 of a day is 0:00 of the next. */
export function asBeginning({ day, hourEnding }: DayHour): DayHour {
  return hourEnding < 24 ? { day, hourEnding } : { day: addDays(day, 1), hourEnding: 0 };
}

function betweenText(from: number, to: number, locale: string): string {
  return `${hourOnly(from, locale)}${locale === 'ja' ? '〜' : '–'}${hourOnly(to, locale)}`;
}

function hourOnly(hour: number, locale: string): string {
  return locale === 'ja' ? `${hour}時` : clockText(hour);
}
