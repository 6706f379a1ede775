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

/** True for a day's array in which at least one hour is a fault of the sensor. */
export function hasFault(pressures: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(${LEAST}::smallint > any (${pressures}) or ${GREATEST}::smallint < any (${pressures}))`;
}
