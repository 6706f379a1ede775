import { isCertain } from '../../lib/usage/usage-bounds.ts';
import { hourNumber } from '../../lib/usage/usage-line.ts';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import { cubicMetresShown } from '../text/figure-text.ts';
import type { Reader } from './usage-text.ts';
import { instantText, monthText } from './usage-text.ts';

/** Sentences on the month before, and on the same month of the year before, for a month without any reading. */
export function nothingYetSentences(own: OwnMonthWire, reader: Reader): string[] {
  const { t } = reader;
  const before = own.lastMonth.usage;
  const yearAgo = own.lastYear.usage;
  const valuesOf = ({ month, totalL }: typeof before) => ({
    month: monthText(month, own.period, reader),
    amount: cubicMetresShown(totalL ?? 0),
  });
  const sentences: string[] = [];
  if (before.complete) {
    sentences.push(t('empty.month.before', valuesOf(before)));
  } else if (before.until !== null && isCountedFromStart(before)) {
    const time = instantText(before.until, reader);
    sentences.push(t('empty.month.beforeUntil', { ...valuesOf(before), time }));
  }
  if (yearAgo.complete) sentences.push(t('empty.month.yearAgo', valuesOf(yearAgo)));
  return sentences;
}

/** True when the total is exactly the usage from the month's beginning to its last register. */
function isCountedFromStart({ from, firstDay, totalL, marks }: OwnMonthWire['usage']): boolean {
  if (from === null || totalL === null || !isCertain(marks)) return false;
  return hourNumber(from.day, from.hourEnding) === hourNumber(firstDay, 0);
}
