import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { instantOf } from '../time.ts';
import type { Refusals } from './refusal-wire.ts';
import {
  REFUSALS_COUNTED,
  REFUSALS_SHOWN_DAYS,
  type Refusal,
  type RefusalSummary,
} from './refusals.ts';

/** A terminal's refused frames: a summary, and the latest that concerns the given day. */
export interface TerminalRefusals {
  summary: RefusalSummary;
  ofDay: Refusal | null;
}

/**
 * Refused frames of terminals by terminal number; terminals without any are left out. `day` is concerned by frames that
 * named it, and by those that named no day and came after its end. A frame that named a meter which has been fitted
 * since concerns no day.
 */
export async function findTerminalRefusals(
  db: ReadDb,
  terminalNumbers: readonly string[],
  { day, now }: { day: string | undefined; now: Date },
): Promise<Map<string, TerminalRefusals>> {
  if (terminalNumbers.length === 0) return new Map();
  const { rows } = await sql<SummaryRow>`
    with asked as (
      select distinct number from unnest(${terminalNumbers}::text[]) as number
    ), recent as materialized (
      select a.number, q.* from asked a cross join lateral (${recentFrames(sql`a.number`, now)}) q
    ), counted as (
      select number, count(*)::int as count from recent group by number
    ), latest as (
      select distinct on (number) * from recent order by number, received_at desc, quarantine_id desc
    ), of_day as (
      select distinct on (number) * from (select r.*, ${namedMeter('r')} as named from recent r) r
      where ${bearsOn(day)} and (reason <> 'unknown_meter' or named is distinct from 'fitted')
      order by number, received_at desc, quarantine_id desc
    )
    select c.number, c.count, ${refusalJson('l', namedMeter('l'))} as latest,
           case when o.number is not null then ${refusalJson('o', sql`o.named`)} end as "ofDay"
    from counted c
    join latest l on l.number = c.number
    left join of_day o on o.number = c.number
  `.execute(db);
  return new Map(
    rows.map(({ number, count, latest, ofDay }) => [
      number,
      { summary: { count, latest: refusalOf(latest) }, ofDay: ofDay ? refusalOf(ofDay) : null },
    ]),
  );
}

/**
 * Refused frames of the terminal beside a meter now, latest first; empty without a terminal.
 * @throws DomainError `forbidden`.
 */
export async function listMeterRefusals(
  db: ReadDb,
  actor: Actor,
  input: { meterId: number; limit: number; offset: number; now: Date },
): Promise<Refusals> {
  requireCapability(actor, 'meter.read');
  const { rows } = await sql<{ total: number; refusal: RefusalJson | null }>`
    with beside as (
      select t.number
      from meter_fitting f
      join terminal_fitting tf on tf.supply_point_id = f.supply_point_id
        and tf.from_at <= ${input.now} and (tf.to_at is null or tf.to_at > ${input.now})
      join terminal t on t.terminal_id = tf.terminal_id
      where f.meter_id = ${input.meterId}
      order by f.fitted_at desc limit 1
    ), recent as materialized (
      select b.number, q.* from beside b cross join lateral (${recentFrames(sql`b.number`, input.now)}) q
    ), page as (
      select * from recent order by received_at desc, quarantine_id desc limit ${input.limit} offset ${input.offset}
    )
    select n.total, case when p.number is not null then ${refusalJson('p', namedMeter('p'))} end as refusal
    from (select count(*)::int as total from recent) n
    left join page p on true
    order by p.received_at desc, p.quarantine_id desc
  `.execute(db);
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.flatMap(({ refusal }) => (refusal ? [refusalOf(refusal)] : [])),
  };
}

interface RefusalJson {
  refusalId: number;
  receivedAt: string;
  reason: string;
  isAuthentic: boolean;
  meterSerial: string | null;
  day: string | null;
  namedMeter: Refusal['namedMeter'];
}

interface SummaryRow {
  number: string;
  count: number;
  latest: RefusalJson;
  ofDay: RefusalJson | null;
}

function refusalOf({ receivedAt, ...refusal }: RefusalJson): Refusal {
  return { ...refusal, receivedAt: new Date(receivedAt) };
}

/** Limited, so that a terminal that keeps failing costs no more than others. */
function recentFrames(terminalNumber: RawBuilder<unknown>, now: Date): RawBuilder<unknown> {
  return sql`
    select f.quarantine_id, f.received_at, f.reason, f.is_authentic, f.meter_serial, f.day
    from frame_quarantine f
    where f.utility_id = current_utility_id() and f.terminal_number = ${terminalNumber}
      and f.received_at > ${now}::timestamptz - make_interval(days => ${REFUSALS_SHOWN_DAYS})
    order by f.received_at desc limit ${REFUSALS_COUNTED}`;
}

function bearsOn(day: string | undefined): RawBuilder<unknown> {
  if (day === undefined) return sql`false`;
  return sql`(r.day = ${day} or (r.day is null and r.received_at >= ${instantOf(day, 24)}))`;
}

/** State in the register of the meter that a frame named: a value of `NamedMeter`, or null when it named none. */
function namedMeter(of: string): RawBuilder<unknown> {
  const row = (column: string) => sql.ref(`${of}.${column}`);
  const begin = sql`(${row('day')}::timestamp at time zone 'Asia/Tokyo')`;
  const end = sql`((${row('day')} + 1)::timestamp at time zone 'Asia/Tokyo')`;
  return sql`
    case when ${row('meter_serial')} is null then null
         when not exists (select from meter m where m.serial = ${row('meter_serial')}) then 'unregistered'
         when exists (
           select from meter m
           join meter_fitting f on f.meter_id = m.meter_id
             and f.fitted_at < ${end} and (f.removed_at is null or f.removed_at > ${begin})
           join terminal_fitting tf on tf.supply_point_id = f.supply_point_id
             and tf.from_at < ${end} and (tf.to_at is null or tf.to_at > ${begin})
           join terminal t on t.terminal_id = tf.terminal_id and t.number = ${row('number')}
           where m.serial = ${row('meter_serial')}
         ) then 'fitted'
         else 'notFitted' end`;
}

function refusalJson(of: string, named: RawBuilder<unknown>): RawBuilder<unknown> {
  const row = (column: string) => sql.ref(`${of}.${column}`);
  return sql`json_build_object(
    'refusalId', ${row('quarantine_id')}, 'receivedAt', ${row('received_at')}, 'reason', ${row('reason')}, 'isAuthentic', ${row('is_authentic')},
    'meterSerial', ${row('meter_serial')}, 'day', ${row('day')}, 'namedMeter', ${named})`;
}
