/** SQL: verdicts on meters, and the view of the days that count, as they would be with other verdicts. */
import { type RawBuilder, sql } from 'kysely';
import type { DayVerdict } from './meter-verdicts.ts';

export interface JudgedAsIf {
  utilityId: number;
  /** All meters of the place; the view has no other. */
  meterIds: readonly number[];
  /** By meter: all its verdicts, in place of the stored ones. */
  verdicts: ReadonlyMap<number, readonly DayVerdict[]>;
}

/**
 * Common table expressions `reading_verdict` and `sound_day`, which shadow those of the database. The view is written as in
 * db/migrations/0033_reading_edits.sql.
 */
export function judgedTables({ utilityId, meterIds, verdicts }: JudgedAsIf): RawBuilder<unknown> {
  const judged = [...verdicts.keys()];
  const rows = [...verdicts].flatMap(([meterId, days]) => days.map((day) => ({ meterId, ...day })));
  return sql`
    reading_verdict as (
      select utility_id, meter_id, day, hours, index_l, rules, step_hours, step_rules from reading_verdict
      where meter_id <> all (${judged}::integer[])
      union all
      select ${utilityId}::integer, v."meterId", v.day, v.hours, v."indexL", v.rules, v."stepHours", v."stepRules"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        v ("meterId" integer, day date, hours smallint[], "indexL" integer[], rules text[], "stepHours" smallint[], "stepRules" text[])
    ), sound_day as materialized (
      select d.utility_id, d.meter_id, d.day, s.index_l, d.pressure_pa, s.index_l[c.closing_hour] as closing_index_l, c.closing_hour,
        d.terminal_id, d.received_at, d.arrival, d.revision,
        unedited_hours(d.index_l, v.hours, e.hours, e.kinds, e.index_l) as doubtful_hours, e.entered_hours
      from meter_day d
      left join reading_verdict v on v.utility_id = d.utility_id and v.meter_id = d.meter_id and v.day = d.day
      left join edited_day e on e.utility_id = d.utility_id and e.meter_id = d.meter_id and e.day = d.day
      cross join lateral (select sound_index(d.index_l, v.hours, v.index_l, e.hours, e.kinds, e.index_l) as index_l) s
      cross join lateral (select last_known_hour(s.index_l) as closing_hour) c
      where d.meter_id = any (${[...meterIds]}::integer[])
      union all
      select e.utility_id, e.meter_id, e.day, s.index_l, null, s.index_l[c.closing_hour], c.closing_hour, null, null, null, null, null,
        e.entered_hours
      from edited_day e
      cross join lateral (select sound_index(null, null, null, e.hours, e.kinds, e.index_l) as index_l) s
      cross join lateral (select last_known_hour(s.index_l) as closing_hour) c
      where e.meter_id = any (${[...meterIds]}::integer[]) and cardinality(e.entered_hours) > 0 and not day_is_received(e.meter_id, e.day)
    )`;
}
