/** Changes that a later report made to a known day: hours with old and new values. */

export interface VersionValues {
  indexL: readonly (number | null)[];
  pressurePa: readonly (number | null)[];
}

/** Registers in litres, pressures in pascals; null when there was no value. */
export interface ChangedHour {
  hourEnding: number;
  indexL: { before: number | null; after: number | null } | null;
  /** The value beyond the dial that was received when there was none before. */
  indexFaultL: number | null;
  pressurePa: { before: number | null; after: number | null } | null;
}

/** Hours in which two versions of a day differ, in order. A member that is null did not change in that hour. */
export function changedHours(
  before: VersionValues,
  after: VersionValues,
  faults: readonly { hourEnding: number; indexL: number }[] = [],
): ChangedHour[] {
  return Array.from({ length: 24 }, (_, at) => {
    const indexL = change(before.indexL[at], after.indexL[at]);
    const fault = faults.find(({ hourEnding }) => hourEnding === at + 1);
    return {
      hourEnding: at + 1,
      indexL,
      indexFaultL: indexL !== null && indexL.before === null ? (fault?.indexL ?? null) : null,
      pressurePa: change(before.pressurePa[at], after.pressurePa[at]),
    };
  }).filter(({ indexL, pressurePa }) => indexL !== null || pressurePa !== null);
}

function change(before: number | null = null, after: number | null = null) {
  return before === after ? null : { before, after };
}
