// Report schedule of a terminal [TERM-9.1, TERM-9.2]. Days are JST 'YYYY-MM-DD'.
import { addDays, dayNumber, dayOf, daysBetween, instantOf } from '../../lib/time.ts';
import { uniform } from './seeded-random.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ASK_MOMENT = 41;

/** Part of the JST day in which a terminal reports the previous day. */
export interface ReportWindow {
  /** Minute of the day at which it opens, 0 to 1,439. */
  readonly reportMinute: number;
  /** Length, 1 to 1,440 minutes; it may extend past midnight. */
  readonly windowMinutes: number;
}

/** Reporting progress of a terminal. */
export interface Progress {
  /** Every day up to here was acknowledged or is in `held`; null before the first report. */
  readonly reportedThrough: string | null;
  /** Days up to `reportedThrough` that are still to be reported. */
  readonly held: readonly string[];
}

export interface ReportPlan {
  readonly seed: number;
  readonly window: ReportWindow;
  /** First day that the terminal has. */
  readonly firstDay: string;
  /** Days by which a day is reported late. */
  lateBy(day: string): number;
  /** First day that the terminal never reports, if any. */
  readonly silentFrom?: string | undefined;
}

/** One round of reporting: days to report now, and the progress to store on acknowledgements. */
export interface Round {
  /** Days to report now, oldest first. */
  readonly due: readonly string[];
  readonly progress: Progress;
  /** Records an acknowledgement, in any order. A day that was not due changes nothing. */
  acknowledge(day: string): void;
}

/** The round at `now`. */
export function beginRound(plan: ReportPlan, progress: Progress, now: Date): Round {
  const last = lastDayDue(plan, now);
  const candidates = candidateDays(plan, progress, last);
  const due = candidates.filter((day) => reportMoment(plan, day) <= now);
  const late = candidates.filter((day) => !due.includes(day));
  const open = new Set(due);
  return {
    due,
    get progress() {
      return progressOf(progress, open, { late, last });
    },
    acknowledge: (day) => {
      open.delete(day);
    },
  };
}

/** When the terminal next wakes up to report; undefined when it is silent for good. */
export function nextMoment(plan: ReportPlan, progress: Progress, now: Date): Date | undefined {
  const last = lastDayDue(plan, now) ?? addDays(plan.firstDay, -1);
  const next = addDays(last, 1);
  const moments = progress.held.map((day) => reportMoment(plan, day).getTime());
  if (isReported(plan, next)) moments.push(plannedMoment(plan, next).getTime());
  const future = moments.filter((moment) => moment > now.getTime());
  return future.length > 0 ? new Date(Math.min(...future)) : undefined;
}

/** The last day whose time has come, without delays; undefined before the first. */
export function lastDayDue(plan: ReportPlan, now: Date): string | undefined {
  // A window that extends past midnight may leave yesterday and the day before open.
  for (let back = 1; back <= 3; back += 1) {
    const day = addDays(dayOf(now), -back);
    if (plannedMoment(plan, day) <= now) return day >= plan.firstDay ? day : undefined;
  }
  return undefined;
}

/** Random time in the window of the following day at which the terminal reports a day. */
function plannedMoment(plan: ReportPlan, day: string): Date {
  const draw = uniform(plan.seed, ASK_MOMENT, dayNumber(day));
  const minute = plan.window.reportMinute + draw * plan.window.windowMinutes;
  return new Date(instantOf(day, 24).getTime() + minute * MINUTE_MS);
}

function reportMoment(plan: ReportPlan, day: string): Date {
  return new Date(plannedMoment(plan, day).getTime() + plan.lateBy(day) * DAY_MS);
}

function progressOf(
  before: Progress,
  open: ReadonlySet<string>,
  { late, last }: { late: readonly string[]; last: string | undefined },
): Progress {
  const reached = before.reportedThrough ?? '';
  const oldestFresh = [...open].find((day) => day > reached);
  const end = last !== undefined && last > reached ? last : reached;
  const through = oldestFresh === undefined ? end : addDays(oldestFresh, -1);
  const held = [...late, ...open].filter((day) => day <= through).sort();
  return { reportedThrough: through === '' ? null : through, held };
}

function candidateDays(plan: ReportPlan, progress: Progress, last: string | undefined): string[] {
  const first = progress.reportedThrough ? addDays(progress.reportedThrough, 1) : plan.firstDay;
  const count = last === undefined ? 0 : Math.max(0, daysBetween(first, last) + 1);
  const fresh = Array.from({ length: count }, (_, i) => addDays(first, i));
  return [...progress.held, ...fresh].filter((day) => isReported(plan, day));
}

function isReported(plan: ReportPlan, day: string): boolean {
  return plan.silentFrom === undefined || day < plan.silentFrom;
}
