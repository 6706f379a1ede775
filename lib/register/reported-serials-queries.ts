// Serials that the terminal of a supply point reports and that are not fitted there: signs of an exchange that was not
// registered yet. Days are JST.
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { REFUSALS_SHOWN_DAYS } from '../readings/refusals.ts';
import type { Answer } from '../wire.ts';
import type { ReportedSerialsWire } from './reported-serials-wire.ts';

/** A serial with the days that were reported for it; its frames are kept in quarantine. */
export type ReportedSerial = Answer<typeof ReportedSerialsWire>['serials'][number];

/** Most frames of a terminal that are looked at. */
const FRAMES = 1_000;

/**
 * Serials that authentic day reports of the terminal beside a meter named in the last 30 days and that are not fitted at the
 * supply point on those days; the one reported last first. Days before `askedAgainFrom` are not asked of the terminal again. Errors:
 * forbidden.
 */
export async function listReportedSerials(
  db: ReadDb,
  actor: Actor,
  { meterId, now }: { meterId: number; now: Date },
): Promise<ReportedSerial[]> {
  requireCapability(actor, 'meter.read');
  const { rows } = await sql<ReportedSerial>`
    with beside as (
      select t.number, f.utility_id, f.supply_point_id
      from meter_fitting f
      join terminal_fitting tf on tf.utility_id = f.utility_id and tf.supply_point_id = f.supply_point_id
        and tf.from_at <= ${now} and (tf.to_at is null or tf.to_at > ${now})
      join terminal t on t.utility_id = tf.utility_id and t.terminal_id = tf.terminal_id
      where f.utility_id = ${actor.utilityId} and f.meter_id = ${meterId} and f.removed_at is null
    ), reported as materialized (
      select b.supply_point_id, q.meter_serial, q.day
      from beside b cross join lateral (
        select f.meter_serial, f.day from frame_quarantine f
        where f.utility_id = b.utility_id and f.terminal_number = b.number and f.reason = 'unknown_meter' and f.is_authentic
          and f.received_at > ${now}::timestamptz - make_interval(days => ${REFUSALS_SHOWN_DAYS})
        order by f.received_at desc limit ${FRAMES}
      ) q
      where q.meter_serial is not null and q.day is not null
    )
    select r.meter_serial as "meterSerial",
      exists (select from meter m where m.utility_id = ${actor.utilityId} and m.serial = r.meter_serial) as "isRegistered",
      array_agg(distinct r.day::text order by r.day::text) as days,
      (${now}::timestamptz at time zone 'Asia/Tokyo')::date
        - (select u.poll_days_back from utility u where u.utility_id = ${actor.utilityId}) as "askedAgainFrom"
    from reported r
    where not exists (
      select from meter m join meter_fitting f on f.utility_id = m.utility_id and f.meter_id = m.meter_id
      where m.utility_id = ${actor.utilityId} and m.serial = r.meter_serial and f.supply_point_id = r.supply_point_id
        and f.fitted_at < (r.day + 1)::timestamp at time zone 'Asia/Tokyo'
        and (f.removed_at is null or f.removed_at > r.day::timestamp at time zone 'Asia/Tokyo'))
    group by r.meter_serial
    order by max(r.day) desc, r.meter_serial`.execute(db);
  return rows;
}
