/** `SENSOR_RANGE_PA` in SQL. */
import { type RawBuilder, sql } from 'kysely';
import { SENSOR_RANGE_PA } from './sensor-range.ts';

const { least, greatest } = SENSOR_RANGE_PA;
// Literals, so that the server's plan knows them.
const LEAST = sql.lit(least);
const GREATEST = sql.lit(greatest);

/** True for a pressure, false for a fault of the sensor, null where there is no value. */
export function isSound(pressurePa: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`${pressurePa} between ${LEAST} and ${GREATEST}`;
}

/** True for a fault of the sensor. */
export function isFault(pressurePa: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`${pressurePa} not between ${LEAST} and ${GREATEST}`;
}

/** True for a day's array in which at least one hour has a pressure. The hours that are looked at first decide nearly always. */
export function hasSound(pressures: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(coalesce(${isSound(sql`${pressures}[24]`)}, false) or coalesce(${isSound(sql`${pressures}[1]`)}, false)
    or exists (select from unnest(${pressures}) p where ${isSound(sql`p`)}))`;
}

/** True for a day's array in which at least one hour is a fault of the sensor. */
export function hasFault(pressures: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(${LEAST}::smallint > any (${pressures}) or ${GREATEST}::smallint < any (${pressures}))`;
}

/** How many hours of a day's array are faults of the sensor. Only days that have any are looked through. */
export function faultCount(pressures: RawBuilder<unknown>): RawBuilder<number> {
  return sql`case when ${hasFault(pressures)}
    then (select count(*) from unnest(${pressures}) p where ${isFault(sql`p`)}) else 0 end`;
}
