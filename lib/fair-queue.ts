/**
 * Fair queue: concurrency limits in all, per group (a utility) and per member (a person), with a bounded waiting line
 * (lib/fair-line.ts). The next turn goes to the group, then the member, with the fewest running, among equals to the
 * longest waiting. Work beyond the bounds is refused at once, so that much work of one member does not delay the
 * others.
 */
import { DomainError } from './errors.ts';
import { giveWay, type LineLimits, type Share } from './fair-line.ts';

export interface FairLimits extends LineLimits {
  /** Turns in all. */
  atOnce: number;
  /** Turns of one group. */
  perGroup: number;
  /** Turns of one member of a group. */
  perMember: number;
  /** Longest wait for a turn before refusal, milliseconds. */
  maxWaitMs: number;
  /** Suggested delay of a refused caller before a retry, seconds. */
  retryAfterS: number;
}

export interface FairQueue {
  /** Number of running and waiting pieces of work. */
  readonly running: number;
  readonly waiting: number;
  /**
   * Runs `work` in its turn. @throws DomainError `busy` with `details.retryAfterS` and `details.scope`: `own` when the
   * member uses its whole share, `all` when no turn is available; or the reason with which `signal` was aborted. A
   * waiter may also be refused later: after the longest wait, or in favour of a member with fewer waiters.
   */
  run<T>(share: Share, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Waiter {
  share: Share;
  enter: () => void;
  refuse: () => void;
}

/** Turns in use, in all, by group and by member. */
interface Turns {
  readonly running: number;
  /** Of the share's group, and of its member. */
  runningOf(share: Share): [number, number];
  mayRun(share: Share): boolean;
  count(share: Share, change: 1 | -1): void;
}

function createTurns({ atOnce, perGroup, perMember }: FairLimits): Turns {
  const groups = new Map<string, number>();
  const members = new Map<string, number>();
  let running = 0;
  const runningOf = ({ group, member }: Share): [number, number] => [
    groups.get(group) ?? 0,
    members.get(keyOf(group, member)) ?? 0,
  ];
  return {
    get running() {
      return running;
    },
    runningOf,
    mayRun: (share) => {
      const [ofGroup, ofMember] = runningOf(share);
      return running < atOnce && ofGroup < perGroup && ofMember < perMember;
    },
    count: ({ group, member }, change) => {
      running += change;
      add(groups, group, change);
      add(members, keyOf(group, member), change);
    },
  };
}

/** The next waiter: the earliest of those whose group, then member, has the fewest running. */
function nextOf(line: readonly Waiter[], turns: Turns): Waiter | undefined {
  let best: { waiter: Waiter; load: [number, number] } | undefined;
  for (const waiter of line) {
    if (!turns.mayRun(waiter.share)) continue;
    const load = turns.runningOf(waiter.share);
    if (!best || isLess(load, best.load)) best = { waiter, load };
  }
  return best?.waiter;
}

/** Creates a queue. A turn becomes free when its work ends, also with an error. */
export function createFairQueue(limits: FairLimits): FairQueue {
  const line: Waiter[] = [];
  const turns = createTurns(limits);
  const admitNext = (): void => {
    for (let waiter = nextOf(line, turns); waiter; waiter = nextOf(line, turns)) {
      line.splice(line.indexOf(waiter), 1);
      turns.count(waiter.share, 1);
      waiter.enter();
    }
  };
  const makeRoom = (share: Share): void => {
    const room = giveWay(line, share, limits);
    if (room === 'full') throw busy('all', limits);
    if (room === 'own') {
      // Without a waiting line, all turns may be in use by others.
      const isOwn = limits.waitingPerMember > 0 || turns.runningOf(share)[1] > 0;
      throw busy(isOwn ? 'own' : 'all', limits);
    }
    room?.refuse();
  };
  const enter = (share: Share, signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted();
    if (turns.mayRun(share)) {
      turns.count(share, 1);
      return Promise.resolve();
    }
    makeRoom(share);
    return waitIn(line, share, { signal, limits });
  };
  return {
    get running() {
      return turns.running;
    },
    get waiting() {
      return line.length;
    },
    run: async (share, work, signal) => {
      await enter(share, signal);
      try {
        return await work();
      } finally {
        turns.count(share, -1);
        admitNext();
      }
    },
  };
}

function waitIn(
  line: Waiter[],
  share: Share,
  { signal, limits }: { signal: AbortSignal | undefined; limits: FairLimits },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const leaveLine = (finish: () => void) => () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abandon);
      const at = line.indexOf(waiter);
      if (at >= 0) line.splice(at, 1);
      finish();
    };
    const refuse = leaveLine(() => reject(busy('all', limits)));
    const waiter: Waiter = { share, enter: leaveLine(resolve), refuse };
    const abandon = leaveLine(() => reject(signal?.reason));
    const timer = setTimeout(refuse, limits.maxWaitMs);
    signal?.addEventListener('abort', abandon, { once: true });
    line.push(waiter);
  });
}

function busy(scope: 'own' | 'all', { retryAfterS }: FairLimits): DomainError {
  const message =
    scope === 'own'
      ? 'as much is being worked on for you as may be at once; try again when some of it has ended'
      : 'others are being served at this moment; try again in a few seconds';
  return new DomainError('busy', message, { retryAfterS, scope });
}

const keyOf = (group: string, member: string): string => `${group} ${member}`;

const isLess = (one: [number, number], other: [number, number]): boolean =>
  one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);

function add(counts: Map<string, number>, key: string, change: number): void {
  const now = (counts.get(key) ?? 0) + change;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
}
