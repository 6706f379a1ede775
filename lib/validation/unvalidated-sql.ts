/** SQL fragments that tell which readings are stored and not validated yet. */
import { type RawBuilder, sql } from 'kysely';
import { OF_THIS_SERVER } from '../changes/change-queries.ts';
import { VALIDATION_READER } from './validation.ts';

type Sql = RawBuilder<unknown>;

/** Position of the validation in the feed of changes. */
function position(utilityId: number): Sql {
  return sql`
    select transaction_id, change_id from change_position
    where utility_id = ${utilityId}::integer and reader = ${VALIDATION_READER} and ${OF_THIS_SERVER}`;
}

/** Subquery (meter_id): meters with changes that are not validated yet, each once. */
export function unvalidatedMeters(utilityId: number): Sql {
  return sql`
    select distinct m.meter_id
    from day_change c cross join lateral unnest(c.meter_ids) m (meter_id)
    where c.utility_id = ${utilityId}::integer
      and (c.transaction_id, c.change_id) > (
        coalesce((select p.transaction_id from (${position(utilityId)}) p), '0'),
        coalesce((select p.change_id from (${position(utilityId)}) p), 0))`;
}

/** True while the utility's readings were never validated as a whole. */
export function isNeverValidated(utilityId: number): RawBuilder<boolean> {
  return sql`(
    not exists (select from validation_state where utility_id = ${utilityId}::integer and rules_version > 0))`;
}
