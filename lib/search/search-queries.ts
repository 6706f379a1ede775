import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { beside, escapeLike } from '../meters/meter-queries.ts';
import { REFUSALS_SHOWN_DAYS } from '../readings/refusals.ts';
import type { SearchHit } from './search-wire.ts';

const MOST_HITS = 12;
/** Number of latest reports for unregistered meters that are searched. */
const UNREGISTERED_LOOKED_AT = 10_000;

/**
 * Finds meters by customer number, terminal number, meter serial or supply point number: equal ones first, then those
 * that begin with the text, then those that contain it. Former numbers lead to their supply point, an unregistered
 * serial to the supply point whose terminal reported for it in the last days.
 */
export async function search(
  db: ReadDb,
  actor: Actor,
  input: { query: string; now: Date },
): Promise<SearchHit[]> {
  requireCapability(actor, 'meter.read');
  const query = input.query.trim();
  if (query === '') return [];
  const pattern = `%${escapeLike(query)}%`;
  const { rows } = await sql<SearchHit>`
    with hit as (
      select 'customerNumber' as match, o.customer_number as matched, o.supply_point_id, null::int as meter_id,
             o.to_on is null or o.to_on > (${input.now}::timestamptz at time zone 'Asia/Tokyo')::date as current
      from occupancy o where o.customer_number ilike ${pattern}
      union all
      select 'terminalNumber', t.number, tf.supply_point_id, null, tf.to_at is null or tf.to_at > ${input.now}
      from terminal t join terminal_fitting tf on tf.terminal_id = t.terminal_id where t.number like ${pattern}
      union all
      select 'meterSerial', m.serial, f.supply_point_id, m.meter_id, f.removed_at is null or f.removed_at > ${input.now}
      from meter m join meter_fitting f on f.meter_id = m.meter_id where m.serial like ${pattern}
      union all
      select 'supplyPointNumber', s.number, s.supply_point_id, null, true
      from supply_point s where s.number ilike ${pattern}
      union all
      ${unregisteredMeters(pattern, input.now)}
    ), best as (
      select * from hit
      order by case when lower(matched) = lower(${query}) then 0
                    when lower(matched) like lower(${`${escapeLike(query)}%`}) then 1 else 2 end,
               current desc, matched
      limit ${MOST_HITS}
    )
    select coalesce(b.meter_id, f.meter_id) as "meterId", b.supply_point_id as "supplyPointId", b.match, b.matched, m.serial as "meterSerial",
           t.number as "terminalNumber", o.customer_number as "customerNumber", a.name as "areaName", s.number as "supplyPointNumber", b.current
    from best b
    join supply_point s on s.supply_point_id = b.supply_point_id
    join area a on a.area_id = s.area_id
    join lateral (
      select meter_id from meter_fitting f where f.supply_point_id = b.supply_point_id order by fitted_at desc limit 1
    ) f on true
    join meter m on m.meter_id = coalesce(b.meter_id, f.meter_id)
    ${beside(sql`b.supply_point_id`, input.now)}
    order by case when lower(b.matched) = lower(${query}) then 0
                  when lower(b.matched) like lower(${`${escapeLike(query)}%`}) then 1 else 2 end,
             b.current desc, b.matched
  `.execute(db);
  return rows;
}

function unregisteredMeters(pattern: string, now: Date) {
  return sql`
    select distinct 'unregisteredMeter', q.meter_serial, tf.supply_point_id, null::int, true
    from (
      select meter_serial, terminal_number from frame_quarantine
      where utility_id = current_utility_id() and reason = 'unknown_meter' and meter_serial is not null
        and received_at > ${now}::timestamptz - make_interval(days => ${REFUSALS_SHOWN_DAYS})
      order by received_at desc limit ${UNREGISTERED_LOOKED_AT}
    ) q
    join terminal t on t.number = q.terminal_number
    join terminal_fitting tf on tf.terminal_id = t.terminal_id and (tf.to_at is null or tf.to_at > ${now})
    where q.meter_serial like ${pattern} and not exists (select from meter m where m.serial = q.meter_serial)`;
}
