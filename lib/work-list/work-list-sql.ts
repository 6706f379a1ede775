/**
 * SQL of the work-list. It reads verdicts, of which only readings in doubt have any, and the register; no day is read.
 */
import { type RawBuilder, sql } from 'kysely';
import { escapeLike } from '../meters/meter-queries.ts';
import type { WorkRule } from './work-list.ts';

type Sql = RawBuilder<unknown>;

export interface WorkFilter {
  rule?: WorkRule | undefined;
  areaId?: number | undefined;
  /** Part of a customer, supply point or terminal number or meter serial. */
  search?: string | undefined;
  /** Only this meter. */
  meterId?: number | undefined;
  now: Date;
}

/**
 * Common table expressions up to `items` (meter_id, from_on, to_on, registers, steps, rules, rule, litres): one row for
 * each connected stretch of a meter's days with verdicts. `rule` is that of the most litres.
 */
export function workItems(utilityId: number, meterId: number | undefined): Sql {
  return sql`
    doubted as materialized (
      select v.meter_id, v.day, u.rules, u.doubt_l, u.step_rules, u.step_l
      from reading_verdict v
      left join edited_day e on e.utility_id = v.utility_id and e.meter_id = v.meter_id and e.day = v.day
      cross join lateral ${undecided()} u
      where v.utility_id = ${utilityId}::integer and cardinality(v.hours) + cardinality(v.step_hours) > 0
        and (${meterId ?? null}::integer is null or v.meter_id = ${meterId ?? null})
        and cardinality(u.rules) + cardinality(u.step_rules) > 0
    ),
    days as (
      select d.*, sum(d.begins) over (partition by d.meter_id order by d.day) as stretch
      from (
        select x.*, case when x.day - lag(x.day) over (partition by x.meter_id order by x.day) = 1 then 0 else 1 end as begins
        from doubted x
      ) d
    ),
    ruled as (
      select d.meter_id, d.stretch, r.rule, max(r.litres) as litres, count(*) filter (where r.is_register) as registers,
        count(*) filter (where not r.is_register) as steps
      from days d
      cross join lateral (
        select h.rule, coalesce(h.litres, 0) as litres, true as is_register from unnest(d.rules, d.doubt_l) h (rule, litres)
        where h.rule is not null
        union all
        select s.rule, coalesce(s.litres, 0), false from unnest(d.step_rules, d.step_l) s (rule, litres)
        where s.rule is not null
      ) r
      group by d.meter_id, d.stretch, r.rule
    ),
    items as (
      select s.meter_id, s.from_on, s.to_on, r.registers, r.steps, r.rules, r.rule, r.litres
      from (
        select d.meter_id, d.stretch, min(d.day) as from_on, max(d.day) as to_on from days d group by d.meter_id, d.stretch
      ) s
      join (
        select u.meter_id, u.stretch, sum(u.registers)::integer as registers, sum(u.steps)::integer as steps,
          array_agg(u.rule order by u.litres desc, u.rule) as rules, (array_agg(u.rule order by u.litres desc, u.rule))[1] as rule,
          max(u.litres) as litres
        from ruled u group by u.meter_id, u.stretch
      ) r on r.meter_id = s.meter_id and r.stretch = s.stretch
    )`;
}

/**
 * Subquery (rules, doubt_l, step_rules, step_l): the verdicts `v` of a day without those that its edits `e` decide. The
 * verdicts follow the edits within seconds, but for a step, whose confirmed register leaves it as it is.
 */
function undecided(): Sql {
  const edited = sql`unnest(e.hours, e.kinds, e.index_l) x (hour, kind, index_l)`;
  const registers = sql`
    from unnest(v.hours, v.index_l, v.rules, v.doubt_l) h (hour, index_l, rule, litres)
    where h.rule is not null and not exists (
      select from ${edited} where x.hour = h.hour and (x.kind = 'entered' or x.index_l = h.index_l))`;
  const steps = sql`
    from unnest(v.step_hours, v.step_rules, v.step_l) s (hour, rule, litres)
    where s.rule is not null and not exists (
      select from ${edited} where x.hour = s.hour and x.kind <> 'struck')`;
  return sql`(
    select v.rules, v.doubt_l, v.step_rules, v.step_l where e.meter_id is null
    union all
    select array(select h.rule ${registers} order by h.hour), array(select coalesce(h.litres, 0) ${registers} order by h.hour),
      array(select s.rule ${steps} order by s.hour), array(select coalesce(s.litres, 0) ${steps} order by s.hour)
    where e.meter_id is not null)`;
}

/**
 * Common table expression `placed`: the items with their meter, the supply point at which it was fitted then, and the
 * closing that the first day belongs to. Items of meters that were at no supply point are left out: nothing bills them.
 */
export function placedItems({ now }: WorkFilter): Sql {
  const closedNow = sql`((c.closes_on + 1)::timestamp at time zone 'Asia/Tokyo' <= ${now}::timestamptz)`;
  return sql`
    placed as (
      select i.*, m.serial, m.dial_l, f.supply_point_id, s.number as supply_point_number, s.area_id, a.name as area_name, k.closing_day,
        o.customer_number, t.number as terminal_number, c.closes_on,
        case when exists (
          select from closing_run n
          where n.utility_id = m.utility_id and n.closing_day = k.closing_day and n.closes_on = c.closes_on and n.state = 'issued'
            and (n.customer_number is null or n.customer_number = o.customer_number)
        ) then 'issued' when ${closedNow} then 'closed' else 'coming' end as closing_state,
        exists (
          select from reading_edit r
          where r.utility_id = m.utility_id and r.meter_id = i.meter_id and r.day between i.from_on and i.to_on and r.state = 'proposed'
        ) as waits
      from items i
      join meter m on m.utility_id = (select current_utility_id()) and m.meter_id = i.meter_id
      cross join lateral (
        select g.supply_point_id from meter_fitting g
        where g.utility_id = m.utility_id and g.meter_id = m.meter_id
          and g.fitted_at < (i.to_on + 1)::timestamp at time zone 'Asia/Tokyo'
          and (g.removed_at is null or g.removed_at > i.from_on::timestamp at time zone 'Asia/Tokyo')
        order by g.fitted_at desc limit 1
      ) f
      join supply_point s on s.utility_id = m.utility_id and s.supply_point_id = f.supply_point_id
      join area a on a.utility_id = s.utility_id and a.area_id = s.area_id
      cross join lateral (select closing_day_on(s.supply_point_id, i.from_on) as closing_day) k
      left join lateral (
        select p.customer_number from occupancy p
        where p.utility_id = s.utility_id and p.supply_point_id = s.supply_point_id
          and p.from_on <= i.to_on and (p.to_on is null or p.to_on > i.from_on)
        order by p.from_on desc limit 1
      ) o on true
      left join lateral (
        select e.terminal_id from terminal_fitting e
        where e.utility_id = s.utility_id and e.supply_point_id = s.supply_point_id
          and e.from_at < (i.to_on + 1)::timestamp at time zone 'Asia/Tokyo'
          and (e.to_at is null or e.to_at > i.from_on::timestamp at time zone 'Asia/Tokyo')
        order by e.from_at desc limit 1
      ) e on true
      left join terminal t on t.utility_id = s.utility_id and t.terminal_id = e.terminal_id
      cross join lateral (
        select min(e.closes_on) as closes_on
        from generate_series(0, 1) n
        cross join lateral (
          select (date_trunc('month', i.from_on::timestamp) + make_interval(months => n::integer))::date as first_on
        ) b
        cross join lateral (
          select b.first_on - 1 + least(k.closing_day,
            extract(day from b.first_on + interval '1 month - 1 day')::integer) as closes_on
        ) e
        where e.closes_on >= i.from_on
      ) c
    )`;
}

/** Condition on `placed` for area and number; the rule is separate, because the counts by rule leave it out. */
export function isFound({ areaId, search }: WorkFilter): Sql {
  const ofArea = areaId === undefined ? sql`true` : sql`p.area_id = ${areaId}`;
  const wanted = (search ?? '').normalize('NFKC').replace(/[\p{Pd}−ー\s]/gu, '');
  if (wanted === '') return ofArea;
  const pattern = `%${escapeLike(wanted)}%`;
  const like = (column: string) => sql`replace(${sql.ref(column)}, '-', '') ilike ${pattern}`;
  return sql`${ofArea} and (
    ${like('p.customer_number')} or ${like('p.supply_point_number')} or ${like('p.terminal_number')} or ${like('p.serial')})`;
}

/** Condition on `placed`: a verdict of this rule. */
export function hasRule(rule: WorkRule | undefined): Sql {
  return rule === undefined ? sql`true` : sql`${rule} = any (p.rules)`;
}
