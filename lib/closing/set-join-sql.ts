/**
 * SQL fragments by which the query of many customers joins what is read as a set. A plain join of a set that is not
 * looked up by key is a loop over the whole set for each customer where the planner takes the customers for one: it does
 * so while it knows nothing of tables that were filled a moment ago, or of a utility that is new among larger ones. A full
 * join can only be a hash join or a merge join, whatever the planner knows. Rows of the set that belong to no customer come
 * out of it too, and are dropped by `isStay`, which must not tell the planner that it drops them.
 */
import { type RawBuilder, sql } from 'kysely';

type Sql = RawBuilder<unknown>;

/** The join of a set. `one`: of one customer, for whom a loop is the shortest way. */
export function setJoin(one: boolean): Sql {
  return one ? sql`left join` : sql`full join`;
}

/** Condition that leaves the rows of customers' stays `o` behind set joins. */
export const IS_STAY = sql`coalesce(o.occupancy_id, 0) <> 0`;
