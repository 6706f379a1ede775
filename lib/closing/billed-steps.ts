/**
 * Billed usage as the calculation that a person can repeat: for each meter of the period its two registers as the
 * rounding reads them, and their difference. All values are m³ as decimal text. The result is that of billedM3.
 */
import { billedM3, periodUsage, type UsageRounding, type UsageSegment } from './billed-usage.ts';

/** Difference of one meter: `to` − `from` = `difference`, which is negative where an issued register is taken back. */
export interface BilledStep {
  from: string;
  /** After a rollover counted on past the end of the dial. */
  to: string;
  /** What the register showed after a rollover; null without one. */
  read: string | null;
  difference: string;
}

export interface BilledSteps {
  /** Oldest meter first. */
  steps: BilledStep[];
  /** Sum before the rounding that is done once, at the end; null when each register was rounded. */
  sum: string | null;
  usageM3: string;
}

const UNIT_L: Record<UsageRounding, number> = {
  'floor-of-difference': 1,
  'difference-of-floors': 1000,
  'difference-of-floors-0.1': 100,
};

/** Registers of one meter at the start and the end of a period. Litres. */
type Registers = Pick<UsageSegment, 'dialL' | 'fromL' | 'toL' | 'takesBack'>;

/** Undefined when the usage of a segment is not known. Whether it could have passed was judged with its row. */
export function billedSteps(
  registers: readonly Registers[],
  rounding: UsageRounding,
): BilledSteps | undefined {
  const segments = registers.map((each) => ({
    ...each,
    ...{ sizeM3PerHour: Number.POSITIVE_INFINITY, fromAtS: null, toAtS: null },
  }));
  if (segments.length === 0) return undefined;
  const steps: BilledStep[] = [];
  let sumL = 0;
  for (const segment of segments) {
    const { fromL, toL } = segment;
    if (fromL === null || toL === null) return undefined;
    const endL = endOf(segment, fromL, toL);
    if (endL === null) return undefined;
    sumL += endL - fromL;
    steps.push(stepOf({ fromL, toL, endL }, UNIT_L[rounding]));
  }
  if (sumL < 0) return undefined;
  return {
    steps,
    sum: rounding === 'floor-of-difference' ? volumeText(sumL, 1) : null,
    usageM3: billedM3(segments, rounding),
  };
}

/** Register at the end, continued past the dial; null when it fell and is not taken back. */
function endOf(segment: UsageSegment, fromL: number, toL: number): number | null {
  if (segment.takesBack) return toL;
  const usage = periodUsage([segment]);
  return usage.known ? fromL + usage.usageL : null;
}

function stepOf(
  { fromL, toL, endL }: { fromL: number; toL: number; endL: number },
  unitL: number,
): BilledStep {
  const inUnits = (litres: number) => Math.floor(litres / unitL);
  return {
    from: volumeText(inUnits(fromL), unitL),
    to: volumeText(inUnits(endL), unitL),
    read: endL === toL ? null : volumeText(inUnits(toL), unitL),
    difference: volumeText(inUnits(endL) - inUnits(fromL), unitL),
  };
}

/** A number of units of 1, 100 or 1000 litres as m³ with the decimals that the unit needs. */
function volumeText(units: number, unitL: number): string {
  if (units < 0) return `-${volumeText(-units, unitL)}`;
  const perM3 = 1000 / unitL;
  const whole = String(Math.floor(units / perM3));
  if (perM3 === 1) return whole;
  return `${whole}.${String(units % perM3).padStart(String(perM3).length - 1, '0')}`;
}
