/**
 * Range of plausible sensor values. A household is supplied at 1.0 to 3.3 kPa, its meter withstands 3.5 kPa, and an
 * empty pipe has 0: more than 1 kPa below the atmosphere, or about three times what the meter withstands, is not a
 * supply pressure but a sensor fault, above all the two ends of the wire's range (−32,768 and 32,767).
 */

/** Least and greatest plausible pressure, both included. Pascals (gauge). */
export const SENSOR_RANGE_PA = { least: -1_000, greatest: 10_000 } as const;

/** True for a plausible pressure; false for a sensor fault. */
export function isSoundPressure(pressurePa: number): boolean {
  return pressurePa >= SENSOR_RANGE_PA.least && pressurePa <= SENSOR_RANGE_PA.greatest;
}

/** The value if it is a plausible pressure; null when it is missing or a sensor fault. */
export function soundPressure(pressurePa: number | null | undefined): number | null {
  return pressurePa !== null && pressurePa !== undefined && isSoundPressure(pressurePa)
    ? pressurePa
    : null;
}
