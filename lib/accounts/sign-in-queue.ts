/**
 * Queue before password hashing. Two run at once, because each needs 32 MiB and a processor before the user is known.
 * Browsers that have signed in before wait in their own line; in each line utilities take turns, and within a utility
 * clients, so that more tries give no larger share. Beyond its bounds the queue refuses tries, first the oldest of the
 * client with the most.
 */
import { DomainError } from '../errors.ts';

export interface QueueLimits {
  /** Tries that run at the same time. */
  atOnce: number;
  /** Tries that may wait of browsers that have signed in before, and of others. */
  known: number;
  others: number;
  /** Tries of one client that may wait. */
  perClient: number;
}

/** Origin of a try, which decides its line and its share. */
export interface TryOrigin {
  /** True for a browser that has signed in with this name before. */
  isKnown: boolean;
  /** Code of the utility. */
  utility: string;
  /** Name and utility for a known browser, the network of the address for any other. */
  client: string;
}

export interface SignInQueue {
  /**
   * Runs `work` in its turn. Aborting `signal` removes a waiting try.
   * @throws DomainError `unavailable` with `details.retryAfterS` for a try that is refused
   */
  run<T>(origin: TryOrigin, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
  /** Number of waiting tries. */
  waiting(): number;
}

interface Try extends TryOrigin {
  begin(): void;
  refuse(error: DomainError): void;
}

const RETRY_AFTER_S = 3;
/** Of three turns that both lines want, known browsers get two. */
const KNOWN_IN_A_ROW = 2;

export function createSignInQueue(limits: QueueLimits): SignInQueue {
  const known = createLine(limits.known, limits.perClient);
  const others = createLine(limits.others, limits.perClient);
  let running = 0;
  let knownInARow = 0;

  const takeNext = (): Try | undefined => {
    const othersTurn = knownInARow >= KNOWN_IN_A_ROW || known.size() === 0;
    const next = othersTurn ? (others.take() ?? known.take()) : known.take();
    knownInARow = next?.isKnown && others.size() > 0 ? knownInARow + 1 : 0;
    return next;
  };
  const advance = (): void => {
    while (running < limits.atOnce) {
      const next = takeNext();
      if (!next) return;
      running += 1;
      next.begin();
    }
  };
  const enter = (origin: TryOrigin, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const line = origin.isKnown ? known : others;
      const leave = (): void => {
        line.remove(entry);
        reject(busy());
      };
      const leaveLine = <A extends unknown[]>(how: (...values: A) => void) => {
        return (...values: A): void => {
          signal?.removeEventListener('abort', leave);
          how(...values);
        };
      };
      const entry: Try = { ...origin, begin: leaveLine(resolve), refuse: leaveLine(reject) };
      if (signal?.aborted) return reject(busy());
      signal?.addEventListener('abort', leave);
      line.add(entry);
      advance();
      line.keepBounds(entry);
    });

  return {
    waiting: () => known.size() + others.size(),
    run: async (origin, signal, work) => {
      await enter(origin, signal);
      try {
        return await work();
      } finally {
        running -= 1;
        advance();
      }
    },
  };
}

interface Line {
  size(): number;
  add(entry: Try): void;
  /**
   * Removes the next try: the oldest of the client that waited longest, of the utility that waited longest for a turn.
   */
  take(): Try | undefined;
  remove(entry: Try): void;
  /** Refuses what exceeds the bounds after `entry` was added. */
  keepBounds(entry: Try): void;
}

/**
 * A line of tries. Maps keep the insertion order of keys: the first has waited longest for a turn, and moves to the end
 * after it.
 */
function createLine(maxWaiting: number, maxPerClient: number): Line {
  const utilities = new Map<string, Map<string, Try[]>>();
  const all = (): Try[] =>
    [...utilities.values()].flatMap((clients) => [...clients.values()].flat());
  const size = (): number => all().length;

  const add = (entry: Try): void => {
    const clients = utilities.get(entry.utility) ?? new Map<string, Try[]>();
    utilities.set(entry.utility, clients);
    clients.set(entry.client, [...(clients.get(entry.client) ?? []), entry]);
  };
  const take = (): Try | undefined => {
    const [utility, clients] = firstOf(utilities) ?? [];
    const [client, tries] = (clients && firstOf(clients)) ?? [];
    if (utility === undefined || client === undefined || !clients || !tries) return undefined;
    toEnd(clients, client, tries.slice(1), tries.length > 1);
    toEnd(utilities, utility, clients, clients.size > 0);
    return tries[0];
  };
  const remove = (entry: Try): void => {
    const clients = utilities.get(entry.utility);
    const tries = clients?.get(entry.client);
    if (!clients || !tries) return;
    const left = tries.filter((each) => each !== entry);
    if (left.length > 0) clients.set(entry.client, left);
    else clients.delete(entry.client);
    if (clients.size === 0) utilities.delete(entry.utility);
  };
  const refuse = (entry: Try | undefined): void => {
    if (!entry) return;
    remove(entry);
    entry.refuse(busy());
  };
  return {
    size,
    add,
    take,
    remove,
    keepBounds: ({ client }) => {
      const own = all().filter((entry) => entry.client === client);
      if (own.length > maxPerClient) refuse(own[0]);
      if (size() > maxWaiting) refuse(oldestOfLargest(utilities));
    },
  };
}

/** The oldest try of the client with the most, of the utility with the most. */
function oldestOfLargest(utilities: Map<string, Map<string, Try[]>>): Try | undefined {
  const count = (clients: Map<string, Try[]>): number => [...clients.values()].flat().length;
  const clients = largest([...utilities.values()], count);
  return clients && largest([...clients.values()], (tries) => tries.length)?.[0];
}

function largest<T>(items: T[], size: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || size(item) > size(best) ? item : best),
    undefined,
  );
}

function firstOf<V>(map: Map<string, V>): [string, V] | undefined {
  return map.entries().next().value;
}

function toEnd<V>(map: Map<string, V>, key: string, value: V, isKept: boolean): void {
  map.delete(key);
  if (isKept) map.set(key, value);
}

function busy(): DomainError {
  return new DomainError(
    'unavailable',
    'too many people are signing in at this moment; try again in a few seconds',
    { retryAfterS: RETRY_AFTER_S },
  );
}
