/** Sentences on a household's month. */
import { addDays } from '../../lib/time.ts';
import { hourNumber } from '../../lib/usage/usage-line.ts';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import type { Reader } from './usage-text.ts';
import { dayText, m3Text, monthText, sinceText, tenthsOfM3 } from './usage-text.ts';

/** The month compared with. */
export type Against = 'lastMonth' | 'lastYear';

export interface Sentence {
  tone: 'less' | 'more' | 'same' | 'unknown';
  text: string;
}

const WORDING = {
  running: { lastMonth: 'runningLastMonth', lastYear: 'runningLastYear' },
  over: { lastMonth: 'overLastMonth', lastYear: 'overLastYear' },
} as const;

/** Sentence of comparison. Its amount is the difference of the two figures as displayed. */
export function comparisonSentence(own: OwnMonthWire, against: Against, reader: Reader): Sentence {
  const { totalL } = own.usage;
  const { comparableL } = own[against];
  const tenths =
    totalL === null || comparableL === null ? null : tenthsOfM3(totalL) - tenthsOfM3(comparableL);
  const tone = toneOf(tenths);
  const key = `compare.${WORDING[own.progress][against]}.${tone}` as const;
  const text = reader.t(key, {
    amount: m3Text(Math.abs(tenths ?? 0) * 100),
    month: monthText(own[against].usage.month, reader.locale),
  });
  return { tone, text };
}

function toneOf(tenths: number | null): Sentence['tone'] {
  if (tenths === null) return 'unknown';
  if (tenths === 0) return 'same';
  return tenths < 0 ? 'less' : 'more';
}

export function headline(own: OwnMonthWire, { t, locale }: Reader): string {
  if (own.progress === 'running') return t('soFar');
  return t('totalOf', { month: monthText(own.usage.month, locale) });
}

/** From when and up to when the figure counts; empty without readings. */
export function reachSentences(own: OwnMonthWire, reader: Reader): string[] {
  const { t, locale, today } = reader;
  const { from, until, month } = own.usage;
  if (!from || !until) return [];
  const begunLate = hourNumber(from.day, from.hourEnding) > hourNumber(`${month}-01`, 0);
  const since = t('since', { time: sinceText(from, reader) });
  const stale =
    own.progress === 'running' &&
    hourNumber(until.day, until.hourEnding) < hourNumber(addDays(today, -2), 24);
  const upTo = t(stale ? 'untilSome' : 'until', {
    day: dayText(until.day, locale),
    hour: until.hourEnding,
  });
  return begunLate ? [since, upTo] : [upTo];
}

/** Notes on the month's figures, the most important first; empty in an ordinary month. */
export function attentionSentences(own: OwnMonthWire, { t }: Reader): string[] {
  const { marks, gaps, until } = own.usage;
  const sentences = (['fallen', 'exchanged', 'unnoted', 'implausible'] as const)
    .filter((mark) => marks.includes(mark))
    .map((mark) => t(`attention.${mark}`));
  const counted = until !== null && gaps.some(({ to }) => to.day <= until.day);
  return counted && !marks.includes('fallen') ? [...sentences, t('attention.gaps')] : sentences;
}
