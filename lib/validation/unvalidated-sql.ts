/** SQL fragments that tell which readings are stored and not validated yet. */
import { type RawBuilder, sql } from 'kysely';

/** Subquery (meter_id): meters with stored days that are not validated yet, each once. */
export function unvalidatedMeters(utilityId: number): RawBuilder<unknown> {
  return sql`
    select distinct m.meter_id
    from unvalidated_changes(${utilityId}::integer, null) c cross join lateral unnest(c.meter_ids) m (meter_id)
    where c.days is not null`;
}

/** True while the utility's readings were never validated as a whole. */
export function isNeverValidated(utilityId: number): RawBuilder<boolean> {
  return sql`(
    not exists (select from validation_state where utility_id = ${utilityId}::integer and rules_version > 0))`;
}
