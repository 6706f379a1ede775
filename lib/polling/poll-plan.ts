/** Polling plan: the report windows that are examined for missing days. */

const DAY_MS = 86_400_000;

export const POLL_PLAN = {
  /** Interval at which all days that may still be requested are examined, whatever was planned before. */
  lookBackEveryMs: 6 * 3_600_000,
} as const;

/** How far a utility is planned; null when it never was. */
export interface PollPlan {
  plannedUntil: Date | null;
  lookedBackAt: Date | null;
  /** Number of days back for which the utility requests missing days. */
  pollDaysBack: number;
}

export interface PlanWindow {
  /** Windows that ended after this instant are examined. */
  after: Date;
  lookedBackAt: Date;
}

/**
 * The windows that ended since the last plan; at times all of them, because a fitting may be entered days after it was
 * done. All of them also after the clock was set back.
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
