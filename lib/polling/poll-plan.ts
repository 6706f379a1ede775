/** Polling plan: which report windows are looked at when days that did not arrive are noted. */

const DAY_MS = 86_400_000;

export const POLL_PLAN = {
  /** How often all days that may still be asked for are looked at, whatever was planned before. */
  lookBackEveryMs: 6 * 3_600_000,
} as const;

/** How far a utility is planned. Null where it never was. */
export interface PollPlan {
  plannedUntil: Date | null;
  lookedBackAt: Date | null;
  /** How far back the utility asks for missing days. */
  pollDaysBack: number;
}

export interface PlanWindow {
  /** Windows that ended after this instant are looked at. */
  after: Date;
  lookedBackAt: Date;
}

/**
 * What became due since the last plan; at times all of it, since a fitting may be entered days after it was done.
 * A clock that was set back plans all of it as well.
 */
export function windowToPlan(
  { plannedUntil, lookedBackAt, pollDaysBack }: PollPlan,
  now: Date,
  lookBackEveryMs: number,
): PlanWindow {
  const sinceMs =
    lookedBackAt === null ? Number.POSITIVE_INFINITY : now.getTime() - lookedBackAt.getTime();
  const isRecent = sinceMs >= 0 && sinceMs < lookBackEveryMs;
  if (plannedUntil !== null && lookedBackAt !== null && isRecent && plannedUntil <= now) {
    return { after: plannedUntil, lookedBackAt };
  }
  return { after: new Date(now.getTime() - (pollDaysBack + 2) * DAY_MS), lookedBackAt: now };
}
