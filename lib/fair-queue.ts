/**
 * Concurrency limits with a bounded queue: in all, of one group (a utility) and of one member (a person). The next free
 * turn goes to the group, then the member, with the fewest running, and among equals to the one that has waited longest. Work
 * beyond the bounds is refused at once, so that the work of one member does not wait behind much work of another. Waiting
 * is shared too (lib/fair-line.ts): when the line is full, the group that waits for most gives way.
 */
import { DomainError } from './errors.ts';
import { giveWay, type LineLimits, type Share } from './fair-line.ts';

export interface FairLimits extends LineLimits {
  /** How many run at the same time. */
  atOnce: number;
  /** How many of one group. */
  perGroup: number;
  /** How many of one member of a group. */
  perMember: number;
  /** After so long without a turn it is refused. Milliseconds. */
  maxWaitMs: number;
  /** How long a refused caller is asked to wait before the next try. Seconds. */
  retryAfterS: number;
}

export interface FairQueue {
  /** How many run and wait at this moment. */
  readonly running: number;
  readonly waiting: number;
  /**
   * Runs `work` in its turn. @throws DomainError `busy` with `details.retryAfterS` and `details.scope`: `own` when the
   * member has as much running and waiting as it may, `all` when there is no turn to be had; what `signal` was aborted
   * with. What waits may be refused later too: when it made way for somebody who waits for less, and when it waited long.
   */
  run<T>(share: Share, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Waiter {
  share: Share;
  enter: () => void;
  refuse: () => void;
}

/** The turns that are taken, in all, by group and by member. */
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

/** The waiter whose turn is next: the earliest of those whose group, then member, runs least. */
function nextOf(line: readonly Waiter[], turns: Turns): Waiter | undefined {
  let best: { waiter: Waiter; load: [number, number] } | undefined;
  for (const waiter of line) {
    if (!turns.mayRun(waiter.share)) continue;
    const load = turns.runningOf(waiter.share);
    if (!best || isLess(load, best.load)) best = { waiter, load };
  }
  return best?.waiter;
}

/** A turn is free again when its work has ended, well or not. */
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
      // Where nobody may wait, the turns may be taken by others alone.
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
