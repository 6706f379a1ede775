/**
 * Sentences on a household's month. Each holds whatever happened in the hours that were not received; docs/usage.md
 * lists them with their conditions.
 */
import { addDays, daysBetween, monthOf } from '../../lib/time.ts';
import { averageDayL, gapDays, highestDay } from '../../lib/usage/usage-claims.ts';
import { hourNumber } from '../../lib/usage/usage-line.ts';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import { cubicMetresShown } from '../text/figure-text.ts';
import type { Reader } from './usage-text.ts';
import { instantText, monthText, shortDayText, sinceText, tenthsOfM3 } from './usage-text.ts';

/** The month compared with. */
export type Against = 'lastMonth' | 'lastYear';

export interface Sentence {
  tone: 'less' | 'more' | 'same' | 'unknown';
  text: string;
}

/** Share of the other usage from which a difference is also told as a ratio. */
const RATIO_FROM = 0.3;

/**
 * Sentence of comparison. Its amount is the difference of the two figures as displayed; where one of them is not exact,
 * only the direction is told, and that only when it is certain.
 */
export function comparisonSentence(own: OwnMonthWire, against: Against, reader: Reader): Sentence {
  const { totalL } = own.usage;
  const { comparableL, direction } = own[against];
  const say = (wording: Wording, values: Record<string, string> = {}) =>
    reader.t(`compare.${own.progress}.${wording}`, {
      other: otherText(own, against, reader),
      ...values,
    });
  if (totalL === null || comparableL === null) {
    if (direction === null) return { tone: 'unknown', text: say('unknown') };
    return { tone: direction, text: say(`${direction}Surely`) };
  }
  const tenths = tenthsOfM3(totalL) - tenthsOfM3(comparableL);
  if (tenths === 0) return { tone: 'same', text: say('same') };
  const tone = tenths < 0 ? 'less' : 'more';
  const amount = cubicMetresShown(Math.abs(tenths) * 100);
  const ratio = comparableL === 0 ? 1 : totalL / comparableL;
  if (Math.abs(ratio - 1) < RATIO_FROM) return { tone, text: say(tone, { amount }) };
  const values = { amount, ratio: ratio.toFixed(1), percent: String(Math.round(ratio * 100)) };
  return { tone, text: say(tone === 'more' ? 'muchMore' : 'muchLess', values) };
}

type Wording =
  | Exclude<Sentence['tone'], 'unknown'>
  | 'unknown'
  | 'muchMore'
  | 'muchLess'
  | 'moreSurely'
  | 'lessSurely';

function otherText(own: OwnMonthWire, against: Against, reader: Reader): string {
  const month = monthText(own[against].usage.month, own.period, reader);
  if (own.progress === 'over') return reader.t('compare.other.whole', { month });
  if (isThisMonth(own, reader)) return reader.t(`compare.other.${against}`);
  return reader.t('compare.other.soFar', { month });
}

/** True for the calendar month of today, which has names of its own: 今月, 先月, 去年. */
export function isThisMonth({ period, usage }: OwnMonthWire, { today }: Reader): boolean {
  return period === 'calendar' && usage.month === monthOf(today);
}

export function headline(own: OwnMonthWire, reader: Reader): string {
  if (own.progress === 'running' && isThisMonth(own, reader)) {
    return reader.t('headline.thisMonth');
  }
  const key = own.progress === 'running' ? 'headline.soFar' : 'headline.total';
  return reader.t(key, { month: monthText(own.usage.month, own.period, reader) });
}

/** From when and up to when the figure counts; empty without readings. */
export function reachSentences(own: OwnMonthWire, reader: Reader): string[] {
  const { t } = reader;
  const { from, until, firstDay } = own.usage;
  if (!from || !until) return [];
  const late = hourNumber(from.day, from.hourEnding) - hourNumber(firstDay, 0);
  const since = late > 0 ? 'reach.since' : 'reach.sinceEarlier';
  return [
    ...(late === 0 ? [] : [t(since, { time: sinceText(from, reader) })]),
    t(`reach.${reachOf(own, until, reader)}`, { time: instantText(until, reader) }),
  ];
}

type Reach = 'until' | 'untilSome' | 'untilNext';

/** What is known of the time after the last register of the month. */
function reachOf(
  { usage, progress }: OwnMonthWire,
  until: NonNullable<OwnMonthWire['usage']['until']>,
  { today }: Reader,
): Reach {
  const lastDay = usage.days.findLast(({ state }) => state !== 'outside')?.day ?? usage.lastDay;
  if (until.day === lastDay && until.hourEnding === 24) return 'until';
  if (usage.gaps.some(({ to }) => to.day > lastDay)) return 'untilNext';
  const isFresh = daysBetween(until.day, today) <= 2 && until.hourEnding === 24;
  return progress === 'running' && isFresh ? 'until' : 'untilSome';
}

/** Average and highest day; empty where they are not known. */
export function dailySentences({ usage }: OwnMonthWire, { t, locale }: Reader): string[] {
  const averageL = averageDayL(usage);
  const highest = highestDay(usage);
  const average =
    averageL === undefined ? [] : [t('average', { amount: cubicMetresShown(averageL, 2) })];
  if (highest === undefined) return average;
  const key = highest.certain ? 'most.certain' : 'most.known';
  const amount = cubicMetresShown(highest.usageL, 2);
  return [...average, t(key, { day: shortDayText(highest.day, locale), amount })];
}

/** Notes on the month's figures, the most important first; empty in an ordinary month. */
export function attentionSentences({ usage }: OwnMonthWire, reader: Reader): string[] {
  const { t } = reader;
  const marks = (['fallen', 'exchanged', 'unnoted', 'implausible'] as const)
    .filter((mark) => usage.marks.includes(mark))
    .map((mark) => t(`attention.${mark}`));
  const { counted, next } = gapDays(usage);
  const isCounted = counted.length > 0 && usage.totalL !== null;
  return [
    ...marks,
    ...(isCounted ? [t('attention.gaps', { days: daysText(counted, reader) })] : []),
    ...(next.length > 0 ? [t('attention.gapsNext', { days: daysText(next, reader) })] : []),
  ];
}

/** Runs of days that are named; the others are counted. */
const RUNS_NAMED = 3;

/** 11月5日〜11月7日、11月9日、ほか2日 */
function daysText(days: readonly string[], { t, locale }: Reader): string {
  const runs: { from: string; to: string; count: number }[] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run && addDays(run.to, 1) === day) Object.assign(run, { to: day, count: run.count + 1 });
    else runs.push({ from: day, to: day, count: 1 });
  }
  const named = runs.slice(0, RUNS_NAMED).map(({ from, to }) => {
    const begin = shortDayText(from, locale);
    return from === to ? begin : t('days.run', { from: begin, to: shortDayText(to, locale) });
  });
  const more = runs.slice(RUNS_NAMED).reduce((sum, { count }) => sum + count, 0);
  return [...named, ...(more > 0 ? [t('days.more', { count: more })] : [])].join(t('days.joint'));
}
