/**
 * Reports of a closing that have not arrived, without its readings: what tells when it is ready. The rows are those of
 * the query of closings (lib/closing/closing-facts-sql.ts) without late final rows, whose reports are long due; a report
 * is awaited by the rule of lib/closing/awaited-report-sql.ts.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Closing } from '../closing/closing-day.ts';
import { closingsAsked, partsOf } from '../closing/closing-day-sql.ts';
import { type ClosingScope, staysIn } from '../closing/closing-facts-sql.ts';
import { holdsDayEnd, reportDueAtSql } from '../readings/report-window-sql.ts';

export interface MissingReport {
  supplyPointId: number;
  meterId: number;
  /** Day of the report. */
  day: string;
  /** Instant at which the report is due; it is awaited before. */
  dueAt: Date;
}

/**
 * Query of the closing's reports that have not arrived, due or not; with `supplyPointId` only that of this supply point,
 * which is a look-up.
 */
export function missingReports(
  asked: { closingDay: number; closing: Closing; now: Date; supplyPointId?: number | undefined },
  scope: ClosingScope,
): RawBuilder<MissingReport> {
  const { closingDay, closing, now, supplyPointId } = asked;
  const selection = { closingDay, closings: [closing], now };
  // What was issued changes no report; only for a row that was issued elsewhere one more may be waited for.
  const ofReadings = { ...scope, remembers: false };
  const only = supplyPointId === undefined ? sql`` : sql`and sp.supply_point_id = ${supplyPointId}`;
  const parts = partsOf(ofReadings).map((part) => {
    const ofPart = { ...ofReadings, ...selection, part };
    return sql`
      select sp.utility_id, sp.supply_point_id, f.meter_id, e.terminal_id, c.closing_on
      from ${closingsAsked(ofPart)} r
      ${staysIn(selection, ofReadings, ofPart)}
      join meter_fitting f on f.utility_id = o.utility_id and f.supply_point_id = o.supply_point_id
        and ${holdsDayEnd(sql`c.closes_at`, sql`f.fitted_at`, sql`f.removed_at`)}
      join terminal_fitting e on e.utility_id = o.utility_id and e.supply_point_id = o.supply_point_id
        and ${holdsDayEnd(sql`c.closes_at`, sql`e.from_at`, sql`e.to_at`)}
      ${dayOf(closing, supplyPointId !== undefined)} d on d.utility_id = f.utility_id and d.meter_id = f.meter_id and d.day = c.closing_on
      where d.meter_id is null ${only}`;
  });
  return sql<MissingReport>`(
    select m.utility_id, m.supply_point_id as "supplyPointId", m.meter_id as "meterId", m.closing_on as day, m.due_at as "dueAt"
    from (
      select b.*, ${reportDueAtSql(sql`b.closing_on`)} as due_at
      from (${sql.join(parts, sql` union all `)}) b
      join terminal t on t.utility_id = b.utility_id and t.terminal_id = b.terminal_id
      offset 0
    ) m
    where m.closing_on = ${closing.closesOn}::date or not exists (
      select from meter_day x where x.utility_id = m.utility_id and x.meter_id = m.meter_id and x.day = m.closing_on))`;
}

/**
 * The days of the closing: as a set, of the very day alone, or a look-up. A join is not pushed into a security-barrier
 * view; a lateral look-up is. Final rows of other days are looked up afterwards.
 */
function dayOf({ closesOn }: Closing, isLookUp: boolean): RawBuilder<unknown> {
  return isLookUp
    ? sql`left join lateral (
        select * from meter_day r where r.utility_id = f.utility_id and r.meter_id = f.meter_id and r.day = c.closing_on limit 1)`
    : sql`left join (select utility_id, meter_id, day from meter_day where day = ${closesOn}::date)`;
}
