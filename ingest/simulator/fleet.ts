// Fleet of simulated terminals over real connections: first everything that is due, history included, at full speed
// over a limited number of connections; then each terminal at its own time in its own window, by the real clock.
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays } from '../../lib/time.ts';
import { runSession } from './awake-session.ts';
import type { LinkOptions } from './broker-link.ts';
import type { Fleet } from './fleet-file.ts';
import { createMember, type FleetMember } from './fleet-member.ts';
import type { FleetState } from './fleet-state.ts';
import { beginRound, lastDayDue, nextMoment, type Round } from './report-plan.ts';
import { uniform } from './seeded-random.ts';

/** Maximum time until a computer that slept through a timer notices. */
const LONGEST_NAP_MS = 30_000;
const ASK_JITTER = 81;
/** MQTT return codes: bad user name or password, not authorised. */
const REFUSED_CODES: readonly unknown[] = [4, 5];

export interface RetryRule {
  readonly minDelayMs: number;
  /** The first delay after a refused sign-in [TERM-3.3]. */
  readonly refusedDelayMs: number;
  readonly maxDelayMs: number;
  readonly factor: number;
}

/** Retry policy after a failed session; an unreachable cloud is tried again soon [TERM-8.7]. */
export const RETRY: RetryRule = {
  minDelayMs: 5_000,
  refusedDelayMs: 60_000,
  maxDelayMs: 300_000,
  factor: 2,
};

export interface FleetOptions {
  fleet: Fleet;
  state: FleetState;
  /** First day to report; default: the first day of the terminals' memory. */
  reportFrom?: string | undefined;
  link: Omit<LinkOptions, 'number' | 'secret'>;
  /** Terminals connected at the same time. */
  connections: number;
  /** Time that a terminal listens after its last exchange, milliseconds [TERM-3.4]. */
  listenMs: number;
  /** The same while history is sent. */
  historyListenMs: number;
  retry: RetryRule;
  now: () => Date;
  signal: AbortSignal;
  onProgress?: (progress: FleetProgress) => void;
  /** Called for a failed session, which is retried automatically. */
  onFault?: (number: string, error: Error) => void;
}

export interface FleetProgress {
  /** Acknowledged days of those that were due at the start. */
  reported: number;
  due: number;
}

/** Sends everything that is due now; resolves when every terminal has finished, or on abort. */
export async function reportBacklog(options: FleetOptions): Promise<FleetProgress> {
  const members = membersOf(options);
  const backlogs = members.map((member) => ({ member, days: dueNow(member, options) }));
  const progress = { reported: 0, due: 0 };
  for (const { days } of backlogs) progress.due += days.size;
  options.onProgress?.({ ...progress });
  await forEachLimited(options.connections, backlogs, async ({ member, days }) => {
    if (days.size === 0) return;
    await reportUntilDone(member, options, {
      listenMs: options.historyListenMs,
      onDay: (day) => {
        if (!days.delete(day)) return;
        progress.reported += 1;
        options.onProgress?.({ ...progress });
      },
    });
  });
  return { ...progress };
}

/** Runs the fleet by the real clock until aborted. */
export async function runLive(options: FleetOptions): Promise<void> {
  const members = membersOf(options);
  const awake = new Set<Promise<void>>();
  const asleep = new Map<FleetMember, number>();
  for (const member of members) asleep.set(member, wakeAt(member, options));
  while (!options.signal.aborted) {
    const nowMs = options.now().getTime();
    for (const [member, atMs] of asleep) {
      if (awake.size >= options.connections) break;
      if (atMs > nowMs) continue;
      asleep.delete(member);
      const session = reportUntilDone(member, options, { listenMs: options.listenMs }).then(() => {
        awake.delete(session);
        asleep.set(member, wakeAt(member, options));
      });
      awake.add(session);
    }
    await nap(asleep, awake, options);
  }
  await Promise.all(awake);
}

async function nap(
  asleep: ReadonlyMap<FleetMember, number>,
  awake: ReadonlySet<Promise<void>>,
  options: FleetOptions,
): Promise<void> {
  let next = Number.POSITIVE_INFINITY;
  for (const atMs of asleep.values()) next = Math.min(next, atMs);
  const full = awake.size >= options.connections;
  const forMs = full ? LONGEST_NAP_MS : Math.max(0, next - options.now().getTime());
  const woken = new AbortController();
  const timer = sleep(Math.min(forMs, LONGEST_NAP_MS), undefined, {
    signal: AbortSignal.any([woken.signal, options.signal]),
  }).catch(() => undefined);
  await Promise.race([timer, ...awake]);
  woken.abort();
}

function membersOf(options: FleetOptions): FleetMember[] {
  const { fleet, state, reportFrom = fleet.firstDay, now } = options;
  // Every running session listens to this signal.
  setMaxListeners(0, options.signal);
  return fleet.terminals.map((spec) => {
    const { firstDay } = fleet;
    const member = createMember(spec, state.of(spec.number), {
      firstDay,
      reportFrom,
      now,
    });
    if (member.memory.remembered.historyThrough === null) {
      // [TERM-9.4] History ends with the last day that the terminal would have reported by now.
      const last = lastDayDue(member.plan(), now());
      member.memory.remember({ historyThrough: last ?? addDays(firstDay, -1) });
    }
    return member;
  });
}

function dueNow(member: FleetMember, { now }: FleetOptions): Set<string> {
  return new Set(beginRound(member.plan(), member.memory.remembered, now()).due);
}

function wakeAt(member: FleetMember, { now }: FleetOptions): number {
  const at = nextMoment(member.plan(), member.memory.remembered, now());
  return at?.getTime() ?? Number.POSITIVE_INFINITY;
}

async function reportUntilDone(
  member: FleetMember,
  options: FleetOptions,
  session: { listenMs: number; onDay?: (day: string) => void },
): Promise<void> {
  let round = nextRound(member, options);
  for (let attempt = 0; round.due.length > 0 && !options.signal.aborted; attempt += 1) {
    try {
      await runSession(member.simulated, {
        link: options.link,
        days: () => {
          round = nextRound(member, options);
          return round.due;
        },
        listenMs: session.listenMs,
        signal: options.signal,
        onDay: (day) => {
          round.acknowledge(day);
          member.memory.rememberProgress(round.progress);
          session.onDay?.(day);
        },
      });
      return;
    } catch (error) {
      const fault = error instanceof Error ? error : new Error(String(error));
      options.onFault?.(member.number, fault);
      const isRefused = 'code' in fault && REFUSED_CODES.includes(fault.code);
      await pause(member, { attempt, isRefused }, options);
    }
  }
}

function nextRound(member: FleetMember, { now }: FleetOptions): Round {
  const round = beginRound(member.plan(), member.memory.remembered, now());
  member.memory.rememberProgress(round.progress);
  return round;
}

async function pause(
  member: FleetMember,
  { attempt, isRefused }: { attempt: number; isRefused: boolean },
  { retry, signal }: FleetOptions,
): Promise<void> {
  const firstMs = isRefused ? retry.refusedDelayMs : retry.minDelayMs;
  const delayMs = Math.min(retry.maxDelayMs, firstMs * retry.factor ** attempt);
  const jitter = 1 + 0.5 * uniform(Number(member.number) % 0xffffffff, ASK_JITTER, attempt);
  await sleep(delayMs * jitter, undefined, { signal }).catch(() => undefined);
}

async function forEachLimited<T>(
  limit: number,
  items: readonly T[],
  act: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const item of queue) await act(item);
  });
  await Promise.all(workers);
}
