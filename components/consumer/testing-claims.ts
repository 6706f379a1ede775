/** Conditions under which the texts on a household's usage are true, for the test of all of them. */
import { hoursOfPeriod } from '../../lib/usage/month-usage.ts';
import { hourNumber, type UsageLine } from '../../lib/usage/usage-line.ts';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import { dayOfText, daysOfText, instantOfText, spanOfText } from './testing-said-times.ts';

/** Values of the texts that have a condition of their truth. */
interface SaidValues {
  amount?: string;
  day?: string;
  days?: string;
  hour?: string;
  percent?: string;
  ratio?: string;
  span?: string;
  time?: string;
}

/** A text that was said: its key, and the values that were written into it. */
export interface Said {
  key: string;
  values: SaidValues;
}

interface Facts {
  /** Litres used between two hour numbers, in one course that the registers allow. */
  used: (from: number, to: number) => number;
  /** Hour numbers of the known registers. */
  registers: ReadonlySet<number>;
  line: UsageLine;
  own?: OwnMonthWire | undefined;
  /** The day of a sentence on a day. */
  day?: string | undefined;
  /** Hour number at which the month, or the day, begins. */
  beginning: number;
  said: readonly Said[];
}

type Claim = (values: SaidValues, facts: Facts) => boolean;

/**
 * Names, units, headings, buttons, explanations, parts of other texts, and what repeats a mark of the line: that a
 * register fell, a meter was exchanged, a flow is impossible.
 */
export const SAYS_NOTHING_ON_USAGE = new RegExp(
  [
    'title|unit|unknownTotal|usage|headline\\..*|period\\..*|months\\..*|byDay\\..*|key\\..*|days\\..*|foot\\..*',
    'compare\\.(label|lastMonth|monthBefore|periodBefore|lastYear|yearBefore|other\\..*)',
    'attention\\.title|(attention|note)\\.(exchanged|unnoted)',
    'attention\\.(fallen|implausible)|gap\\.(fallen|hourFallen|implausible|hourImplausible)',
    'gap\\.hourSpanned|day\\.(byHour|summary|previous|next|close|choose|empty)',
    'empty\\.(first|outside)\\..*|empty\\.latest|empty\\.month\\.(title|text|earlier)',
  ]
    .map((part) => `^(${part})$`)
    .join('|'),
);

const m3 = (text: string | undefined) => Number(String(text).replaceAll(',', ''));
const rounded = (litres: number, decimals: number) =>
  Math.round(litres / (1_000 / 10 ** decimals)) / 10 ** decimals;
const isAmount = (text: string | undefined, litres: number, decimals: number) =>
  Math.abs(m3(text) - rounded(litres, decimals)) < 1e-9;

const isRegister = (hour: number, { registers }: Facts) => registers.has(hour);
const isMeasured = (hour: number, facts: Facts) =>
  isRegister(hour - 1, facts) && isRegister(hour, facts);

/** The time that the figure of the month counts, as its sentences say. */
function countedTime(facts: Facts): { from: number; until: number } {
  const timeOf = (pattern: RegExp) => facts.said.find(({ key }) => pattern.test(key))?.values.time;
  const since = timeOf(/^reach\.since/);
  return {
    from: since === undefined ? facts.beginning : instantOfText(String(since)),
    until: instantOfText(String(timeOf(/^reach\.until/))),
  };
}

/** The same for the figure of a day; with `note.entering` from the register before the day. */
function countedOfDay({ said, line, day = '', beginning }: Facts): { from: number; until: number } {
  const timeOf = (key: string) => said.find((one) => one.key === key)?.values.time;
  const isTogether = said.some(({ key }) => key === 'note.entering');
  const entering = line.stretches.find(({ from, to }) => from < beginning && to > beginning);
  const since = timeOf('note.since');
  const from = since === undefined ? beginning : instantOfText(String(since), day);
  const until = timeOf('note.until');
  return {
    from: isTogether && entering ? entering.from : from,
    until: until === undefined ? beginning + 24 : instantOfText(String(until), day),
  };
}

/** Both usages of a comparison: of the month and of the one before, whole or up to the same hour. */
function comparedUsages({ used, own }: Facts): { thisL: number; otherL: number } {
  if (own === undefined) throw new Error('a comparison is one of months');
  const { start, end } = hoursOfPeriod(own.usage);
  const other = hoursOfPeriod(own.lastMonth.usage);
  const { until } = own.usage;
  const last = until ? hourNumber(until.day, until.hourEnding) : start;
  if (own.progress === 'over')
    return { thisL: used(start, end), otherL: used(other.start, other.end) };
  const otherLast = Math.min(other.start + last - start, other.end);
  return { thisL: used(start, last), otherL: used(other.start, otherLast) };
}

/** The difference as displayed: in tenths of a m³. */
function isDifference(values: SaidValues, facts: Facts, sign: 1 | -1): boolean {
  const { thisL, otherL } = comparedUsages(facts);
  return isAmount(values.amount, sign * (tenths(thisL) - tenths(otherL)) * 100, 1);
}

const tenths = (litres: number) => Math.round(litres / 100);
const moreBy: Claim = (values, facts) => isDifference(values, facts, 1);
const lessBy: Claim = (values, facts) => isDifference(values, facts, -1);
const quotient = (facts: Facts) => comparedUsages(facts).thisL / comparedUsages(facts).otherL;

const COMPARISONS: Record<string, Claim> = {
  more: moreBy,
  less: lessBy,
  muchMore: (values, facts) =>
    moreBy(values, facts) && Math.abs(quotient(facts) - Number(values.ratio)) <= 0.0501,
  muchLess: (values, facts) =>
    lessBy(values, facts) && Math.abs(quotient(facts) * 100 - Number(values.percent)) <= 0.501,
  same: (_, facts) => tenths(comparedUsages(facts).thisL) === tenths(comparedUsages(facts).otherL),
  moreSurely: (_, facts) => comparedUsages(facts).thisL > comparedUsages(facts).otherL,
  lessSurely: (_, facts) => comparedUsages(facts).thisL < comparedUsages(facts).otherL,
  unknown: (_, { own }) => own?.lastMonth.comparableL === null,
};

/** Days of the month with an hour in a gap whose usage ends up where `isThere` says. */
function lossesOf({ line, own }: Facts, isThere: (to: number) => boolean): string[] {
  return (own?.usage.days ?? [])
    .filter(({ day, state }) => {
      const midnight = hourNumber(day, 0);
      return (
        state !== 'awaited' &&
        line.stretches.some(
          ({ from, to }) => to - from > 1 && from < midnight + 24 && to > midnight && isThere(to),
        )
      );
    })
    .map(({ day }) => day);
}

function namesAll(text: string | undefined, losses: readonly string[]): boolean {
  const { named, more } = daysOfText(String(text));
  return named.every((day) => losses.includes(day)) && named.length + more === losses.length;
}

const isSpanTotal =
  (decimals: number): Claim =>
  (values, facts) => {
    const { from, to } = spanOfText(String(values.span), facts.day);
    const isGap = facts.line.stretches.some(
      (stretch) => stretch.from === from && stretch.to === to,
    );
    return isGap && isAmount(values.amount, facts.used(from, to), decimals);
  };

const hasNoUsage: Claim = (_, facts) =>
  !(isRegister(facts.beginning, facts) && isRegister(facts.beginning + 24, facts));

const hoursOfDay = (midnight: number) => Array.from({ length: 24 }, (_, at) => midnight + at + 1);

const isOfHour =
  (others: 'all' | 'received'): Claim =>
  (values, facts) => {
    const { to } = spanOfText(String(values.hour), facts.day);
    const ofHour = (hour: number) => facts.used(hour - 1, hour);
    const compared = hoursOfDay(facts.beginning).filter(
      (hour) => others === 'all' || isMeasured(hour, facts),
    );
    return (
      isAmount(values.amount, ofHour(to), 3) && compared.every((it) => ofHour(it) <= ofHour(to))
    );
  };

const isOfDay =
  (others: 'all' | 'received'): Claim =>
  (values, facts) => {
    const ofDay = (midnight: number) => facts.used(midnight, midnight + 24);
    const best = hourNumber(dayOfText(String(values.day)), 0);
    const compared = (facts.own?.usage.days ?? [])
      .map(({ day }) => hourNumber(day, 0))
      .filter((at) => others === 'all' || (isRegister(at, facts) && isRegister(at + 24, facts)));
    return (
      isAmount(values.amount, ofDay(best), 2) && compared.every((it) => ofDay(it) <= ofDay(best))
    );
  };

const isRegisterTime: Claim = (values, facts) =>
  isRegister(instantOfText(String(values.time), facts.day), facts);

const isLastRegister: Claim = (values, facts) => {
  const until = instantOfText(String(values.time));
  const end = facts.own ? hoursOfPeriod(facts.own.usage).end : until;
  return isRegister(until, facts) && ![...facts.registers].some((at) => at > until && at <= end);
};

const isMonthTotal =
  (which: 'lastMonth' | 'lastYear'): Claim =>
  (values, { own, used, ...facts }) => {
    if (own === undefined) return false;
    const { start, end } = hoursOfPeriod(own[which].usage);
    const { time } = values;
    const until = time === undefined ? end : instantOfText(String(time));
    return isAmount(values.amount, used(start, until), 1) && (!time || until <= end) && !!facts;
  };

export const CLAIMS: Record<string, Claim> = {
  figure: (_, facts) => {
    const { from, until } = countedTime(facts);
    return facts.used(from, until) === facts.own?.usage.totalL;
  },
  'day.figure': (_, facts) => {
    const { from, until } = countedOfDay(facts);
    const ends = facts.line.stretches.filter(
      ({ to }) => to > facts.beginning && to <= facts.beginning + 24,
    );
    return facts.used(from, until) === ends.reduce((sum, { usageL }) => sum + (usageL ?? 0), 0);
  },
  'reach.since': isRegisterTime,
  'reach.sinceEarlier': (values, facts) =>
    isRegisterTime(values, facts) && !isRegister(facts.beginning, facts),
  'reach.until': isLastRegister,
  'reach.untilSome': isLastRegister,
  'reach.untilNext': (values, facts) =>
    isLastRegister(values, facts) &&
    [...facts.registers].some((at) => at > instantOfText(String(values.time))),
  average: (values, facts) => {
    const { from, until } = countedTime(facts);
    return isAmount(values.amount, (facts.used(from, until) * 24) / (until - from), 2);
  },
  'most.certain': isOfDay('all'),
  'most.known': isOfDay('received'),
  ...Object.fromEntries(
    ['running', 'over'].flatMap((progress) =>
      Object.entries(COMPARISONS).map(([key, claim]) => [`compare.${progress}.${key}`, claim]),
    ),
  ),
  'attention.gaps': (values, facts) => {
    const { from, until } = countedTime(facts);
    return namesAll(
      values.days,
      lossesOf(facts, (to) => to > from && to <= until),
    );
  },
  'attention.gapsNext': (values, facts) => {
    const { end } = hoursOfPeriod(facts.own?.usage ?? { month: '', firstDay: '', lastDay: '' });
    return namesAll(
      values.days,
      lossesOf(facts, (to) => to > end),
    );
  },
  'gap.awaited': hasNoUsage,
  'gap.missing': hasNoUsage,
  'gap.missingWithSum': (values, facts) =>
    hasNoUsage(values, facts) && isSpanTotal(2)(values, facts),
  'gap.hourMissing': () => true,
  'gap.hourNone': () => true,
  'gap.hourSpannedWithSum': isSpanTotal(3),
  'note.since': isRegisterTime,
  'note.until': isRegisterTime,
  'note.entering': (_, facts) =>
    facts.line.stretches.some(({ from, to }) => from < facts.beginning && to > facts.beginning),
  'note.lacking': (_, facts) =>
    hoursOfDay(facts.beginning).some((hour) => !isMeasured(hour, facts)),
  'day.mostUsed': isOfHour('all'),
  'day.mostKnown': isOfHour('received'),
  'day.nothingUsed': (_, facts) => facts.used(facts.beginning, facts.beginning + 24) === 0,
  'empty.month.before': isMonthTotal('lastMonth'),
  'empty.month.beforeUntil': isMonthTotal('lastMonth'),
  'empty.month.yearAgo': isMonthTotal('lastYear'),
};
