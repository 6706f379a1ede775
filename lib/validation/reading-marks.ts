/**
 * Soft rules of validation: days of a meter that are possible and odd get a mark for attention (注意). A mark removes nothing from
 * any sum and blocks nothing. Pure. Days are day numbers (`lib/time.ts`), registers and usage integer litres. Sources and
 * thresholds: docs/validation.md, "Marks".
 */

/**
 * - `stuck-register`: the register stood still for far longer than the household ever did, between days of steady flow.
 * - `unlike-season`: the usage of a week is far from that of the same season in other years of the same customer.
 * - `clock-doubt`: the terminal's clock was off by half an hour or more, so that its hours may be others.
 * - `received-later`: a register came for an hour for which another one was entered by hand.
 */
export const MARK_RULES = [
  'stuck-register',
  'unlike-season',
  'clock-doubt',
  'received-later',
] as const;
export type MarkRule = (typeof MARK_RULES)[number];

/** What a rule saw; what another rule sees is null. */
export interface MarkFacts {
  /** stuck-register: days that it stood still; the longest standstill before; litres a day before. */
  days: number | null;
  longestDays: number | null;
  dailyL: number | null;
  /** unlike-season: usage of the weeks; least and most of the compared ones; how many of these each has at least. */
  usageL: number | null;
  leastL: number | null;
  mostL: number | null;
  weeks: number | null;
  /** clock-doubt: terminal clock minus server clock, seconds. */
  offsetS: number | null;
  /** received-later: the hour ending, the edit, the register that was entered, and the one that came. */
  hourEnding: number | null;
  editId: number | null;
  enteredL: number | null;
  receivedL: number | null;
}

export const NO_MARK_FACTS: MarkFacts = {
  ...{ days: null, longestDays: null, dailyL: null },
  ...{ usageL: null, leastL: null, mostL: null, weeks: null, offsetS: null },
  ...{ hourEnding: null, editId: null, enteredL: null, receivedL: null },
};

export interface ReadingMark {
  rule: MarkRule;
  /** First and last day number. */
  from: number;
  to: number;
  /** By how much the usage may be another. */
  litres: number;
  facts: MarkFacts;
}

/** The last sound register of a day, in order of time, one for a day. */
export interface DayClosing {
  day: number;
  /** 24 where it is that of the end of the day. */
  hour: number;
  indexL: number;
}

/** Days on which one customer had the meter; `to` is the last one. */
export interface Stay {
  from: number;
  to: number;
}

/** Days of history before a standstill from which its rule judges, and of these the share with flow. */
const STEADY_DAYS = 28;
const STEADY_SHARE = 0.9;
/** Days with flow after it, of the first days after it. */
const AFTER_DAYS = 7;
const AFTER_FLOWING = 6;
/** A standstill of less than two weeks is a holiday. One of two weeks contains a whole week from Monday to Sunday (`mayBeStuck`). */
const HOLIDAY_DAYS = 13;
/** It is longer than so many times the longest one before. */
const LONGER = 2;

/** Usage from one closing to the next: flow over one day or more. */
interface Flow {
  /** The days (from, to]. */
  from: number;
  to: number;
  usageL: number;
}

function flowsOf(closings: readonly DayClosing[], dialL: number): Flow[] {
  return closings.slice(1).map(({ day, indexL }, at) => {
    const before = closings[at] as DayClosing;
    return { from: before.day, to: day, usageL: (indexL - before.indexL + dialL) % dialL };
  });
}

/** Standstills: connected flows of zero. */
function standstills(flows: readonly Flow[]): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  flows.forEach(({ usageL }, at) => {
    if (usageL !== 0) return;
    const open = found.at(-1);
    if (open && open.last === at - 1) open.last = at;
    else found.push({ first: at, last: at });
  });
  return found;
}

/**
 * Standstills of a stay that no holiday explains. `away`: days on which the place is recorded as absent; a standstill that
 * touches them is none.
 */
export function stuckRegisters(
  closings: readonly DayClosing[],
  { dialL, away }: { dialL: number; away: readonly Stay[] },
): ReadingMark[] {
  const flows = flowsOf(closings, dialL);
  let longestDays = 0;
  return standstills(flows).flatMap(({ first, last }): ReadingMark[] => {
    const [from, to] = [(flows[first] as Flow).from + 1, (flows[last] as Flow).to];
    const days = to - from + 1;
    const longest = longestDays;
    longestDays = Math.max(longestDays, days);
    if (days <= HOLIDAY_DAYS || days <= LONGER * longest) return [];
    if (away.some((span) => span.from <= to && span.to >= from)) return [];
    const before = flows.slice(Math.max(0, first - STEADY_DAYS), first);
    const after = flows.slice(last + 1, last + 1 + AFTER_DAYS);
    if (!isSteady(before) || !flowsAgain(after)) return [];
    const spanDays = (before.at(-1)?.to ?? 0) - (before[0]?.from ?? 0);
    const dailyL = Math.round(sumOf(before) / spanDays);
    const facts = { ...NO_MARK_FACTS, days, longestDays: longest, dailyL };
    return [{ rule: 'stuck-register', from, to, litres: dailyL * days, facts }];
  });
}

function isSteady(flows: readonly Flow[]): boolean {
  const flowing = flows.filter(({ usageL }) => usageL > 0).length;
  return flows.length >= STEADY_DAYS && flowing >= STEADY_SHARE * flows.length;
}

function flowsAgain(flows: readonly Flow[]): boolean {
  return flows.filter(({ usageL }) => usageL > 0).length >= AFTER_FLOWING;
}

function sumOf(flows: readonly Flow[]): number {
  return flows.reduce((sum, { usageL }) => sum + usageL, 0);
}

const WEEK = 7;
/** The same weekday a year before; two weeks on either side are of the same season. */
const YEAR = 52 * WEEK;
const SEASON_WEEKS = 2;
/** Weeks to compare with, at least, and how many years back they are looked for. */
const LEAST_WEEKS = 4;
export const COMPARED_YEARS = 3;
/** A usage above so many times the most and this much more is odd; so is one below that part of the least, of this at least. */
const FACTOR = 4;
const LEAST_L = 1000;

/** 1 January 1970 was a Thursday: day number 3 a Sunday. */
const SUNDAY = 3;

/** True for a day that ends a week, Monday to Sunday. */
export function isWeekEnd(day: number): boolean {
  return (((day - SUNDAY) % WEEK) + WEEK) % WEEK === 0;
}

interface OddWeek {
  /** Its last day. */
  day: number;
  isHigh: boolean;
  usageL: number;
  leastL: number;
  mostL: number;
  weeks: number;
}

/**
 * Weeks of a stay whose usage is far from that of the same season in earlier years of the same stay; connected weeks are one
 * mark. A single week below is a holiday.
 */
export function unlikeSeasons(closings: readonly DayClosing[], dialL: number): ReadingMark[] {
  const weeks = weekUsage(closings, dialL);
  const odd = [...weeks].flatMap(([day, usageL]) => oddWeek({ day, usageL }, weeks));
  const stretches: OddWeek[][] = [];
  for (const week of odd) {
    const open = stretches.at(-1);
    const last = open?.at(-1);
    const isNext = last && week.day - last.day === WEEK && week.isHigh === last.isHigh;
    if (isNext) open?.push(week);
    else stretches.push([week]);
  }
  return stretches.flatMap((stretch): ReadingMark[] => {
    const [first] = stretch;
    const last = stretch.at(-1);
    if (!first || !last || (!first.isHigh && stretch.length === 1)) return [];
    const of = (each: (week: OddWeek) => number) =>
      stretch.reduce((sum, week) => sum + each(week), 0);
    const usageL = of((week) => week.usageL);
    const [leastL, mostL] = [of((week) => week.leastL), of((week) => week.mostL)];
    const litres = first.isHigh ? usageL - mostL : leastL - usageL;
    const weeks = Math.min(...stretch.map((week) => week.weeks));
    const facts = { ...NO_MARK_FACTS, usageL, leastL, mostL, weeks };
    const [from, to] = [first.day - WEEK + 1, last.day];
    return [{ rule: 'unlike-season', from, to, litres, facts }];
  });
}

function oddWeek(
  { day, usageL }: { day: number; usageL: number },
  weeks: ReadonlyMap<number, number>,
): OddWeek[] {
  const compared = sameSeason(day).flatMap((each) => weeks.get(each) ?? []);
  if (compared.length < LEAST_WEEKS) return [];
  const [leastL, mostL] = [Math.min(...compared), Math.max(...compared)];
  const isHigh = usageL > FACTOR * mostL + LEAST_L;
  const isLow = leastL >= LEAST_L && usageL < leastL / FACTOR;
  return isHigh || isLow ? [{ day, isHigh, usageL, leastL, mostL, weeks: compared.length }] : [];
}

/** Usage of weeks by their last day, where both registers are of 24:00. */
function weekUsage(closings: readonly DayClosing[], dialL: number): Map<number, number> {
  const ends = closings.filter(({ day, hour }) => hour === 24 && isWeekEnd(day));
  const weeks = new Map<number, number>();
  ends.slice(1).forEach(({ day, indexL }, at) => {
    const before = ends[at] as DayClosing;
    if (day - before.day === WEEK) weeks.set(day, (indexL - before.indexL + dialL) % dialL);
  });
  return weeks;
}

function sameSeason(day: number): number[] {
  const days: number[] = [];
  for (let year = 1; year <= COMPARED_YEARS; year += 1) {
    for (let week = -SEASON_WEEKS; week <= SEASON_WEEKS; week += 1) {
      days.push(day - YEAR * year + WEEK * week);
    }
  }
  return days;
}

/** True where the register stood still from one week's end to the next that is known: all closings tell whether it was stuck. */
export function mayBeStuck(closings: readonly DayClosing[]): boolean {
  const ends = closings.filter(({ day, hour }) => hour === 24 && isWeekEnd(day));
  return ends.some(({ indexL }, at) => at > 0 && indexL === ends[at - 1]?.indexL);
}

/** The most that a register at the end of a day differs by from that of a clock that is right, of the usage around it. */
export function clockLitres(usageL: number, offsetS: number): number {
  return Math.round(usageL * Math.min(1, Math.abs(offsetS) / 86_400));
}
