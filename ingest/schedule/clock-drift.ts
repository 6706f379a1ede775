// Rules for sending a terminal the time and its report window, which are one message [TERM-7.5].

/** Setting that a terminal is known to have. */
export interface HeldSetting {
  reportMinute: number;
  reportWindowMinutes: number;
  /** Key generation that sealed it. */
  generation: number;
  provenAt: Date;
}

export interface ClockPolicy {
  /** Error of a clock above which it is set. */
  maxOffsetS: number;
  /** Minimum time from an acknowledged setting to the next for a clock that is wrong again. */
  minDelayMs: number;
}

export const CLOCK_POLICY: ClockPolicy = { maxOffsetS: 60, minDelayMs: 3_600_000 };

/** True when a clock that was `offsetS` ahead of the server's is to be set. */
export function isClockDue(
  clock: { offsetS: number | undefined; provenAtMs: number | undefined },
  nowMs: number,
  policy: ClockPolicy,
): boolean {
  if (clock.offsetS === undefined || Math.abs(clock.offsetS) <= policy.maxOffsetS) return false;
  return clock.provenAtMs === undefined || nowMs - clock.provenAtMs >= policy.minDelayMs;
}

/** True when a terminal is not known to have the register's window, or to be the terminal to which it was sent. */
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
