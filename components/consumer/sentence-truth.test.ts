/**
 * Every sentence on a household's day and month is tried against random days and all courses that their gaps allow. A
 * text that is not listed here fails: it has either a condition of its truth, or says nothing on usage.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { certain } from '../../lib/certain.ts';
import {
  type HouseholdDays,
  householdDays,
  lineOfHousehold,
  otherCourses,
} from '../../lib/testing/household-days.ts';
import { addDays, addMonths, formatJst, instantOf } from '../../lib/time.ts';
import {
  compareSoFar,
  compareWhole,
  hoursOfPeriod,
  monthUsage,
} from '../../lib/usage/month-usage.ts';
import { hourNumber, type UsageLine } from '../../lib/usage/usage-line.ts';
import { type PeriodRule, type UsagePeriod, usagePeriod } from '../../lib/usage/usage-period.ts';
import { gapsOf, hoursOf, usageOfDay } from '../../lib/usage/usage-totals.ts';
import type { OwnDayWire, OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import ja from '../../messages/ja/consumer.json' with { type: 'json' };
import { testTexts } from '../testing-texts.ts';
import { busiestHourSentence, dayChart, dayNotes, dayWithoutHours } from './day-chart.ts';
import { monthChart } from './month-chart.ts';
import {
  attentionSentences,
  comparisonSentence,
  dailySentences,
  headline,
  reachSentences,
} from './month-sentences.ts';
import { nothingYetSentences } from './nothing-yet-sentences.ts';
import { CLAIMS, SAYS_NOTHING_ON_USAGE, type Said } from './testing-claims.ts';
import type { Reader, Texts } from './usage-text.ts';

const FIRST = '2026-01-20';
const DAYS = 80;
/** Days that have passed; reports of the last are not due yet. */
const TODAY = addDays(FIRST, DAYS);
const OWN = {
  own: { firstDay: '2020-01-01', lastDay: null },
  isAwaited: (day: string) => day >= addDays(TODAY, -1),
};

const texts = testTexts<Texts>('consumer');

/** The texts with what was said: key and values. */
function recorder(): { reader: Reader; said: Said[] } {
  const said: Said[] = [];
  const record = (key: string, values: Said['values'] = {}) => {
    said.push({ key, values });
    return texts(key as never, values as never);
  };
  // The functions under test call it with a key and values only.
  return { reader: { t: record as unknown as Texts, locale: 'ja', today: TODAY }, said };
}

function ownMonth(line: UsageLine, month: string, rule: PeriodRule): OwnMonthWire {
  const [period, before, yearAgo] = [0, -1, -12].map((months) =>
    usagePeriod(addMonths(month, months), rule),
  ) as [UsagePeriod, UsagePeriod, UsagePeriod]; // one for each number of months
  const usage = monthUsage(line, period, OWN);
  const isToCome = period.lastDay >= TODAY || OWN.isAwaited(period.lastDay);
  const isRunning = isToCome && usage.days.at(-1)?.untilHour !== 24;
  const compared = (other: UsagePeriod) => {
    const otherUsage = monthUsage(line, other, OWN);
    const comparison = isRunning
      ? compareSoFar({ line, period }, { line, period: other })
      : compareWhole(usage, otherUsage);
    return { usage: otherUsage, ...comparison };
  };
  return {
    customerNumber: '1',
    gasKind: 'city',
    period: rule.kind,
    closingDay: rule.closingDay,
    progress: isRunning ? 'running' : 'over',
    usage,
    lastMonth: compared(before),
    lastYear: compared(yearAgo),
    firstMonth: '2026-01',
    finalMonth: '2026-04',
    firstDay: FIRST,
    finalDay: TODAY,
  };
}

function ownDay(line: UsageLine, day: string): OwnDayWire {
  const hours = hoursOf(line, day).map((hour) => ({
    ...hour,
    startsAt: formatJst(instantOf(day, hour.hourEnding - 1)),
    endsAt: formatJst(instantOf(day, hour.hourEnding)),
  }));
  const usage = usageOfDay(line, day);
  return { usage, hours, gaps: gapsOf(line, day), firstDay: FIRST, finalDay: TODAY };
}

/** Asserts that all that was said holds in every course of the gaps. */
function expectTrue(
  said: readonly Said[],
  {
    plan,
    line,
    own,
    day,
  }: { plan: HouseholdDays; line: UsageLine; own?: OwnMonthWire; day?: string },
) {
  const courses = [plan.hourlyL, ...otherCourses(plan, line, 11)];
  const beginning = own ? hoursOfPeriod(own.usage).start : hourNumber(day ?? FIRST, 0);
  const registers = new Set(line.stretches.flatMap(({ from, to }) => [from, to]));
  const claims = said
    .filter(({ key }) => !SAYS_NOTHING_ON_USAGE.test(key))
    .map(({ key, values }) => ({ key, values, isTrue: certain(CLAIMS[key], key) }));
  for (const used of courses.map(usedIn)) {
    const facts = { used, registers, line, own, day, beginning, said };
    for (const { key, values, isTrue } of claims) {
      if (!isTrue(values, facts)) expect({ key, values }).toBe('true in every course');
    }
  }
}

/** Usage between two hour numbers in a course. */
function usedIn(hourlyL: readonly number[]): (from: number, to: number) => number {
  const start = hourNumber(FIRST, 0);
  const totals = [0];
  for (const usageL of hourlyL) totals.push((totals.at(-1) ?? 0) + usageL);
  const upTo = (hour: number) => totals[Math.min(Math.max(0, hour - start), DAYS * 24)] ?? 0;
  return (from, to) => upTo(to) - upTo(from);
}

/** Many histories take some seconds, and longer on a busy machine. */
const PATIENT = { timeout: 60_000 };

test('every text of the household has a condition of its truth, or says nothing on usage', () => {
  const unlisted = textKeys(ja).filter(
    (key) => !(key in CLAIMS) && !SAYS_NOTHING_ON_USAGE.test(key),
  );
  expect(unlisted).toEqual([]);
});

function textKeys(texts: object, path = ''): string[] {
  return Object.entries(texts).flatMap(([name, text]) =>
    typeof text === 'string' ? [`${path}${name}`] : textKeys(text, `${path}${name}.`),
  );
}

const rule = fc.constantFrom<PeriodRule>(
  { kind: 'calendar', closingDay: 20 },
  { kind: 'billing', closingDay: 20 },
  { kind: 'billing', closingDay: 5 },
);

test('every sentence on a month holds in every course of its gaps', PATIENT, () => {
  const month = fc.constantFrom('2026-02', '2026-03', '2026-04');
  fc.assert(
    fc.property(householdDays(FIRST, DAYS), month, rule, (plan, name, periods) => {
      const line = lineOfHousehold(plan);
      const own = ownMonth(line, name, periods);
      const { reader, said } = recorder();
      headline(own, reader);
      reachSentences(own, reader);
      if (own.usage.until === null) nothingYetSentences(own, reader);
      else comparisonSentence(own, 'lastMonth', reader);
      dailySentences(own, reader);
      attentionSentences(own, reader);
      if (own.usage.totalL !== null) said.push({ key: 'figure', values: {} });
      expectTrue(said, { plan, line, own });
    }),
    { numRuns: 300 },
  );
});

test("every text on a day of a month's chart holds in every course of its gaps", PATIENT, () => {
  fc.assert(
    fc.property(householdDays(FIRST, DAYS), rule, (plan, periods) => {
      const line = lineOfHousehold(plan);
      const own = ownMonth(line, '2026-03', periods);
      for (const [at, { day }] of own.usage.days.entries()) {
        const { reader, said } = recorder();
        const one = { ...own, usage: { ...own.usage, days: own.usage.days.slice(at, at + 1) } };
        const [slot] = monthChart(one, 'lastMonth', reader).slots;
        if (slot?.value !== null) said.push({ key: 'day.figure', values: {} });
        expectTrue(said, { plan, line, day });
      }
    }),
    { numRuns: 30 },
  );
});

test('every sentence on a day holds in every course of its gaps', PATIENT, () => {
  const offset = fc.integer({ min: 0, max: DAYS - 1 });
  fc.assert(
    fc.property(householdDays(FIRST, DAYS), offset, (plan, days) => {
      const line = lineOfHousehold(plan);
      const day = addDays(FIRST, days);
      const own = ownDay(line, day);
      const { reader, said } = recorder();
      dayChart(own, reader);
      if (own.usage.usageL !== null || own.hours.some(({ usageL }) => usageL !== null)) {
        dayNotes(own, reader);
        busiestHourSentence(own, reader);
        if (own.usage.usageL !== null) said.push({ key: 'day.figure', values: {} });
      } else {
        dayWithoutHours(own, reader);
      }
      expectTrue(said, { plan, line, day });
    }),
    { numRuns: 400 },
  );
});
