// Decides whether a report with a used counter is stored already [TERM-8.3]. An accepted report is always contained in
// a version of its day: in the one that it wrote, or in the one to which it added nothing.
import type { DayVersion } from './day-version-queries.ts';

type Hourly = readonly (number | null)[];

/** A day report with a used counter, as plain values. */
export interface RepeatedReport {
  utilityId: number;
  terminalId: number;
  meterId: number;
  /** YYYY-MM-DD, JST. */
  day: string;
  counter: number;
  frameCheck: number;
  indexL: Hourly;
  pressurePa: Hourly;
}

/** True for a redelivery; false for a replay: the same counter with content that was never accepted. */
export function isRedelivery(report: RepeatedReport, versions: readonly DayVersion[]): boolean {
  return versions.some(
    (version) =>
      version.terminalId === report.terminalId &&
      (isSameFrame(report, version) || contains(version, report)),
  );
}

function isSameFrame(report: RepeatedReport, version: DayVersion): boolean {
  return version.counter === report.counter && version.frameCheck === report.frameCheck;
}

function contains(version: DayVersion, report: RepeatedReport): boolean {
  return (
    containsHours(version.indexL, report.indexL) &&
    containsHours(version.pressurePa, report.pressurePa)
  );
}

function containsHours(held: Hourly, reported: Hourly): boolean {
  return reported.every((value, at) => value === null || value === held[at]);
}
