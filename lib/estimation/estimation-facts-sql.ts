/**
 * SQL fragments of the query of all closings for what is estimated, decided or converted. Only what the utility uses is
 * looked up, and only for the rows that need it: otherwise a fragment is empty, and the facts lack its key. The
 * surrounding query has `o`, `sp`, `c`, `f`, `now`, `until`, `previous`, and `i` (the row issued last) where the utility has issued closings.
 */
import { type RawBuilder, sql } from 'kysely';
import { issuedRuns } from '../closing/closing-memory-sql.ts';
import {
  closingBefore,
  dayEnd,
  dayOfReading,
  supplyPointReading,
} from '../closing/reading-at-sql.ts';
import type { EstimationScope } from './estimation-scope.ts';

type Sql = RawBuilder<unknown>;

export interface EstimatedClosings {
  estimation: EstimationScope;
  /** True: the utility has issued closings. */
  remembers: boolean;
  closingDay: number;
  maxDays: Sql;
  /** First of the requested closings. */
  beforeOn: string;
  /**
   * True: several closings are requested. Then no register is reckoned, because the later ones do not count from the
   * earlier: an issue makes them one after the other.
   */
  isMany: boolean;
}

interface Fragments {
  /** Columns of ClosingFacts, each behind a comma. */
  columns: Sql;
  joins: Sql;
}

const NOTHING: Fragments = { columns: sql``, joins: sql`` };
const NOT_MISSED: Fragments = {
  columns: sql`'lastPeriod', null, 'isFirst', false, 'isAbsent', false, 'isDisaster', false`,
  joins: sql``,
};
const NO_NEXT: Fragments = { columns: sql`'next', null`, joins: sql`` };
const NOT_CERTIFIED: Fragments = { columns: sql`'certified', null`, joins: sql`` };
const epoch = (instant: Sql) => sql`date_part('epoch', ${instant})`;

export function estimationFacts(asked: EstimatedClosings): Fragments {
  const { hasDecisions, hasFactors } = asked.estimation;
  const parts = [
    asked.isMany ? NOTHING : reckoning(asked),
    hasDecisions ? corrections(asked) : NOTHING,
    hasFactors ? factors(asked) : NOTHING,
  ];
  return {
    columns: sql.join(
      parts.map(({ columns }) => columns),
      sql` `,
    ),
    joins: sql.join(
      parts.map(({ joins }) => joins),
      sql` `,
    ),
  };
}

/** estimation: JSON of EstimationFacts of rows for which a register may be reckoned; otherwise null. */
function reckoning(asked: EstimatedClosings): Fragments {
  const { missedReading, interpolateMaxHours, hasDecisions } = asked.estimation;
  const isMissed = sql`(c.kind = 'regular' and now.index_l is null and previous.index_l is not null)`;
  const missed = missedReading === 'none' ? NOT_MISSED : missedRow(asked, isMissed);
  const next = interpolateMaxHours === null ? NO_NEXT : nextRegister(interpolateMaxHours);
  const certified = hasDecisions ? certifiedUsage() : NOT_CERTIFIED;
  const needed = [
    ...(missed === NOT_MISSED ? [] : [isMissed]),
    ...(next === NO_NEXT ? [] : [sql`nr.index_l is not null`]),
    ...(certified === NOT_CERTIFIED ? [] : [sql`ce.decision_id is not null`]),
  ];
  if (needed.length === 0) return NOTHING;
  const parts = [missed, next, certified];
  const keys = sql.join([
    sql`'missedReading', ${missedReading}::text`,
    ...parts.map(({ columns }) => columns),
  ]);
  return {
    columns: sql`, case when ${sql.join(needed, sql` or `)} then json_build_object(${keys}) end as estimation`,
    joins: sql.join(
      parts.map(({ joins }) => joins),
      sql` `,
    ),
  };
}

/** The period before a row without a reading, and what is known of the place in the missed one. */
function missedRow(asked: EstimatedClosings, isMissed: Sql): Fragments {
  const { closingDay, maxDays, remembers } = asked;
  const before = closingBefore(sql`c.previous_on`, sql`${closingDay}`);
  const earlier = supplyPointReading({
    supplyPoint: sql`o`,
    onDay: sql`${before}`,
    maxDays,
    anyAge: sql`false`,
    when: sql`${isMissed} and previous.run_id is null and c.from_on <= ${before}`,
  });
  const circumstance = (kind: string, days: Sql) => sql`exists (
    select from place_circumstance pc where ${isMissed} and pc.utility_id = o.utility_id and pc.supply_point_id = o.supply_point_id
      and pc.withdrawn_at is null and pc.kind = ${kind} and ${days})`;
  const firstOn = sql`(${dayOfReading(sql`previous.at`)} + 1)`;
  return {
    columns: sql`
      'lastPeriod', coalesce(${remembers ? sql`lp.period` : sql`null::json`},
        case when lr.meter_id = previous.meter_id and lr.fitted_at = previous.fitted_at and lr.at < previous.at then json_build_object(
          'runId', null, 'usageM3', null, 'fromL', lr.index_l, 'toL', previous.index_l, 'fromAtS', ${epoch(sql`lr.at`)}, 'toAtS', ${epoch(sql`previous.at`)}) end),
      'isFirst', c.from_on > c.previous_on and previous.run_id is null,
      'isAbsent', ${circumstance('absence', sql`pc.from_on <= ${firstOn} and (pc.to_on is null or pc.to_on > c.closing_on)`)},
      'isDisaster', ${circumstance('disaster', sql`pc.from_on <= c.closing_on and (pc.to_on is null or pc.to_on > ${firstOn})`)}`,
    joins: sql`
      ${remembers ? sql`left join lateral ${lastIssued(isMissed)} lp on true` : sql``}
      left join lateral ${earlier} lr on true`,
  };
}

/** The latest issued row of the occupancy with a usage. */
function lastIssued(when: Sql): Sql {
  const end = sql`case when g.estimated_index_l is null then r.read_at else ${dayEnd(sql`r.closes_on`)} end`;
  return sql`(
    select json_build_object('runId', r.run_id, 'usageM3', coalesce(g.register_m3, g.usage_m3), 'fromL', null, 'toL', null,
        'fromAtS', ${epoch(sql`r.previous_at`)}, 'toAtS', ${epoch(end)}) as period
    from closing_run_row r
    cross join lateral (select x.* from closing_run_figure x
      where x.utility_id = r.utility_id and x.run_id = r.run_id and x.row_number = r.row_number limit 1) g
    where ${when} and r.utility_id = o.utility_id and r.occupancy_id = o.occupancy_id and r.remembered
      and r.run_id + 0 = any (${issuedRuns(sql`true`)}) and r.closes_on < c.closing_on and g.usage_m3 is not null
      and r.previous_at is not null
    order by r.closes_on desc, r.run_id desc limit 1)`;
}

/** The first register after the closing, of the fitting that was read before it. */
function nextRegister(maxHours: number): Fragments {
  const hours = sql`${maxHours}::integer`;
  const at = sql`((d.day + make_interval(hours => u.hour::integer)) at time zone 'Asia/Tokyo')`;
  return {
    columns: sql`'next', case when nr.index_l is not null then json_build_object('indexL', nr.index_l, 'atS', ${epoch(sql`nr.at`)}) end`,
    joins: sql`
      left join lateral (
        select u.index_l, ${at} as at
        from (select c.closing_on + 1 as from_day, c.closing_on + (${hours} + 23) / 24 as to_day,
                until.at + make_interval(hours => ${hours}) as until_at
              where c.kind = 'regular' and f.meter_id is not null and now.lag_s > 0 and now.lag_s < ${hours} * 3600 offset 0) k
        cross join sound_day d
        cross join lateral unnest(d.index_l) with ordinality as u (index_l, hour)
        where d.utility_id = f.utility_id and d.meter_id = f.meter_id and d.closing_hour is not null
          and d.day >= k.from_day and d.day <= k.to_day and u.index_l is not null and ${at} <= k.until_at
          and (f.removed_at is null or ${at} <= f.removed_at)
        order by d.day, u.hour limit 1
      ) nr on true`,
  };
}

function certifiedUsage(): Fragments {
  return {
    columns: sql`'certified', case when ce.decision_id is not null then json_build_object('decisionId', ce.decision_id,
      'litres', ce.litres, 'reason', ce.reason, 'decidedBy', ce.decided_by, 'decidedAtS', ${epoch(sql`ce.decided_at`)}) end`,
    joins: sql`
      left join usage_decision ce on ce.utility_id = o.utility_id and ce.occupancy_id = o.occupancy_id and ce.on_day = c.closing_on
        and ce.kind = 'certified' and ce.withdrawn_at is null and c.kind = 'regular'`,
  };
}

/**
 * corrections: JSON of the corrections that are billed with the row: those dated in its period, or after the last row
 * of the occupancy, that stand in no issued row of another closing. A period goes back to the closing that was issued last, so that a closing that was
 * never issued leaves none out.
 */
function corrections({ remembers, beforeOn, closingDay, isMany }: EstimatedClosings): Fragments {
  const isFirst = sql`c.previous_on < ${beforeOn}::date`;
  const periodFrom = remembers
    ? sql`(case when i.closes_on < c.previous_on and ${isFirst} then i.closes_on else c.previous_on end)`
    : sql`c.previous_on`;
  // Of a closing alone the issued rows of others tell what was billed; of several at once each has those of its period.
  const from = isMany ? sql`greatest(${periodFrom}, c.from_on - 1)` : sql`c.from_on - 1`;
  return {
    columns: sql`, co.list as corrections`,
    joins: sql`
      left join lateral (
        select json_agg(json_build_object('decisionId', d.decision_id, 'litres', d.litres, 'percent', trim_scale(d.percent)::text,
            'direction', d.direction, 'baseM3', d.base_m3::text, 'baseRuns', d.base_runs, 'todayM3', (${baseToday(sql`d`)})::text,
            'billsOn', d.on_day, 'reason', d.reason,
            'decidedBy', d.decided_by, 'decidedAtS', ${epoch(sql`d.decided_at`)}) order by d.decision_id) as list
        from usage_decision d
        where d.utility_id = o.utility_id and d.occupancy_id = o.occupancy_id and d.kind = 'correction' and d.withdrawn_at is null
          and d.on_day > ${from} and (d.on_day <= c.closing_on or c.kind = 'final')
          and not exists (
            select from closing_run_row w
            join closing_run n on n.utility_id = w.utility_id and n.run_id = w.run_id and n.state = 'issued'
              and (n.closes_on <> r.closing_on or n.closing_day <> ${closingDay}::smallint)
            cross join lateral json_array_elements(
              case when json_typeof(w.facts -> 'corrections') = 'array' then w.facts -> 'corrections' else '[]'::json end) e
            where w.utility_id = o.utility_id and w.occupancy_id = o.occupancy_id and w.remembered
              and e ->> 'decisionId' = d.decision_id::text)
      ) co on true`,
  };
}

/** Sum of what the closings that a correction `of` is of bill as they stand issued; null where one of them has no usage any more. */
export function baseToday(of: Sql): Sql {
  return sql`
    select case when count(b.m3) = cardinality(${of}.base_runs) then sum(b.m3) end from (
      select distinct on (w.closes_on) g.usage_m3::numeric as m3
      from closing_run_row base
      join closing_run_row w on w.utility_id = base.utility_id and w.occupancy_id = base.occupancy_id and w.closes_on = base.closes_on and w.remembered
      join closing_run n on n.utility_id = w.utility_id and n.run_id = w.run_id and n.state = 'issued'
      join closing_run_figure g on g.utility_id = w.utility_id and g.run_id = w.run_id and g.row_number = w.row_number
      where base.utility_id = ${of}.utility_id and base.occupancy_id = ${of}.occupancy_id and base.run_id = any (${of}.base_runs)
        and base.remembered
      order by w.closes_on, w.run_id desc
    ) b`;
}

/** volumeFactor: JSON of the factor with which the period begins; null without one. */
function factors({ maxDays }: EstimatedClosings): Fragments {
  // A row that counts from before the closing before, which was left out or had no reading, begins there.
  const begins = sql`greatest(
    case when previous.at < ${dayEnd(sql`c.previous_on - ${maxDays}`)} then ${dayOfReading(sql`previous.at`)} + 1 else c.previous_on + 1 end,
    c.from_on)`;
  return {
    columns: sql`, vf.factor as "volumeFactor"`,
    joins: sql`
      left join lateral (
        select case when v.factor <> 1 then json_build_object('factor', trim_scale(v.factor)::text, 'fromOn', v.from_on, 'basis', v.basis) end as factor
        from volume_factor v
        where v.utility_id = o.utility_id and v.supply_point_id = o.supply_point_id and v.from_on <= ${begins}
        order by v.from_on desc limit 1
      ) vf on true`,
  };
}
