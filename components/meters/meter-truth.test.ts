/** The summary and the charts of a meter's page are tried against random days and all courses that their gaps allow. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { summaryOf } from '../../lib/meters/day-summary.ts';
import { dayReadings } from '../../lib/meters/meter-readings.ts';
import type { MeterReadingsWire } from '../../lib/meters/meter-wire.ts';
import {
  HOUSEHOLD_METER,
  householdDays,
  lineOfHousehold,
  otherCourses,
  recordsOfHousehold,
} from '../../lib/testing/household-days.ts';
import { addDays, daysBetween } from '../../lib/time.ts';
import { hourNumber } from '../../lib/usage/usage-line.ts';
import { gapsBetween } from '../../lib/usage/usage-totals.ts';
import { testTexts } from '../testing-texts.ts';
import { meterAnswer } from './meter-answer.ts';
import { type Texts, usageChart } from './meter-charts.ts';

const FIRST = '2026-03-01';
const DAYS = 12;
const METER = {
  fitted: true,
  fittings: [
    {
      meterId: 1,
      meterSerial: '1001',
      fittedAt: '2020-01-01T00:00:00+09:00',
      removedAt: null,
      startIndexL: null,
      finalIndexL: null,
    },
  ],
};

/** Days of the plan as the API gives them; the report of the last is not due yet. */
function readingsOf(plan: Parameters<typeof lineOfHousehold>[0], from: string, to: string) {
  const line = lineOfHousehold(plan);
  const summaries = recordsOfHousehold(plan).map((record) =>
    summaryOf({
      ...record,
      pressurePa: record.indexL.map(() => null),
      arrival: 1,
      receivedAt: new Date(0),
      revision: 0,
    }),
  );
  const isAwaited = (day: string) => day >= addDays(FIRST, DAYS - 1);
  const point = { meters: [HOUSEHOLD_METER], line, summaries, isAwaited, indexFaults: [] };
  const days = dayReadings({ from, to }, point).map((day) => ({
    ...day,
    receivedAt: null,
    marks: [...day.marks],
  }));
  const gaps = gapsBetween(line, hourNumber(from, 0), hourNumber(to, 24));
  return { line, readings: { from, to, step: 'day', days, gaps } as MeterReadingsWire };
}

const texts = testTexts<Texts>('meter');

function recorder() {
  const said: { key: string; values: Record<string, string> }[] = [];
  const record = (key: string, values: Record<string, string> = {}) => {
    said.push({ key, values });
    return texts(key as never, values as never);
  };
  // The functions under test call it with a key and values only.
  return { said, t: record as unknown as Texts };
}

const period = fc
  .tuple(fc.integer({ min: 0, max: DAYS - 1 }), fc.integer({ min: 0, max: DAYS - 1 }))
  .map((ends) => ends.toSorted((a, b) => a - b).map((end) => addDays(FIRST, end)));

const PATIENT = { timeout: 60_000 };

test(
  'the summary of a meter tells the usage of the period, or at most what is known of it',
  PATIENT,
  () => {
    fc.assert(
      fc.property(householdDays(FIRST, DAYS), period, (plan, [from = FIRST, to = FIRST]) => {
        const { line, readings } = readingsOf(plan, from, to);
        const { said, t } = recorder();
        meterAnswer(METER, readings, 'period', t);
        const { key, values } = said.at(-1) ?? { key: '', values: {} };
        const due = readings.days.filter(({ gap }) => gap !== 'notYetDue').length;
        const begin = daysBetween(FIRST, from) * 24;
        for (const course of [plan.hourlyL, ...otherCourses(plan, line, 13)]) {
          const usedL = course
            .slice(begin, begin + due * 24)
            .reduce((sum, usageL) => sum + usageL, 0);
          const toldL = Math.round(Number(values.usage?.replaceAll(',', '')) * 1_000);
          if (key === 'answerPartial') expect(toldL).toBeLessThanOrEqual(usedL);
          else if (values.usage !== undefined)
            expect({ key, toldL }).toEqual({ key, toldL: usedL });
        }
      }),
      { numRuns: 300 },
    );
  },
);

test('the bar of a day is its usage, or its notes say which other time it counts', PATIENT, () => {
  fc.assert(
    fc.property(householdDays(FIRST, DAYS), (plan) => {
      const { line, readings } = readingsOf(plan, FIRST, addDays(FIRST, DAYS - 1));
      for (const [at, day] of readings.days.entries()) {
        const { said, t } = recorder();
        const [slot] = usageChart({ ...readings, days: [day] }, { t, locale: 'ja' }).slots;
        const isOther = said.some(({ key }) => /^note\.(entering|since|until)$/.test(key));
        if (!slot || slot.value === null || isOther) continue;
        for (const course of [plan.hourlyL, ...otherCourses(plan, line, 17)]) {
          const usedL = course.slice(at * 24, at * 24 + 24).reduce((sum, it) => sum + it, 0);
          expect(Math.round(slot.value * 1_000)).toBe(usedL);
        }
      }
    }),
    { numRuns: 100 },
  );
});
