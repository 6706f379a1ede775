// Looks terminals up in the register for sign-ins, many numbers in one query. Addresses take turns, numbers that signed
// in before come first, and above the maximum the newest of the address with the most is refused. So many sign-ins of
// some addresses neither delay nor displace those of a terminal at another.
import type { ConnectTerminal } from '../../lib/terminals/connect-queries.ts';
import { AddressTurns } from '../mqtt/address-turns.ts';

export interface LookupLimits {
  /** Concurrent queries, and numbers in one query. */
  queries: number;
  numbersOfQuery: number;
  /** Waiting numbers, of all addresses and of one. */
  maxWaiting: number;
  maxWaitingOfAddress: number;
}

const LOOKUP_LIMITS: LookupLimits = {
  queries: 4,
  numbersOfQuery: 50,
  maxWaiting: 4000,
  maxWaitingOfAddress: 1000,
};

/** The limits with another maximum for one address; 0: none. */
export function lookupLimits(ofAddress = LOOKUP_LIMITS.maxWaitingOfAddress): LookupLimits {
  return { ...LOOKUP_LIMITS, maxWaitingOfAddress: ofAddress || Number.POSITIVE_INFINITY };
}

/** Maximum share of a query for numbers that signed in before, while others wait too. */
const SHARE_OF_KNOWN = 0.75;

export interface Asker {
  /** Network of the asking connection. */
  address: string;
  /** True when the number signed in here before. */
  isKnown: boolean;
  /** False once the connection no longer waits for the answer. */
  isWanted: () => boolean;
}

/** Error: too many wait; the caller has to retry later. */
export class TooManyLookups extends Error {
  constructor() {
    super('too many sign-ins wait for the register');
  }
}

interface Lookup {
  number: string;
  isKnown: boolean;
  /** Addresses under which it waits; empty once its query runs or it was refused. */
  addresses: Set<string>;
  wanted: (() => boolean)[];
  found: Promise<ConnectTerminal | undefined>;
  resolve: (terminal: ConnectTerminal | undefined) => void;
  reject: (error: Error) => void;
}

type Find = (numbers: readonly string[]) => Promise<ReadonlyMap<string, ConnectTerminal>>;

export class RegisterLookups {
  readonly #find: Find;
  readonly #limits: LookupLimits;
  readonly #lookups = new Map<string, Lookup>();
  readonly #known = new AddressTurns<Lookup>();
  readonly #others = new AddressTurns<Lookup>();
  #running = 0;

  constructor(find: Find, limits: LookupLimits) {
    this.#find = find;
    this.#limits = limits;
  }

  /**
   * The terminal of a number, or undefined when it is unknown; concurrent look-ups of the same number share the answer.
   * @throws TooManyLookups at once or while it waits; Error when the register cannot be read, or when every caller
   * disconnected before the query.
   */
  find(number: string, asker: Asker): Promise<ConnectTerminal | undefined> {
    const running = this.#lookups.get(number);
    if (running !== undefined) {
      running.wanted.push(asker.isWanted);
      this.#waitAlsoUnder(running, asker.address);
      return running.found;
    }
    if (!this.#makeRoom(asker)) return Promise.reject(new TooManyLookups());
    const lookup = createLookup(number, asker);
    this.#lookups.set(number, lookup);
    this.#queueOf(lookup).push(asker.address, lookup);
    this.#pump();
    return lookup.found;
  }

  #queueOf({ isKnown }: { isKnown: boolean }): AddressTurns<Lookup> {
    return isKnown ? this.#known : this.#others;
  }

  /** A number at the end of another address's long queue is queued under this address too. */
  #waitAlsoUnder(lookup: Lookup, address: string): void {
    if (lookup.addresses.size === 0 || lookup.addresses.has(address)) return;
    if (this.#queueOf(lookup).lengthOf(address) >= this.#limits.maxWaitingOfAddress) return;
    lookup.addresses.add(address);
    this.#queueOf(lookup).push(address, lookup);
  }

  #makeRoom(asker: Asker): boolean {
    const { maxWaiting, maxWaitingOfAddress } = this.#limits;
    const own = this.#queueOf(asker);
    if (own.lengthOf(asker.address) >= maxWaitingOfAddress) return false;
    if (this.#known.size + this.#others.size < maxWaiting) return true;
    // A known number displaces an unknown one; among equals the address with the most loses one.
    const fuller = this.#others.size > 0 ? this.#others : this.#known;
    if (fuller === this.#others && asker.isKnown)
      return giveUp(fuller, fuller.largest(), this.#lookups);
    if (fuller !== own) return false;
    const largest = fuller.largest();
    if (largest === undefined || fuller.lengthOf(largest) <= own.lengthOf(asker.address))
      return false;
    return giveUp(fuller, largest, this.#lookups);
  }

  #pump(): void {
    while (this.#running < this.#limits.queries) {
      const lookups = this.#nextOnes();
      if (lookups.length === 0) return;
      this.#running += 1;
      void this.#ask(lookups).finally(() => {
        this.#running -= 1;
        this.#pump();
      });
    }
  }

  #nextOnes(): Lookup[] {
    const { numbersOfQuery } = this.#limits;
    const lookups: Lookup[] = [];
    const fill = (queue: AddressTurns<Lookup>, upTo: number) => {
      while (lookups.length < upTo) {
        const lookup = queue.shift();
        if (lookup === undefined) return;
        if (this.#begin(lookup)) lookups.push(lookup);
      }
    };
    fill(this.#known, Math.ceil(numbersOfQuery * SHARE_OF_KNOWN));
    fill(this.#others, numbersOfQuery);
    fill(this.#known, numbersOfQuery);
    return lookups;
  }

  /** False when its turn came earlier under another address, or no connection waits for it. */
  #begin(lookup: Lookup): boolean {
    if (lookup.addresses.size === 0) return false;
    lookup.addresses.clear();
    if (lookup.wanted.some((isWanted) => isWanted())) return true;
    this.#lookups.delete(lookup.number);
    lookup.reject(new Error('no connection waits for it'));
    return false;
  }

  async #ask(lookups: readonly Lookup[]): Promise<void> {
    try {
      const found = await this.#find(lookups.map(({ number }) => number));
      for (const lookup of lookups) {
        this.#lookups.delete(lookup.number);
        lookup.resolve(found.get(lookup.number));
      }
    } catch (error) {
      for (const lookup of lookups) {
        this.#lookups.delete(lookup.number);
        lookup.reject(error as Error);
      }
    }
  }
}

function createLookup(number: string, { address, isKnown, isWanted }: Asker): Lookup {
  let resolve: Lookup['resolve'] = () => undefined;
  let reject: Lookup['reject'] = () => undefined;
  const found = new Promise<ConnectTerminal | undefined>((onFound, onFault) => {
    resolve = onFound;
    reject = onFault;
  });
  return {
    ...{ number, isKnown, found, resolve, reject },
    ...{ addresses: new Set([address]), wanted: [isWanted] },
  };
}

/** Refuses the newest look-up of an address; one that also waits under another address stays there. */
function giveUp(
  queue: AddressTurns<Lookup>,
  address: string | undefined,
  lookups: Map<string, Lookup>,
): boolean {
  const lookup = address === undefined ? undefined : queue.pop(address);
  if (lookup === undefined || address === undefined) return false;
  if (!lookup.addresses.delete(address) || lookup.addresses.size > 0) return true;
  lookups.delete(lookup.number);
  lookup.reject(new TooManyLookups());
  return true;
}
