/**
 * Report window in SQL: database functions for when a report is due, over a row `t` of `terminal`, and for which
 * terminal it is expected from. `report-window.ts` has the same rule in the process; `report-window.db.test.ts`
 * compares them.
 */
import { type RawBuilder, sql } from 'kysely';

/** The instant at which the report of a JST day is due from terminal `t`; the day is awaited before it. */
export function reportDueAtSql(day: string | RawBuilder<unknown>): RawBuilder<Date> {
  return sql`report_due_at(${day}::date, t.report_minute, t.report_window_minutes)`;
}

/** The latest JST day whose report is due from terminal `t` at an instant; the days after it are awaited. */
export function lastDueDaySql(at: Date): RawBuilder<string> {
  return sql`last_due_day(${at}::timestamptz, t.report_minute, t.report_window_minutes)`;
}

/**
 * True for a fitting from one instant to another (null: still fitted) that contains the end of a day: such a terminal
 * is expected to report the day.
 */
export function holdsDayEnd(
  end: Date | RawBuilder<unknown>,
  from: RawBuilder<unknown>,
  to: RawBuilder<unknown>,
): RawBuilder<boolean> {
  return sql`(${from} < ${end} and (${to} is null or ${to} >= ${end}))`;
}
