/** What the soft rules look at: the last sound register of each day, who had the meter when, edits and clocks. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { MeterWindow } from './history-queries.ts';
import type { DayClosing, Stay } from './reading-marks.ts';

/** Days are day numbers. */
export interface MarkedMeter {
  dialL: number;
  /** In order of time; of one customer and one fitting each. */
  stays: Stay[];
  /** Days of recorded absence. */
  away: Stay[];
  closings: DayClosing[];
}

/** A register that came for an hour for which another one was entered by hand. */
export interface LateRegister {
  meterId: number;
  day: number;
  hourEnding: number;
  editId: number;
  enteredL: number;
  receivedL: number;
}

/** A day of a terminal whose clock was off. */
export interface DoubtedClock {
  meterId: number;
  /** First and last day of which it sent hours. */
  from: number;
  to: number;
  offsetS: number;
  /** Of these days, between the first and the last sound register of each. */
  usageL: number;
}

const dayNumberOf = (day: string) => sql.raw(`(${day} - date '1970-01-01')`);
/** A stay or an absence that goes on. */
const NO_END = sql.raw(`date '9999-12-31'`);

/**
 * Meters with the closings of all their days, or of the days given alone. Meters that no customer ever had are left out. Checks
 * no right: for the job.
 */
export async function listMarkedMeters(
  db: ReadDb,
  utilityId: number,
  { meterIds, days }: { meterIds: readonly number[]; days?: readonly string[] },
): Promise<Map<number, MarkedMeter>> {
  const { rows } = await sql<Omit<MarkedMeter, 'closings'> & { meterId: number }>`
    select m.meter_id as "meterId", m.dial_l as "dialL", s.stays, coalesce(a.away, '[]') as away
    from meter m
    cross join lateral (
      select json_agg(json_build_object('from', ${dayNumberOf('y.from_on')}, 'to', ${dayNumberOf('y.to_on')}) order by y.from_on) as stays
      from (
        select greatest(o.from_on, (f.fitted_at at time zone 'Asia/Tokyo')::date) as from_on,
          least(coalesce(o.to_on, ${NO_END}), coalesce((f.removed_at at time zone 'Asia/Tokyo')::date, ${NO_END})) - 1 as to_on
        from meter_fitting f
        join occupancy o on o.utility_id = f.utility_id and o.supply_point_id = f.supply_point_id
        where f.utility_id = m.utility_id and f.meter_id = m.meter_id
      ) y
      where y.from_on <= y.to_on
    ) s
    cross join lateral (
      select json_agg(json_build_object('from', ${dayNumberOf('c.from_on')}, 'to', ${dayNumberOf(`coalesce(c.to_on, date '9999-12-31')`)} - 1)) as away
      from meter_fitting f
      join place_circumstance c on c.utility_id = f.utility_id and c.supply_point_id = f.supply_point_id
        and c.withdrawn_at is null and c.kind = 'absence'
      where f.utility_id = m.utility_id and f.meter_id = m.meter_id
    ) a
    where m.utility_id = ${utilityId} and m.meter_id = any (${[...meterIds]}::int[]) and s.stays is not null`.execute(
    db,
  );
  const meters = new Map(
    rows.map(({ meterId, ...meter }) => [meterId, { ...meter, closings: [] as DayClosing[] }]),
  );
  const chosen = days === undefined ? sql`true` : sql`d.day = any (${[...days]}::date[])`;
  const { rows: closings } = await sql<DayClosing & { meterId: number }>`
    select d.meter_id as "meterId", ${dayNumberOf('d.day')} as day, d.closing_hour as hour, d.closing_index_l as "indexL"
    from sound_day d
    where d.utility_id = ${utilityId} and d.meter_id = any (${[...meters.keys()]}::int[]) and d.closing_index_l is not null and ${chosen}
    order by d.day`.execute(db);
  for (const { meterId, ...closing } of closings) meters.get(meterId)?.closings.push(closing);
  return meters;
}

/** Registers that came after others were entered by hand for their hours, of standing edits. Checks no right. */
export async function listLateRegisters(
  db: ReadDb,
  utilityId: number,
  meterIds: readonly number[],
): Promise<LateRegister[]> {
  const { rows } = await sql<LateRegister>`
    select e.meter_id as "meterId", ${dayNumberOf('e.day')} as day, x.hour as "hourEnding", x.edit_id as "editId", x.index_l as "enteredL",
      d.index_l[x.hour] as "receivedL"
    from edited_day e
    cross join lateral unnest(e.hours, e.kinds, e.index_l, e.edit_ids) x (hour, kind, index_l, edit_id)
    join reading_edit r on r.utility_id = e.utility_id and r.edit_id = x.edit_id
    join meter_day d on d.utility_id = e.utility_id and d.meter_id = e.meter_id and d.day = e.day
    where e.utility_id = ${utilityId} and e.meter_id = any (${[...meterIds]}::int[]) and x.kind = 'entered'
      and d.index_l[x.hour] is distinct from r.received_l[1] and d.index_l[x.hour] <> x.index_l
    order by e.meter_id, e.day, abs(d.index_l[x.hour] - x.index_l) desc`.execute(db);
  return rows;
}

/** Days on which the terminals of meters were seen with a clock that was off, and the day before each. Checks no right. */
export async function listDoubtedClocks(
  db: ReadDb,
  utilityId: number,
  meterIds: readonly number[],
): Promise<DoubtedClock[]> {
  const { rows: doubts } = await sql<ClockDoubt>`
    select distinct f.meter_id as "meterId", c.terminal_id as "terminalId", c.day, c.offset_s as "offsetS"
    from terminal_clock_doubt c
    join terminal_fitting t on t.utility_id = c.utility_id and t.terminal_id = c.terminal_id
    join meter_fitting f on f.utility_id = t.utility_id and f.supply_point_id = t.supply_point_id
    where c.utility_id = ${utilityId} and f.meter_id = any (${[...meterIds]}::int[])`.execute(db);
  if (doubts.length === 0) return [];
  const { rows } = await sql<DoubtedClock>`
    select w.meter_id as "meterId", min(${dayNumberOf('d.day')}) as "from", max(${dayNumberOf('d.day')}) as "to", w.offset_s as "offsetS",
      sum(u.usage_l)::integer as "usageL"
    from unnest(${doubts.map(({ meterId }) => meterId)}::int[], ${doubts.map(({ terminalId }) => terminalId)}::int[],
      ${doubts.map(({ day }) => day)}::date[], ${doubts.map(({ offsetS }) => offsetS)}::int[]) w (meter_id, terminal_id, doubted_on, offset_s)
    cross join generate_series(0, 1) n
    cross join lateral (
      -- Kept apart by the offset: a join would not reach the key behind the view.
      select s.day, s.index_l, s.terminal_id from sound_day s
      where s.utility_id = ${utilityId} and s.meter_id = w.meter_id and s.day = w.doubted_on - n offset 0
    ) d
    join meter m on m.utility_id = ${utilityId} and m.meter_id = w.meter_id
    cross join lateral (
      select coalesce((max(i) - min(i)) % (m.dial_l / 2), 0) as usage_l from unnest(d.index_l) i
    ) u
    where d.terminal_id = w.terminal_id
    group by w.meter_id, w.terminal_id, w.doubted_on, w.offset_s`.execute(db);
  return rows;
}

interface ClockDoubt {
  meterId: number;
  terminalId: number;
  day: string;
  offsetS: number;
}

/** Of these, the meters of which more than the ends of weeks is to be looked at: with edits, marks, or a clock in doubt. */
export async function listMetersToMark(
  db: ReadDb,
  utilityId: number,
  windows: readonly MeterWindow[],
): Promise<Set<number>> {
  const meterIds = windows.map(({ meterId }) => meterId);
  const { rows } = await sql<{ meterId: number }>`
    select e.meter_id as "meterId" from edited_day e
    where e.utility_id = ${utilityId} and e.meter_id = any (${meterIds}::int[]) and cardinality(e.entered_hours) > 0
    union
    select r.meter_id from reading_mark r
    where r.utility_id = ${utilityId} and r.meter_id = any (${meterIds}::int[]) and r.stands and r.rule <> 'unlike-season'
    union
    select f.meter_id from terminal_clock_doubt c
    join terminal_fitting t on t.utility_id = c.utility_id and t.terminal_id = c.terminal_id
    join meter_fitting f on f.utility_id = t.utility_id and f.supply_point_id = t.supply_point_id
    where c.utility_id = ${utilityId} and f.meter_id = any (${meterIds}::int[])`.execute(db);
  return new Set(rows.map(({ meterId }) => meterId));
}
