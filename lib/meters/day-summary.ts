/** A stored day of one meter, with or without its hours. A sensor fault is not a pressure. */
import { isSoundPressure, soundPressure } from '../pressure/sensor-range.ts';
import type { Arrival } from '../readings/arrival.ts';
import type { DayIndexes } from '../usage/usage-line.ts';
import { REGISTER_RULES } from '../validation/judge-registers.ts';

/** Why a received register is not used: beyond the dial of its meter, struck out by a person, or a rule of validation. */
export const INDEX_FAULT_RULES = ['beyond-dial', 'struck', ...REGISTER_RULES] as const;
export type IndexFaultRule = (typeof INDEX_FAULT_RULES)[number];

/**
 * A received value that is not used: a register in litres, with the rule that excludes it, or pascals outside
 * SENSOR_RANGE_PA.
 */
export interface HourFault {
  kind: 'index' | 'pressure';
  hourEnding: number;
  value: number;
  /** Null for a pressure. */
  rule: IndexFaultRule | null;
}

/** One stored day of one meter. */
export interface DayRecord extends DayIndexes {
  pressurePa: readonly (number | null)[];
  /** Hours ending whose register was entered by hand; null or undefined: the day has no edits. */
  enteredHours?: readonly number[] | null;
  /** Null for a day of which only an entered register is known. */
  arrival: Arrival | null;
  receivedAt: Date;
  revision: number;
}

/** One stored day of one meter without its hours. */
export interface DaySummary {
  meterId: number;
  day: string;
  /** First and last known register of the day and their hours ending; null when the day has none. */
  openingIndexL: number | null;
  openingHour: number | null;
  closingIndexL: number | null;
  closingHour: number | null;
  /** Hours ending whose register is in doubt and not among these; null: none. */
  doubtfulHours: readonly number[] | null;
  /** Hours ending whose register was entered by hand; null: the day has no edits. */
  enteredHours: readonly number[] | null;
  /** All registers of a day with edits, which may contradict each other within it; null for other days. */
  editedIndexL: readonly (number | null)[] | null;
  /** Number of known registers of the day, 0…24. */
  registers: number;
  lowPa: number | null;
  averagePa: number | null;
  highPa: number | null;
  pressureFaults: readonly HourFault[];
  /** Null for a day of which only an entered register is known. */
  arrival: Arrival | null;
  receivedAt: Date;
  revision: number;
}

/**
 * A summary as a day with only its first and last known register: enough for usage by the day. A day with edits has all,
 * because usage within it may be unknown between registers that agree at its edges.
 */
export function edgesOnly(summary: DaySummary): DayIndexes {
  const { editedIndexL } = summary;
  if (editedIndexL) {
    const { meterId, day, doubtfulHours } = summary;
    return { meterId, day, indexL: editedIndexL, doubtfulHours };
  }
  const indexL = new Array<number | null>(24).fill(null);
  if (summary.openingHour !== null) indexL[summary.openingHour - 1] = summary.openingIndexL;
  if (summary.closingHour !== null) indexL[summary.closingHour - 1] = summary.closingIndexL;
  const { meterId, day, doubtfulHours } = summary;
  return { meterId, day, indexL, doubtfulHours };
}

/** Summary of a stored day. */
export function summaryOf(record: DayRecord): DaySummary {
  const first = record.indexL.findIndex((value) => value !== null);
  const last = record.indexL.findLastIndex((value) => value !== null);
  const received = record.pressurePa.map((value, at) => ({ value, hourEnding: at + 1 }));
  const pressures = record.pressurePa.map(soundPressure).filter((value) => value !== null);
  const sum = pressures.reduce((total, value) => total + value, 0);
  const known = pressures.length > 0;
  return {
    meterId: record.meterId,
    day: record.day,
    openingIndexL: record.indexL[first] ?? null,
    openingHour: first < 0 ? null : first + 1,
    closingIndexL: record.indexL[last] ?? null,
    closingHour: last < 0 ? null : last + 1,
    doubtfulHours: record.doubtfulHours ?? null,
    ...{ enteredHours: record.enteredHours ?? null, editedIndexL: null },
    registers: record.indexL.filter((value) => value !== null).length,
    lowPa: known ? Math.min(...pressures) : null,
    averagePa: known ? Math.round(sum / pressures.length) : null,
    highPa: known ? Math.max(...pressures) : null,
    pressureFaults: received.flatMap(({ value, hourEnding }): HourFault[] =>
      value === null || isSoundPressure(value)
        ? []
        : [{ kind: 'pressure', hourEnding, value, rule: null }],
    ),
    arrival: record.arrival,
    receivedAt: record.receivedAt,
    revision: record.revision,
  };
}

/** Pressures of a day over all its meters; averages are weighted by the number of registers. */
export function pressureOf(summaries: readonly DaySummary[]) {
  const known = summaries.filter(({ averagePa }) => averagePa !== null);
  const [first = { lowPa: null, averagePa: null, highPa: null }] = known;
  if (known.length < 2) return first;
  const weight = known.reduce((sum, { registers }) => sum + Math.max(1, registers), 0);
  const weighed = known.reduce(
    (sum, { averagePa, registers }) => sum + (averagePa ?? 0) * Math.max(1, registers),
    0,
  );
  return {
    lowPa: Math.min(...known.map(({ lowPa }) => lowPa ?? Number.POSITIVE_INFINITY)),
    averagePa: Math.round(weighed / weight),
    highPa: Math.max(...known.map(({ highPa }) => highPa ?? Number.NEGATIVE_INFINITY)),
  };
}
