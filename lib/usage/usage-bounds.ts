/**
 * Bounds of a usage: what is certain about it whatever happened in the hours that were not received. A statement on
 * usage is made only where it holds at both bounds.
 */
import type { Stretch, UsageLine, UsageMark } from './usage-line.ts';
import { stretchesEnding } from './usage-totals.ts';

/** Least and greatest possible usage in litres; `mostL` is null where nothing limits it. */
export interface UsageBounds {
  leastL: number;
  mostL: number | null;
}

/** Marks of a usage that is not certain: more, or another amount, may have passed than its registers say. */
const NOT_CERTAIN: ReadonlySet<UsageMark> = new Set(['fallen', 'unnoted', 'implausible']);

/** True when the usage with these marks is what its registers say. */
export function isCertain(marks: readonly UsageMark[]): boolean {
  return !marks.some((mark) => NOT_CERTAIN.has(mark));
}

/** True when both bounds are one, so that the usage is known. */
export function isExact({ leastL, mostL }: UsageBounds): boolean {
  return leastL === mostL;
}

/**
 * Bounds of the usage between two hour numbers. A stretch over one of the two ends may have passed wholly before or
 * wholly after it; hours outside the line, and usage that is not certain, have no upper bound.
 */
export function boundsBetween(line: UsageLine, from: number, to: number): UsageBounds {
  let leastL = 0;
  let mostL: number | null = 0;
  let covered = from;
  for (const stretch of stretchesTouching(line, from, to)) {
    const { leastL: least, mostL: most } = boundsOf(stretch);
    if (stretch.from >= from && stretch.to <= to) leastL += least;
    mostL = most === null || mostL === null || stretch.from > covered ? null : mostL + most;
    covered = stretch.to;
  }
  return { leastL, mostL: covered < to ? null : mostL };
}

/** Stretches that share at least an hour with those after `from` up to `to`, in order. */
function stretchesTouching(line: UsageLine, from: number, to: number): Stretch[] {
  const last = line.stretches.at(-1)?.to ?? from;
  return stretchesEnding(line, from, Math.max(to, last)).filter((stretch) => stretch.from < to);
}

function boundsOf({ usageL, marks }: Stretch): UsageBounds {
  if (usageL === null) return { leastL: 0, mostL: null };
  return { leastL: usageL, mostL: isCertain(marks) ? usageL : null };
}
