// Hours of a JST day: hour ending k (1…24) is the value at k:00, in element k − 1. A presence mask has 24 bits, hour 1
// being the highest: the three bytes of the wire read as one number.

const HOURS = 24;

/** One day's values by hour ending; null when the hour is missing. */
export type HourlyValues = readonly (number | null)[];

/** The bit of an hour ending 1…24 in a presence mask [TERM-6.2]. */
export function hourBit(hourEnding: number): number {
  return 1 << (HOURS - hourEnding);
}

/** The last hour ending (1…24) in a mask, 0 without any. */
export function lastHour(mask: number): number {
  return mask === 0 ? 0 : HOURS - (31 - Math.clz32(mask & -mask));
}

/** The 24 values of a day from packed values and their presence mask. */
export function hourlyValues(values: ArrayLike<number>, mask: number): (number | null)[] {
  return Array.from({ length: HOURS }, (_, i) => (mask & hourBit(i + 1) ? (values[i] ?? 0) : null));
}

/** The packed value of an hour ending 1…24; else RangeError. */
export function valueAt(values: Int32Array | Int16Array, hourEnding: number): number {
  const value = values[hourEnding - 1];
  if (value === undefined) throw new RangeError(`a day has no hour ending ${hourEnding}`);
  return value;
}

/** Packs 24 values into `into` (0 when missing) and returns their presence mask; otherwise RangeError. */
export function packHourly(
  name: string,
  values: HourlyValues,
  into: Int32Array | Int16Array,
): number {
  if (values.length !== HOURS) {
    throw new RangeError(`${name} must have ${HOURS} elements, not ${values.length}`);
  }
  let mask = 0;
  for (const [i, value] of values.entries()) {
    into[i] = value ?? 0;
    if (into[i] !== (value ?? 0)) {
      throw new RangeError(`${name} of hour ${i + 1} cannot be sent: ${value}`);
    }
    if (value !== null) mask |= hourBit(i + 1);
  }
  return mask;
}
