/**
 * Report of a closing day that is not due yet (未到来), in the query of closings. The rule of when a report is due is
 * that of the report window (lib/readings/report-window.ts).
 */
import { type RawBuilder, sql } from 'kysely';
import { holdsDayEnd, reportDueAtSql } from '../readings/report-window-sql.ts';
import { instantOf } from '../time.ts';
import type { Closing } from './closing-day.ts';

const DAY_MS = 86_400_000;
/** A report is due less than two days after the end of its day: the window opens within one and lasts one at most. */
const LONGEST_UNTIL_DUE_MS = 2 * DAY_MS;

/** True when the report of one of these closing days may still be awaited at `now`. */
export function mayBeAwaited(closings: readonly Closing[], now: Date): boolean {
  return closings.some(
    ({ closesOn }) => instantOf(closesOn, 24).getTime() + LONGEST_UNTIL_DUE_MS > now.getTime(),
  );
}

/**
 * Scalar subquery: the instant at which the report of a closing `c` is due from the terminal at the end of its day. Null
 * when the report has arrived, is due at `now`, or is expected from no terminal. Columns: `o` of the occupancy, `f` of
 * the fitted meter, `c` of the closing.
 */
export function awaitedReportAt(now: Date): RawBuilder<Date | null> {
  const due = reportDueAtSql(sql`c.closing_on`);
  return sql`(
    select ${due}
    from terminal_fitting e
    join terminal t on t.utility_id = e.utility_id and t.terminal_id = e.terminal_id
    where e.utility_id = o.utility_id and e.supply_point_id = o.supply_point_id
      and ${holdsDayEnd(sql`c.closes_at`, sql`e.from_at`, sql`e.to_at`)}
      and ${holdsDayEnd(sql`c.closes_at`, sql`f.fitted_at`, sql`f.removed_at`)}
      and ${due} > ${now}::timestamptz
      and not exists (
        select from meter_day d
        where d.utility_id = f.utility_id and d.meter_id = f.meter_id and d.day = c.closing_on)
    order by e.from_at desc limit 1)`;
}
