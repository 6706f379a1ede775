/**
 * Which pressures a sensor can have meant. A household is supplied at 1.0 to 3.3 kPa, its meter stands 3.5 kPa at most, and an
 * empty pipe has 0: more than 1 kPa below the atmosphere, or about three times what the meter stands, is no supply pressure
 * but a fault of the sensor, above all the two ends of what the wire can carry (−32,768 and 32,767).
 */

/** The least and the greatest pressure that is believed, both included. Pascals (gauge). */
export const SENSOR_RANGE_PA = { least: -1_000, greatest: 10_000 } as const;

/** True for a value that counts as a pressure; false for a fault of the sensor. */
export function isSoundPressure(pressurePa: number): boolean {
  return pressurePa >= SENSOR_RANGE_PA.least && pressurePa <= SENSOR_RANGE_PA.greatest;
}

/** The value where it counts as a pressure; null where it is missing or a fault of the sensor. */
export function soundPressure(pressurePa: number | null | undefined): number | null {
  return pressurePa !== null && pressurePa !== undefined && isSoundPressure(pressurePa)
    ? pressurePa
    : null;
}
