/** Statements for the area days that a change of the feed concerns. */
import { type RawBuilder, sql } from 'kysely';
import type { ChangePosition } from '../changes/change-queries.ts';
import type { AreaDaysInput, StaleDay } from './area-day.ts';

interface Span {
  /** Rows of the feed after `after`, up to `until` if given. */
  after: ChangePosition;
  until?: ChangePosition;
  /** Restricts a longer period of a change to these days, both included. */
  from: RawBuilder<unknown>;
  to: RawBuilder<unknown>;
}

const position = ({ transactionId, changeId }: ChangePosition) =>
  sql`(${transactionId}::xid8, ${changeId}::bigint)`;

/** Rows `(area_id, day)`, each once: the areas of the meters on their days, and the days of the periods. */
export function changedAreaDays(utilityId: number, { after, until, from, to }: Span) {
  const bound = until ? sql`and (transaction_id, change_id) <= ${position(until)}` : sql``;
  return sql<{ area_id: number; day: string }>`
    select distinct c.area_id, c.day from (
      with change as materialized (
        select meter_ids, days, area_ids, first_day, last_day from day_change
        where utility_id = ${utilityId} and (transaction_id, change_id) > ${position(after)} ${bound}
      ), meter_day_changed as materialized (
        select distinct m.meter_id, m.day from change cross join lateral unnest(meter_ids, days) m (meter_id, day)
        where days is not null
      )
      select s.area_id, m.day
      from meter_day_changed m
      join meter_fitting f on f.meter_id = m.meter_id and f.fitted_at < (m.day + 1)::timestamp at time zone 'Asia/Tokyo'
        and (f.removed_at is null or f.removed_at > m.day::timestamp at time zone 'Asia/Tokyo')
      join supply_point s on s.supply_point_id = f.supply_point_id
      union all
      select a.area_id, g.day::date
      from change
      cross join lateral unnest(area_ids) a (area_id)
      cross join lateral generate_series(greatest(first_day, ${from}), least(last_day, ${to}), interval '1 day') g (day)
      where days is null
    ) c`;
}

/** Rows of `area_day` of the period, `d`, without stale ones. */
export function heldRows(
  { areaIds, from, to }: AreaDaysInput,
  stale: readonly StaleDay[],
): RawBuilder<unknown> {
  const pairs = stale.flatMap(({ day, areaIds: of }) => of.map((areaId) => ({ areaId, day })));
  const without =
    pairs.length === 0
      ? sql``
      : sql`and not exists (
          select from unnest(${pairs.map(({ areaId }) => areaId)}::int[], ${pairs.map(({ day }) => day)}::date[]) x (area_id, day)
          where x.area_id = d.area_id and x.day = d.day)`;
  return sql`d.area_id = any (${areaIds}::int[]) and d.day between ${from} and ${to} ${without}`;
}
