/** Days and instants in the form that staff read, in the page's language and in JST. */
import { formatJst } from '../../lib/time.ts';

/** 11月22日(日) */
export function dayText(day: string, locale: string): string {
  return ofDay(day, locale, { month: 'long', day: 'numeric', weekday: 'short' });
}

/** 2026年11月22日(日), for days that may be of another year. */
export function fullDayText(day: string, locale: string): string {
  return ofDay(day, locale, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' });
}

/** 11/22, for an axis. */
export function axisDay(day: string): string {
  return `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`;
}

/** 11月, for an axis of months; with the year in January: 2026年1月. */
export function axisMonth(day: string, locale: string): string {
  const january = day.slice(5, 7) === '01';
  return ofDay(day, locale, january ? { year: 'numeric', month: 'short' } : { month: 'short' });
}

/** 11月23日(月) 14:05 of an instant in ISO 8601. */
export function instantText(instant: string, locale: string): string {
  return ofInstant(instant, locale, {});
}

/** 2026年11月23日(月) 14:05, for instants that may be of another year. */
export function fullInstantText(instant: string, locale: string): string {
  return ofInstant(instant, locale, { year: 'numeric' });
}

function ofInstant(instant: string, locale: string, more: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, {
    ...more,
    month: locale === 'ja' ? 'long' : 'short',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    // With hour12: false some browsers show 24:05 in English five minutes after midnight.
    hourCycle: 'h23',
    timeZone: 'Asia/Tokyo',
  }).format(new Date(instant));
}

function ofDay(day: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** 2026/11/22, for a file: a spreadsheet reads it as a date in every language. Empty where there is no day. */
export function fileDay(day: string | null): string {
  return day?.replaceAll('-', '/') ?? '';
}

/** 2026/11/23 14:05 in JST, for a file. Empty where there is no instant. */
export function fileInstant(instant: string | null): string {
  if (instant === null) return '';
  const text = formatJst(new Date(instant));
  return `${fileDay(text.slice(0, 10))} ${text.slice(11, 16)}`;
}

/** `2026年11月`; English: `November 2026`. */
export function monthText(month: string, locale: string): string {
  const shape = { year: 'numeric', month: 'long', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, shape).format(new Date(`${month}-01T00:00:00Z`));
}
