/**
 * Step of a register: what passed the meter between two of its registers, and whether that much could have passed in
 * the time. Pure. Registers are integer litres, times are hours. The one rule for usage, closings and replayed files.
 */

/** Multiple of the meter's nominal flow that still counts as possible: the register of a full-flow hour is not exact. */
const POSSIBLE_FLOW = 1.2;
/** Share of the dial above which a falling register may be a rollover (counters give no other sign of it). */
const ROLLOVER_FROM = 0.9;
/** Share of the dial below which a rollover ends; a small fall near the end of the dial is a fall. */
const ROLLOVER_BELOW = 0.5;
const LITRES_PER_M3 = 1_000;
/** A register that a person noted is right, but its time is sure only to the day. Hours. */
export const NOTED_WITHIN_HOURS = 24;

/** What a meter can count. */
export interface MeterCapacity {
  /** Nominal maximum flow, m³ in an hour (号). */
  sizeM3PerHour: number;
  /** The register counts modulo this. Litres. */
  dialL: number;
}

/**
 * - `known`: litres that passed; `rolledOver` when the register passed the end of its dial.
 * - `fallen`: the register fell, and a rollover would need more than could have passed.
 * - `implausible`: the register rose by more than could have passed.
 */
export type RegisterStep =
  | { state: 'known'; usageL: number; rolledOver: boolean }
  | { state: 'fallen' }
  | { state: 'implausible' };

/** Litres that can pass a meter in some hours. */
export function possibleL({ sizeM3PerHour }: MeterCapacity, hours: number): number {
  return sizeM3PerHour * LITRES_PER_M3 * POSSIBLE_FLOW * hours;
}

/** True where a fall has the shape of a rollover: from above 0.9 of the dial to below half of it. */
export function mayRollOver(dialL: number, fromL: number, toL: number): boolean {
  return fromL > ROLLOVER_FROM * dialL && toL < ROLLOVER_BELOW * dialL;
}

/** The step from one register of a meter to a later one, `hours` apart. */
export function registerStep(
  meter: MeterCapacity,
  fromL: number,
  toL: number,
  hours: number,
): RegisterStep {
  const mostL = possibleL(meter, hours);
  if (toL >= fromL) {
    const usageL = toL - fromL;
    return usageL > mostL
      ? { state: 'implausible' }
      : { state: 'known', usageL, rolledOver: false };
  }
  const usageL = toL - fromL + meter.dialL;
  return usageL <= mostL && mayRollOver(meter.dialL, fromL, toL)
    ? { state: 'known', usageL, rolledOver: true }
    : { state: 'fallen' };
}
