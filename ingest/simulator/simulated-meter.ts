// Register of a simulated meter: the usage since it was fitted, on a dial that starts again at its capacity.
import { elementAt } from '../../lib/certain.ts';
import { dayFromNumber, dayNumber, dayOf, instantOf } from '../../lib/time.ts';
import { dayUsageL, type Household, usageByHourL } from './demand.ts';
import { type PressureSite, pressureByHourPa } from './simulated-pressure.ts';

const HOURS = 24;
const HOUR_MS = 3_600_000;

/** A fitted meter, after `fittedAt` until `removedAt` (undefined: still fitted). */
export interface SimulatedMeter {
  readonly serial: string;
  /** Dial capacity, litres. */
  readonly dialL: number;
  readonly fittedAt: Date;
  readonly removedAt?: Date | undefined;
  /** Register at `fittedAt`, litres. */
  readonly startIndexL: number;
}

/** One meter's JST day; element k − 1 is the value at k:00, null when there is none. */
export interface MeterDay {
  readonly day: string;
  readonly serial: string;
  readonly indexL: (number | null)[];
  readonly pressurePa: (number | null)[];
}

/** All gas that a household used since a day, whatever meter counted it. */
export interface UsageLine {
  readonly household: Household;
  /** Litres from the line's first day to the beginning of day number `day`. */
  beforeDayL(day: number): number;
}

/** A usage line that begins on `firstDay` (a day number); sums of days are cached. */
export function usageLine(household: Household, firstDay: number): UsageLine {
  const sums = [0];
  return {
    household,
    beforeDayL(day) {
      const count = day - firstDay;
      if (count < 0) throw new RangeError(`the usage line begins on ${dayFromNumber(firstDay)}`);
      while (sums.length <= count) {
        sums.push(elementAt(sums, -1) + dayUsageL(household, firstDay + sums.length - 1));
      }
      return elementAt(sums, count);
    },
  };
}

/** Litres of the line up to an instant; within an hour the flow is constant. */
export function usedUntilL(line: UsageLine, at: Date): number {
  const day = dayNumber(dayOf(at));
  const hours = (at.getTime() - instantOf(dayFromNumber(day), 0).getTime()) / HOUR_MS;
  const byHour = usageByHourL(line.household, day);
  const whole = Math.floor(hours);
  const before = whole === 0 ? 0 : elementAt(byHour, whole - 1);
  const partL = ((byHour[whole] ?? before) - before) * (hours - whole);
  return line.beforeDayL(day) + before + Math.floor(partL);
}

/** Register of a meter at an instant at which it is fitted. Litres, below the dial's capacity. */
export function readRegister(line: UsageLine, meter: SimulatedMeter, at: Date): number {
  const countedL = usedUntilL(line, at) - usedUntilL(line, meter.fittedAt);
  return (meter.startIndexL + countedL) % meter.dialL;
}

/**
 * Readings of each meter fitted at any full hour of a day: after an exchange, the old meter has the hours before it and
 * the new one the following hours.
 */
export function readDay(
  line: UsageLine,
  meters: readonly SimulatedMeter[],
  site: PressureSite,
  day: string,
): MeterDay[] {
  const number = dayNumber(day);
  const byHour = usageByHourL(line.household, number);
  const beforeL = line.beforeDayL(number);
  const pressures = pressureByHourPa(site, number, hourly(byHour));
  const days: MeterDay[] = [];
  for (const meter of meters) {
    const fitted = fittedHours(meter, day);
    if (!fitted.includes(true)) continue;
    const offsetL = meter.startIndexL - usedUntilL(line, meter.fittedAt) + beforeL;
    days.push({
      day,
      serial: meter.serial,
      indexL: fitted.map((is, hour) =>
        is ? (offsetL + elementAt(byHour, hour)) % meter.dialL : null,
      ),
      pressurePa: fitted.map((is, hour) => (is ? elementAt(pressures, hour) : null)),
    });
  }
  return days;
}

function fittedHours(meter: SimulatedMeter, day: string): boolean[] {
  return Array.from({ length: HOURS }, (_, hour) => {
    const at = instantOf(day, hour + 1);
    // At the instant of an exchange the old meter is read once more.
    return meter.fittedAt < at && (!meter.removedAt || at <= meter.removedAt);
  });
}

function hourly(byHour: readonly number[]): number[] {
  return byHour.map((usedL, hour) => usedL - (byHour[hour - 1] ?? 0));
}
