/** `SENSOR_RANGE_PA` in SQL. */
import { type RawBuilder, sql } from 'kysely';
import { SENSOR_RANGE_PA } from './sensor-range.ts';

const { least, greatest } = SENSOR_RANGE_PA;
// Literals, so that the planner knows the values.
const LEAST = sql.lit(least);
const GREATEST = sql.lit(greatest);

/** True for a pressure, false for a sensor fault, null without a value. */
export function isSound(pressurePa: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`${pressurePa} between ${LEAST} and ${GREATEST}`;
}

/** True for a sensor fault. */
export function isFault(pressurePa: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`${pressurePa} not between ${LEAST} and ${GREATEST}`;
}

/** True for a day's array with a sensor fault in at least one hour. */
export function hasFault(pressures: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(${LEAST}::smallint > any (${pressures}) or ${GREATEST}::smallint < any (${pressures}))`;
}
