/**
 * Report window (通報時間帯): when a terminal sends a JST day [TERM-9.1]. It opens at a minute of the following day, lasts
 * some minutes and may end after midnight. At its end the report is due: before that instant the day is awaited; from
 * it on a day without a report is missing, and a report is late. A report before the window opens is on time. The same
 * rule in SQL: `report-window-sql.ts`.
 */
import { addDays, dayEndMs, dayNumber, dayOf } from '../time.ts';

const MINUTE_MS = 60_000;

/** Window of a terminal, as in the table `terminal`. */
export interface ReportWindow {
  /** Minute of the JST day at which it opens, 0 to `LATEST_REPORT_MINUTE`. */
  reportMinute: number;
  /** Its length, 1 to `LONGEST_REPORT_WINDOW_MINUTES`. */
  reportWindowMinutes: number;
}

export const LATEST_REPORT_MINUTE = 1_439;
export const LONGEST_REPORT_WINDOW_MINUTES = 1_440;

/** Default of a new terminal: 01:00 to 05:00 JST [TERM-9.1]. */
export const USUAL_REPORT_WINDOW = { reportMinute: 60, reportWindowMinutes: 240 } as const;

/**
 * True for a report of a day (its number since 1970-01-01) that is received before it is due. Called for every frame,
 * so it allocates nothing.
 */
export function isReportOnTime(day: number, receivedAtMs: number, window: ReportWindow): boolean {
  return receivedAtMs < reportDueMs(day, window);
}

/** The instant at which the report of a JST day is due. */
export function reportDueAt(day: string, window: ReportWindow): Date {
  return new Date(reportDueMs(dayNumber(day), window));
}

/** The instant at which the window of a JST day opens: the report is expected from it until it is due. */
export function reportExpectedFrom(day: string, { reportMinute }: ReportWindow): Date {
  return new Date(dayEndMs(dayNumber(day)) + reportMinute * MINUTE_MS);
}

/** The latest JST day whose report is due at an instant; the days after it are awaited. */
export function lastDueDay(at: Date, window: ReportWindow): string {
  return addDays(dayOf(new Date(at.getTime() - reportDueMinute(window) * MINUTE_MS)), -1);
}

/** Minutes from the end of a day to the instant at which its report is due. */
export function reportDueMinute({ reportMinute, reportWindowMinutes }: ReportWindow): number {
  return reportMinute + reportWindowMinutes;
}

function reportDueMs(day: number, window: ReportWindow): number {
  return dayEndMs(day) + reportDueMinute(window) * MINUTE_MS;
}

/** A terminal's fitting at a supply point. */
export interface FittedTerminal extends ReportWindow {
  fromAt: Date;
  toAt: Date | null;
}

/**
 * True while the report of a JST day is not due yet. It is expected from the terminal that is fitted at the end of the
 * day; without one no report is awaited.
 */
export function isAwaited(day: string, terminals: readonly FittedTerminal[], now: Date): boolean {
  const end = dayEndMs(dayNumber(day));
  const terminal = terminals.find(
    ({ fromAt, toAt }) => fromAt.getTime() < end && (toAt === null || toAt.getTime() >= end),
  );
  return terminal !== undefined && now < reportDueAt(day, terminal);
}
