/** When a terminal's clock is set from here. */
export interface ClockPolicy {
  /** A clock that is wrong by more than this is set. */
  maxOffsetS: number;
  /** It is not set again sooner than this after the last time. */
  minDelayMs: number;
}

export const CLOCK_POLICY: ClockPolicy = { maxOffsetS: 60, minDelayMs: 3_600_000 };

/** Whether to set a clock that was seen `offsetS` ahead of ours, and was last set at an instant or never. */
export function isClockDue(
  clock: { offsetS: number | undefined; setAtMs: number | undefined },
  nowMs: number,
  policy: ClockPolicy,
): boolean {
  if (clock.offsetS === undefined || Math.abs(clock.offsetS) <= policy.maxOffsetS) return false;
  return clock.setAtMs === undefined || nowMs - clock.setAtMs >= policy.minDelayMs;
}
