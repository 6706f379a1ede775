/**
 * Litres in doubt: how much of a usage depends on whether a register in doubt is a reading. Pure. Registers are integer
 * litres, hours those of `lib/usage/usage-line.ts`.
 */
import { hourNumber } from '../usage/usage-line.ts';
import type { Register } from './judge-registers.ts';
import type { DayVerdict, HourSpan, MeterHistory } from './meter-verdicts.ts';

/**
 * A verdict with its litres: `doubtL[k]` of the register at `hours[k]`, by how much it lies outside what the nearest sound
 * registers allow (0 where there is none); `stepL[k]` of the step to `stepHours[k]`, its size.
 */
export interface WeighedVerdict extends DayVerdict {
  doubtL: number[];
  stepL: number[];
}

/** The verdicts of `judgeMeter` on this history, each with its litres. */
export function weighVerdicts(
  { fittings, days }: Pick<MeterHistory, 'fittings' | 'days'>,
  verdicts: readonly DayVerdict[],
): WeighedVerdict[] {
  if (verdicts.length === 0) return [];
  const doubted = new Set(
    verdicts.flatMap(({ day, hours }) => hours.map((hourEnding) => hourNumber(day, hourEnding))),
  );
  const sound = days.flatMap(({ day, indexL }) =>
    indexL.flatMap((register, at): Register[] => {
      const hour = hourNumber(day, at + 1);
      return register === null || doubted.has(hour) ? [] : [{ hour, indexL: register }];
    }),
  );
  return verdicts.map((verdict) => {
    const { day, hours, indexL, stepHours } = verdict;
    const besideOf = (hourEnding: number) => beside(sound, hourNumber(day, hourEnding), fittings);
    return {
      ...verdict,
      doubtL: hours.map((hourEnding, at) => outsideL(indexL[at] ?? 0, besideOf(hourEnding))),
      stepL: stepHours.map((hourEnding) => stepSizeL(besideOf(hourEnding))),
    };
  });
}

interface Beside {
  before: Register | undefined;
  at: Register | undefined;
  after: Register | undefined;
}

/** The sound registers nearest to an hour, of the fitting that contains it. */
function beside(sound: readonly Register[], hour: number, fittings: readonly HourSpan[]): Beside {
  const fitting = fittings.find(({ from, to }) => hour >= from && hour <= to);
  const ofFitting = (register: Register | undefined) =>
    register && fitting && register.hour >= fitting.from && register.hour <= fitting.to
      ? register
      : undefined;
  const next = firstFrom(sound, hour);
  const isAt = sound[next]?.hour === hour;
  return {
    before: ofFitting(sound[next - 1]),
    at: isAt ? sound[next] : undefined,
    after: ofFitting(sound[isAt ? next + 1 : next]),
  };
}

/** Position of the first register at or after an hour. */
function firstFrom(sound: readonly Register[], hour: number): number {
  let low = 0;
  let high = sound.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((sound[middle]?.hour ?? hour) < hour) low = middle + 1;
    else high = middle;
  }
  return low;
}

function outsideL(indexL: number, { before, after }: Beside): number {
  const known = [before, after].flatMap((register) => (register ? [register.indexL] : []));
  if (known.length === 0) return 0;
  const [lower = 0, upper = lower] = known;
  if (known.length === 2 && lower <= indexL && indexL <= upper) return 0;
  return Math.min(...known.map((each) => Math.abs(indexL - each)));
}

function stepSizeL({ before, at }: Beside): number {
  return before && at ? Math.abs(at.indexL - before.indexL) : 0;
}
