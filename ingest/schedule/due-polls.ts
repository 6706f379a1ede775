// Selects which wanted days to request now. A terminal that does not send a day either does not have it or did not
// receive the request, so it is requested again, at growing intervals and a limited number of times.
import type { OpenRequest } from '../../lib/polling/polling-queries.ts';
import { daysBetween } from '../../lib/time.ts';

/** Retry policy of requests. The first is immediate; after the nth the delay is minDelayMs × factor^(n−1). */
export interface PollPolicy {
  maxAsks: Record<OpenRequest['reason'], number>;
  minDelayMs: number;
  maxDelayMs: number;
  factor: number;
}

export const POLL_POLICY: PollPolicy = {
  maxAsks: { absent: 8, incomplete: 3 },
  minDelayMs: 3_600_000,
  maxDelayMs: 24 * 3_600_000,
  factor: 2,
};

/** JST days, both included. */
export interface DayRange {
  from: string;
  to: string;
}

export interface DuePolls {
  ask: OpenRequest[];
  giveUp: OpenRequest[];
  /** The days of `ask` as ranges of adjacent days, oldest first. */
  ranges: DayRange[];
}

/** Decides on the open requests of one terminal, which are given oldest day first. */
export function duePolls(
  requests: readonly OpenRequest[],
  now: Date,
  policy: PollPolicy,
): DuePolls {
  const due: DuePolls = { ask: [], giveUp: [], ranges: [] };
  for (const request of requests) {
    if (!isDue(request, now, policy)) continue;
    if (request.askedCount >= policy.maxAsks[request.reason]) due.giveUp.push(request);
    else due.ask.push(request);
  }
  due.ranges = rangesOf(due.ask.map((request) => request.day));
  return due;
}

function isDue(request: OpenRequest, now: Date, policy: PollPolicy): boolean {
  if (request.lastAskedAt === null) return true;
  const delayMs = policy.minDelayMs * policy.factor ** (request.askedCount - 1);
  return now.getTime() - request.lastAskedAt.getTime() >= Math.min(delayMs, policy.maxDelayMs);
}

const MAX_DAYS_OF_A_RANGE = 400;

/** Ranges of adjacent days, each at most as long as one frame may request [TERM-7.4]. */
function rangesOf(days: readonly string[]): DayRange[] {
  const ranges: DayRange[] = [];
  for (const day of days) {
    const last = ranges.at(-1);
    const isNext = last !== undefined && daysBetween(last.to, day) <= 1;
    if (isNext && daysBetween(last.from, day) < MAX_DAYS_OF_A_RANGE) last.to = day;
    else ranges.push({ from: day, to: day });
  }
  return ranges;
}
