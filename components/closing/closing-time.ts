/** Days and instants as the closing page writes them, in JST and in the page's language. Pure. */
import { readingClock } from '../../lib/closing/reading-clock.ts';
import { dayOf } from '../../lib/time.ts';

export interface ClosingTime {
  /** 11月20日; with the year when it is not the present one. */
  day: (day: string) => string;
  /** 11月27日 0:15 */
  instant: (instant: string) => string;
  /** 11月27日(金) 9:12 */
  dated: (instant: string) => string;
  /** 8:21 */
  clock: (instant: string) => string;
  /** 11月20日 24:00: midnight belongs to the day that it closes. */
  reading: (readAt: string) => string;
  /** 11月26日 14:52 and 15:22, the day of the second only when it is another. */
  window: (from: string, until: string) => { from: string; until: string };
}

/** @param today the present JST day */
export function closingTime(locale: string, today: string): ClosingTime {
  const month = locale === 'ja' ? 'long' : 'short';
  const dayWith = (of: string, weekday: 'short' | undefined) => {
    const year = of.slice(0, 4) === today.slice(0, 4) ? undefined : 'numeric';
    const options = { year, month, day: 'numeric', weekday, timeZone: 'UTC' } as const;
    return new Intl.DateTimeFormat(locale, options).format(new Date(`${of}T00:00:00Z`));
  };
  const day = (of: string) => dayWith(of, undefined);
  const clock = (instant: string) => {
    const options = { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' } as const;
    const parts = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'Asia/Tokyo' });
    // 08:21 is written 8:21.
    return parts.format(new Date(instant)).replace(/^0(?=\d)/, '');
  };
  const dayAt = (instant: string) => day(dayOf(new Date(instant)));
  const instant = (at: string) => `${dayAt(at)} ${clock(at)}`;
  const dated = (at: string) => `${dayWith(dayOf(new Date(at)), 'short')} ${clock(at)}`;
  const reading = (readAt: string) => {
    const { day: on, clock: at } = readingClock(readAt);
    return `${day(on)} ${at}`;
  };
  const window = (from: string, until: string) => ({
    from: instant(from),
    until: dayAt(from) === dayAt(until) ? clock(until) : instant(until),
  });
  return { day, instant, dated, clock, reading, window };
}
