// Makes this process the owner of the terminals that connect to it, many in one statement, and releases them when their
// connections end. Terminals that have since connected to another process are disconnected here.
import { elementAt } from '../../lib/certain.ts';
import type { OwnedTerminal, TerminalKey } from '../../lib/terminals/owner-commands.ts';
import type { TerminalCaller } from '../frame-hops.ts';
import type { Log } from '../log.ts';
import type { ConnectedTerminals } from './connected-terminals.ts';
import type { Connection } from './terminal-session.ts';

/** Maximum number of terminals in one statement. */
const MAX_OF_STATEMENT = 500;
/** Delay in which ended connections are collected for one statement, since nothing waits for them. */
const RELEASE_AFTER_MS = 100;

export interface TerminalOwnersOptions {
  claim: (terminals: readonly TerminalKey[]) => Promise<number[]>;
  release: (owned: readonly OwnedTerminal[]) => Promise<void>;
  hold: (owned: readonly OwnedTerminal[]) => Promise<number[]>;
  connected: ConnectedTerminals;
  /** Notified of each terminal that was called, is connected here and is still this process's own. */
  downlink: Pick<TerminalCaller, 'callUp'>;
  log: Log;
}

interface Claim {
  terminal: TerminalKey;
  resolve: (generation: number) => void;
  reject: (error: Error) => void;
}

export class TerminalOwners {
  readonly #options: TerminalOwnersOptions;
  #claims: Claim[] = [];
  #released: OwnedTerminal[] = [];
  readonly #called = new Set<number>();
  /** Terminals of the running statement of claims. */
  #claiming: ReadonlySet<number> = new Set();
  /**
   * Those of them that were notified meanwhile: the notification may be for the connection that is about to be added.
   */
  readonly #calledEarly = new Set<number>();
  #isClaiming = false;
  #releasing: Promise<void> | undefined;
  #calling: Promise<void> | undefined;

  constructor(options: TerminalOwnersOptions) {
    this.#options = options;
  }

  /**
   * Makes this process the owner of a terminal that signs in; returns the generation of its connection. @throws Error
   * without a database.
   */
  claim(terminal: TerminalKey): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#claims.push({ terminal, resolve, reject });
      if (!this.#isClaiming) void this.#claimAll();
    });
  }

  /** The connection has ended; resolves when that is written, or could not be. */
  release(owned: OwnedTerminal): Promise<void> {
    this.#released.push(owned);
    this.#releasing ??= this.#releaseAll().finally(() => {
      this.#releasing = undefined;
    });
    return this.#releasing;
  }

  /** A terminal was notified, because it has connected elsewhere or has open requests. */
  call(terminalId: number): void {
    if (this.#claiming.has(terminalId)) this.#calledEarly.add(terminalId);
    this.#called.add(terminalId);
    this.#calling ??= this.#answerCalls().finally(() => {
      this.#calling = undefined;
    });
  }

  /**
   * Compares all connections with the database, after notifications may have been missed. @throws Error without a
   * database.
   */
  async holdAll(): Promise<void> {
    for (const terminalId of this.#claiming) this.#calledEarly.add(terminalId);
    await this.#hold([...this.#options.connected]);
  }

  /** Resolves when no ended connection is left to be written. */
  async idle(): Promise<void> {
    await this.#releasing;
  }

  async #claimAll(): Promise<void> {
    this.#isClaiming = true;
    while (this.#claims.length > 0) {
      const batch = this.#nextClaims();
      this.#claiming = new Set(batch.map(({ terminal }) => terminal.terminalId));
      try {
        const generations = await this.#options.claim(batch.map(({ terminal }) => terminal));
        for (const [at, { resolve }] of batch.entries()) resolve(elementAt(generations, at));
      } catch (error) {
        for (const { reject } of batch) reject(error as Error);
      }
      this.#claiming = new Set();
      this.#callAgain([...this.#calledEarly]);
      this.#calledEarly.clear();
    }
    this.#isClaiming = false;
  }

  /**
   * Another process may have claimed a terminal after this one, and notified before the answer to this one's claim
   * arrived.
   */
  #callAgain(terminals: readonly number[]): void {
    if (terminals.length === 0) return;
    // The claims are answered, and their connections are added before this runs.
    setImmediate(() => {
      for (const terminalId of terminals) this.call(terminalId);
    });
  }

  /** The next claims; a second claim of the same terminal goes into the following statement. */
  #nextClaims(): Claim[] {
    const batch = new Map<number, Claim>();
    const later: Claim[] = [];
    for (const claim of this.#claims) {
      const { terminalId } = claim.terminal;
      if (batch.has(terminalId) || batch.size >= MAX_OF_STATEMENT) later.push(claim);
      else batch.set(terminalId, claim);
    }
    this.#claims = later;
    return [...batch.values()];
  }

  /** A failed release is dropped: a later connection has its own generation, and an ended process does not count. */
  async #releaseAll(): Promise<void> {
    const { release, connected, log } = this.#options;
    await new Promise((resolve) => setTimeout(resolve, RELEASE_AFTER_MS));
    while (this.#released.length > 0) {
      const batch = this.#released.splice(0, MAX_OF_STATEMENT);
      await release(batch).catch((error: unknown) =>
        log.warn({ err: error, connections: batch.length }, 'connections were not given up'),
      );
      // A CONNECT that was abandoned before its answer replaced the row of an earlier connection, which is entered
      // again.
      for (const { terminalId, generation } of batch) {
        const current = connected.of(terminalId);
        if (current !== undefined && current.ownerGeneration < generation) this.call(terminalId);
      }
    }
  }

  async #answerCalls(): Promise<void> {
    const { connected, downlink, log } = this.#options;
    await Promise.resolve();
    while (this.#called.size > 0) {
      const connections = [...this.#called].flatMap((id) => connected.of(id) ?? []);
      this.#called.clear();
      try {
        await this.#hold(connections);
        for (const connection of connections) if (!connection.closed) downlink.callUp(connection);
      } catch (error) {
        log.warn({ err: error }, 'called terminals could not be looked at');
      }
    }
  }

  async #hold(connections: readonly Connection[]): Promise<void> {
    const { hold, connected } = this.#options;
    for (let at = 0; at < connections.length; at += MAX_OF_STATEMENT) {
      const slice = connections.slice(at, at + MAX_OF_STATEMENT);
      const lost = new Set(await hold(slice.map(ownedBy)));
      for (const connection of slice) {
        const isCurrent = connected.of(connection.terminalId) === connection;
        if (lost.has(connection.terminalId) && isCurrent) connection.cut('taken_over');
        // It ended meanwhile, and may have been entered again after its release.
        else if (!isCurrent) void this.release(ownedBy(connection));
      }
    }
  }
}

/** A connection as the database stores it. */
export function ownedBy({ utilityId, terminalId, ownerGeneration }: Connection): OwnedTerminal {
  return { utilityId, terminalId, generation: ownerGeneration };
}
