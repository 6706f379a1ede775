/** Times in the Japanese texts of a household, read back for the test of their truth. All are of one year. */
import { addDays } from '../../lib/time.ts';
import { hourNumber } from '../../lib/usage/usage-line.ts';

const DAY = /(\d+)月(\d+)日/;
const YEAR = '2026';

/** The day of 3月22日（日）. */
export function dayOfText(text: string): string {
  const [, month = '', day = ''] = DAY.exec(text) ?? [];
  return `${YEAR}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** Hour number of 3月22日（日）24:00, or of 24:00 on the given day. */
export function instantOfText(text: string, day?: string): number {
  const [, hour] = /(\d+):00/.exec(text) ?? [];
  return hourNumber(DAY.test(text) ? dayOfText(text) : (day ?? ''), Number(hour));
}

/** Hour numbers of 3月5日0時〜3月7日1時, or of 21時〜22時 on the given day. */
export function spanOfText(text: string, day?: string): { from: number; to: number } {
  const [first = '', last = ''] = text.split('〜');
  const firstDay = DAY.test(first) ? dayOfText(first) : (day ?? '');
  const lastDay = DAY.test(last) ? dayOfText(last) : firstDay;
  const hourOf = (part: string) => Number(/(\d+)時/.exec(part)?.[1]);
  return { from: hourNumber(firstDay, hourOf(first)), to: hourNumber(lastDay, hourOf(last)) };
}

/** Days of 3月5日〜3月7日、3月9日、ほか2日, and the number of those that are not named. */
export function daysOfText(text: string): { named: string[]; more: number } {
  const more = Number(/ほか(\d+)日/.exec(text)?.[1] ?? 0);
  const named = text.split('、').flatMap((run) => {
    if (!DAY.test(run)) return [];
    const [first = '', last = first] = run.split('〜');
    const days: string[] = [];
    for (let day = dayOfText(first); day <= dayOfText(last); day = addDays(day, 1)) days.push(day);
    return days;
  });
  return { named, more };
}
