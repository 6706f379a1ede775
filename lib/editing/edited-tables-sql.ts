/** SQL: the tables and the view of edits and verdicts as they would be with other edits of one meter. */
import { type RawBuilder, sql } from 'kysely';
import { judgedTables } from '../validation/judged-tables-sql.ts';
import type { DayVerdict } from '../validation/meter-verdicts.ts';
import type { EditedHours } from './edited-hours.ts';

/** Edits of a meter, and the verdicts on its registers with them. */
export interface MeterAsIf {
  utilityId: number;
  meterId: number;
  /** All meters of the place; the view has no other. */
  meterIds: readonly number[];
  edits: readonly EditedHours[];
  verdicts: readonly DayVerdict[];
}

/**
 * Common table expressions `edited_day`, `reading_verdict` and `sound_day`, which shadow those of the database.
 */
export function editedTables({
  utilityId,
  meterId,
  meterIds,
  edits,
  verdicts,
}: MeterAsIf): RawBuilder<unknown> {
  return sql`
    edited_day as (
      select utility_id, meter_id, day, hours, kinds, index_l, entered_hours from edited_day where meter_id <> ${meterId}::integer
      union all
      select ${utilityId}::integer, ${meterId}::integer, e.day, e.hours, e.kinds, e."indexL",
        array(select u.hour from unnest(e.hours, e.kinds) u (hour, kind) where u.kind = 'entered' order by u.hour)
      from jsonb_to_recordset(${JSON.stringify(edits)}::jsonb) e (day date, hours smallint[], kinds text[], "indexL" integer[])
      where cardinality(e.hours) > 0
    ), ${judgedTables({ utilityId, meterIds, verdicts: new Map([[meterId, verdicts]]) })}`;
}
