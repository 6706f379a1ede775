// Terminals that report a meter of a supply point at which they are not fitted: signs of an exchange of the terminal that was
// not registered yet. Days are JST.
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { REFUSALS_SHOWN_DAYS } from '../readings/refusals.ts';
import type { Answer } from '../wire.ts';
import type { ReportedTerminalsWire } from './supply-point-wire.ts';

export type ReportedTerminal = Answer<typeof ReportedTerminalsWire>['terminals'][number];

/** Most frames of a meter that are looked at. */
const FRAMES = 1_000;

/**
 * Terminals in service whose authentic day reports named the meter of the supply point in the last 30 days while they were
 * not fitted there, the one that reported last first; their frames are kept in quarantine. Days before `askedAgainFrom`
 * are not asked of the terminal again. Errors: forbidden.
 */
export async function listReportedTerminals(
  db: ReadDb,
  actor: Actor,
  { supplyPointId, now }: { supplyPointId: number; now: Date },
): Promise<ReportedTerminal[]> {
  requireCapability(actor, 'meter.read');
  const { rows } = await sql<ReportedTerminal>`
    select q.terminal_number as number, array_agg(distinct q.day::text order by q.day::text) as days,
      (${now}::timestamptz at time zone 'Asia/Tokyo')::date
        - (select u.poll_days_back from utility u where u.utility_id = ${actor.utilityId}) as "askedAgainFrom"
    from meter_fitting f
    join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
    cross join lateral (
      select x.terminal_number, x.day from frame_quarantine x
      where x.utility_id = f.utility_id and x.reason = 'unknown_meter' and x.meter_serial = m.serial and x.is_authentic and x.day is not null
        and x.received_at > ${now}::timestamptz - make_interval(days => ${REFUSALS_SHOWN_DAYS})
      order by x.received_at desc limit ${FRAMES}
    ) q
    join terminal t on t.utility_id = f.utility_id and t.number = q.terminal_number and t.retired_at is null
    where f.utility_id = ${actor.utilityId} and f.supply_point_id = ${supplyPointId} and f.removed_at is null
      and not exists (
        select from terminal_fitting x
        where x.utility_id = t.utility_id and x.terminal_id = t.terminal_id and x.supply_point_id = f.supply_point_id
          and x.from_at < (q.day + 1)::timestamp at time zone 'Asia/Tokyo'
          and (x.to_at is null or x.to_at > q.day::timestamp at time zone 'Asia/Tokyo'))
      -- The one that was there before and still reports is not the new one.
      and not exists (
        select from terminal_fitting x
        where x.utility_id = t.utility_id and x.terminal_id = t.terminal_id and x.supply_point_id = f.supply_point_id
          and x.to_at <= q.day::timestamp at time zone 'Asia/Tokyo')
    group by q.terminal_number
    order by max(q.day) desc, q.terminal_number`.execute(db);
  return rows;
}
