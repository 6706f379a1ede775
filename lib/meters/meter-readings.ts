/**
 * Readings of the supply point of a meter, by the hour or by the day, over all meters fitted there. Hour ending k
 * (1…24) has register and pressure at k:00 JST and the usage since (k−1):00. A missing value has a reason; nothing is
 * filled in.
 */

import { invalidField } from '../errors.ts';
import { soundPressure } from '../pressure/sensor-range.ts';
import { arrivalWord } from '../readings/arrival.ts';
import {
  addDays,
  dayFromNumber,
  dayNumber,
  dayOf,
  daysBetween,
  instantOf,
  isDay,
} from '../time.ts';
import type { FittedMeter, UsageLine } from '../usage/usage-line.ts';
import { hoursOf, usageOfDay } from '../usage/usage-totals.ts';
import type { Resolution } from '../wire.ts';
import {
  type DayRecord,
  type DaySummary,
  type HourFault,
  type IndexFaultRule,
  pressureOf,
  summaryOf,
} from './day-summary.ts';
import type { GapReason } from './gap-reason.ts';
import type { DayReading, HourReading } from './meter-wire.ts';

/** Maximum number of days in one answer. */
const READING_LIMIT_DAYS: Record<Resolution, number> = { hour: 62, day: 400 };

/** An hour of a meter whose register was received and is not used, by the rule. */
export interface IndexFault {
  meterId: number;
  day: string;
  hourEnding: number;
  indexL: number;
  rule: IndexFaultRule;
}

/** What explains missing registers. */
export interface GapCauses {
  indexFaults: readonly IndexFault[];
  /** True while the report of the day is not yet due. */
  isAwaited: (day: string) => boolean;
}

/** A supply point whose readings are computed. */
interface SupplyPoint extends GapCauses {
  meters: readonly FittedMeter[];
  line: UsageLine;
}

/** The requested period, by default the seven days up to yesterday. @throws DomainError `invalid_input`. */
export function readingPeriod(
  input: { from?: string | undefined; to?: string | undefined; step: Resolution },
  now: Date,
): { from: string; to: string } {
  const to = input.to ?? addDays(dayOf(now), -1);
  const from = input.from ?? (isDay(to) ? addDays(to, -6) : to);
  for (const [field, day] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!isDay(day)) throw invalidField(field, 'a day is YYYY-MM-DD');
  }
  const days = daysBetween(from, to) + 1;
  if (days < 1 || days > READING_LIMIT_DAYS[input.step]) {
    throw invalidField(
      'from',
      `from is not after to, and by the ${input.step} a period has at most ${READING_LIMIT_DAYS[input.step]} days`,
    );
  }
  return { from, to };
}

/**
 * True when each day of the period has a report and each report all its registers, by `isWhole`: then the readings do
 * not depend on `GapCauses`.
 */
export function hasAllRegisters<R extends { meterId: number; day: string }>(
  { from, to }: { from: string; to: string },
  meters: readonly FittedMeter[],
  records: readonly R[],
  isWhole: (record: R) => boolean,
): boolean {
  const inPeriod = recordsOfSupplyPoint(meters, records).filter(
    ({ day }) => day >= from && day <= to,
  );
  const days = new Set(inPeriod.map(({ day }) => day)).size;
  return days === daysBetween(from, to) + 1 && inPeriod.every(isWhole);
}

/** One entry for each day of the period, with or without readings. */
export function dayReadings(
  period: { from: string; to: string },
  supplyPoint: SupplyPoint & { summaries: readonly DaySummary[] },
): DayReading[] {
  const byDay = groupByDay(recordsOfSupplyPoint(supplyPoint.meters, supplyPoint.summaries));
  const first = dayNumber(period.from);
  return Array.from({ length: dayNumber(period.to) - first + 1 }, (_, offset) => {
    const day = dayFromNumber(first + offset);
    return dayReading(day, supplyPoint, byDay.get(day) ?? []);
  });
}

function dayReading(
  day: string,
  supplyPoint: SupplyPoint,
  summaries: readonly DaySummary[],
): DayReading {
  const { usageL, enteringL, fromHour, untilHour, marks } = usageOfDay(supplyPoint.line, day);
  const { lowPa, averagePa, highPa } = pressureOf(summaries);
  // On the day of an exchange, the arrival is that of the new meter's report.
  const latest = latestOf(summaries, supplyPoint.meters);
  const registers = summaries.reduce((sum, summary) => sum + summary.registers, 0);
  return {
    day,
    gap: latest && latest.arrival !== null ? null : absence(supplyPoint, day, 0, 24),
    usageL,
    enteringL,
    fromHour,
    untilHour,
    missingHours: Math.max(0, 24 - registers),
    lowPa,
    averagePa,
    highPa,
    ...arrivalOf(latest),
    marks,
    enteredHours: summaries.flatMap(({ enteredHours }) => enteredHours ?? []),
    faults: faultsOf(day, supplyPoint, summaries),
  };
}

/** How the report of a day came; nothing where only an entered register is known. */
function arrivalOf(latest: DaySummary | undefined) {
  if (!latest || latest.arrival === null) return { arrival: null, receivedAt: null, revision: 0 };
  const { arrival, receivedAt, revision } = latest;
  return { arrival: arrivalWord(arrival), receivedAt, revision };
}

/** Like `dayReadings`, each day with its 24 hours. */
export function hourReadings(
  period: { from: string; to: string },
  supplyPoint: SupplyPoint & { records: readonly DayRecord[] },
): DayReading[] {
  const { meters, line } = supplyPoint;
  const records = recordsOfSupplyPoint(meters, supplyPoint.records);
  const byDay = groupByDay(records);
  const days = dayReadings(period, { ...supplyPoint, summaries: records.map(summaryOf) });
  return days.map((reading) => {
    const ofDay = byDay.get(reading.day) ?? [];
    const faultAt = (kind: HourFault['kind'], at: number) =>
      reading.faults.find((fault) => fault.kind === kind && fault.hourEnding === at + 1);
    const hours = hoursOf(line, reading.day).map((usage, at) => {
      const indexL = firstKnown(ofDay.map((record) => record.indexL[at]));
      const indexFault = indexL === null ? faultAt('index', at) : undefined;
      // Members are listed one by one, because spreading an object takes longer than everything else done for an hour.
      const hour: HourReading = {
        hourEnding: usage.hourEnding,
        state: usage.state,
        usageL: usage.usageL,
        marks: usage.marks,
        indexL,
        pressurePa: firstKnown(ofDay.map((record) => soundPressure(record.pressurePa[at]))),
        gap:
          indexL === null
            ? hourGap(supplyPoint, reading.day, at, {
                arrived: ofDay.some(({ arrival }) => arrival !== null),
                indexFault,
              })
            : null,
        indexFaultL: indexFault?.value ?? null,
        indexFaultRule: indexFault?.rule ?? null,
        pressureFaultPa: faultAt('pressure', at)?.value ?? null,
      };
      return hour;
    });
    return { ...reading, hours };
  });
}

function faultsOf(
  day: string,
  supplyPoint: SupplyPoint,
  summaries: readonly DaySummary[],
): HourFault[] {
  // Nearly all days have none, and there are up to 400 days.
  if (
    supplyPoint.indexFaults.length === 0 &&
    summaries.every((it) => it.pressureFaults.length === 0)
  ) {
    return [];
  }
  const ofIndex = supplyPoint.indexFaults
    .filter((fault) => fault.day === day && summaries.some((it) => it.meterId === fault.meterId))
    .map(
      ({ hourEnding, indexL, rule }): HourFault => ({
        kind: 'index',
        hourEnding,
        value: indexL,
        rule,
      }),
    );
  const ofPressure = summaries.flatMap(({ pressureFaults }) => pressureFaults);
  return [...ofIndex, ...ofPressure].toSorted((a, b) => a.hourEnding - b.hourEnding);
}

/** Without records from a meter's time at other supply points. Days are compared as text, because there are many. */
function recordsOfSupplyPoint<R extends { meterId: number; day: string }>(
  meters: readonly FittedMeter[],
  records: readonly R[],
): R[] {
  const stays = meters.map(({ meterId, fittedAt, removedAt }) => ({
    meterId,
    fromDay: dayOf(fittedAt),
    toDay: removedAt ? dayOf(new Date(removedAt.getTime() - 1)) : '9999-12-31',
  }));
  return records.filter((record) =>
    stays.some(
      ({ meterId, fromDay, toDay }) =>
        meterId === record.meterId && record.day >= fromDay && record.day <= toDay,
    ),
  );
}

function groupByDay<R extends { day: string }>(records: readonly R[]): Map<string, R[]> {
  const byDay = new Map<string, R[]>();
  for (const record of records) {
    const ofDay = byDay.get(record.day);
    if (ofDay) ofDay.push(record);
    else byDay.set(record.day, [record]);
  }
  return byDay;
}

function latestOf(
  summaries: readonly DaySummary[],
  meters: readonly FittedMeter[],
): DaySummary | undefined {
  if (summaries.length < 2) return summaries[0];
  const position = (meterId: number) => meters.findLastIndex((meter) => meter.meterId === meterId);
  return summaries.toSorted((a, b) => position(a.meterId) - position(b.meterId)).at(-1);
}

function firstKnown(values: readonly (number | null | undefined)[]): number | null {
  return values.find((value) => value !== null && value !== undefined) ?? null;
}

function hourGap(
  supplyPoint: SupplyPoint,
  day: string,
  at: number,
  { arrived, indexFault }: { arrived: boolean; indexFault: HourFault | undefined },
): GapReason {
  if (indexFault?.rule === 'struck') return 'indexStruck';
  if (indexFault) return indexFault.rule === 'beyond-dial' ? 'indexBeyondDial' : 'indexDoubtful';
  const reason = absence(supplyPoint, day, at, at + 1);
  return reason === 'withoutMeter' || !arrived ? reason : 'missingInReport';
}

function absence(
  supplyPoint: SupplyPoint,
  day: string,
  fromHour: number,
  toHour: number,
): GapReason {
  const begin = instantOf(day, fromHour);
  const end = instantOf(day, toHour);
  const fitted = supplyPoint.meters.some(
    ({ fittedAt, removedAt }) => fittedAt < end && (removedAt === null || removedAt > begin),
  );
  if (!fitted) return 'withoutMeter';
  return supplyPoint.isAwaited(day) ? 'notYetDue' : 'notArrived';
}
