// When a terminal is sent the time and its report window, which one message carries [TERM-7.5].

/** What a terminal is known to hold. */
export interface HeldSetting {
  reportMinute: number;
  reportWindowMinutes: number;
  /** Key generation that sealed it. */
  generation: number;
  provenAt: Date;
}

export interface ClockPolicy {
  /** A clock that is wrong by more than this is set. */
  maxOffsetS: number;
  /** A clock that is wrong again is not set sooner than this after the terminal acknowledged the last setting. */
  minDelayMs: number;
}

export const CLOCK_POLICY: ClockPolicy = { maxOffsetS: 60, minDelayMs: 3_600_000 };

/** Whether to set a clock that was seen `offsetS` ahead of ours. */
export function isClockDue(
  clock: { offsetS: number | undefined; provenAtMs: number | undefined },
  nowMs: number,
  policy: ClockPolicy,
): boolean {
  if (clock.offsetS === undefined || Math.abs(clock.offsetS) <= policy.maxOffsetS) return false;
  return clock.provenAtMs === undefined || nowMs - clock.provenAtMs >= policy.minDelayMs;
}

/** Whether a terminal is not known to hold the window that the register has, or to be the terminal to which it was sent. */
export function isWindowDue(
  held: HeldSetting | undefined,
  wanted: { reportMinute: number; reportWindowMinutes: number },
  liveGenerations: readonly number[],
): boolean {
  if (held === undefined || !liveGenerations.includes(held.generation)) return true;
  return (
    held.reportMinute !== wanted.reportMinute ||
    held.reportWindowMinutes !== wanted.reportWindowMinutes
  );
}
