/** SQL fragment for the meters between two readings of a supply point that are of different fittings. */
import { type RawBuilder, sql } from 'kysely';
import { firstStoredReading, lastKnownReading } from './reading-at-sql.ts';

type Sql = RawBuilder<unknown>;

interface ExchangePeriod {
  /** Alias of a row with utility_id and supply_point_id. */
  supplyPoint: Sql;
  /** Aliases of the readings, rows with fitted_at, index_l and at. */
  from: Sql;
  to: Sql;
  /** JST date by whose end everything is known. */
  onDay: Sql;
}

/**
 * exchange (segments): JSON of ClosingSegment for each meter from the reading `from` to the reading `to`, oldest first,
 * when they are of different fittings; otherwise null.
 */
export function exchangeSegments({ supplyPoint, from, to, onDay }: ExchangePeriod): Sql {
  const g = sql`g`;
  const isFirst = sql`g.fitted_at = ${from}.fitted_at`;
  const isLast = sql`g.fitted_at = ${to}.fitted_at`;
  const start = sql`case when g.start_index_l is null then first.at else g.fitted_at end`;
  const end = sql`case when g.final_index_l is null then last.at else g.removed_at end`;
  return sql`
    left join lateral (select e.segments from (
      select json_agg(json_build_object('meterId', g.meter_id, 'dialL', gm.dial_l, 'sizeM3PerHour', gm.size,
          'fittedAtS', ${epoch(sql`g.fitted_at`)},
          'fromL', case when ${isFirst} then ${from}.index_l else coalesce(g.start_index_l, first.index_l) end,
          'fromAtS', ${epoch(sql`case when ${isFirst} then ${from}.at else ${start} end`)},
          'toL', case when ${isLast} then ${to}.index_l else coalesce(g.final_index_l, last.index_l) end,
          'toAtS', ${epoch(sql`case when ${isLast} then ${to}.at else ${end} end`)}
        ) order by g.fitted_at) as segments
      from meter_fitting g
      join meter gm on gm.utility_id = g.utility_id and gm.meter_id = g.meter_id
      left join lateral (select * from ${firstStoredReading(g, onDay)} s where g.start_index_l is null limit 1) first on true
      left join lateral (select * from ${lastKnownReading(g, onDay)} k where g.final_index_l is null and not (${isLast}) limit 1) last on true
      where g.utility_id = ${supplyPoint}.utility_id and g.supply_point_id = ${supplyPoint}.supply_point_id
        and g.fitted_at >= ${from}.fitted_at and g.fitted_at <= ${to}.fitted_at
      ) e where ${to}.index_l is not null and ${from}.fitted_at < ${to}.fitted_at limit 1
    ) exchange on true`;
}

/** An instant as seconds since 1970, which the driver reads faster than a date. */
export function epoch(instant: Sql): Sql {
  return sql`date_part('epoch', ${instant})`;
}
