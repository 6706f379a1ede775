import { dayText, fullDayText } from './date-text.ts';

/** 11月16日(月)〜11月22日(日); one day alone; with years where the two differ or the period is long past. */
export function periodText(
  { from, to }: { from: string; to: string },
  locale: string,
  today: string,
): string {
  const isThisYear = from.slice(0, 4) === to.slice(0, 4) && to.slice(0, 4) === today.slice(0, 4);
  const text = isThisYear ? dayText : fullDayText;
  const joint = locale === 'ja' ? '〜' : ' – ';
  return from === to ? text(to, locale) : `${text(from, locale)}${joint}${text(to, locale)}`;
}
