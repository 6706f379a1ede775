import type { KekProvider } from '../../lib/keys/kek-provider.ts';
import { unwrapKey } from '../../lib/keys/key-wrap.ts';
import { deriveTerminalKey } from '../../lib/keys/terminal-key.ts';
import type { ConnectKey, ConnectTerminal } from '../../lib/terminals/connect-queries.ts';
import { type Rate, TokenBucket } from '../../lib/token-bucket.ts';
import type { Log } from '../log.ts';
import { terminalBcd } from '../protocol/bcd.ts';
import { type LookupLimits, RegisterLookups } from './register-lookups.ts';
import { type SessionBuckets, type SessionKeys, TerminalSession } from './terminal-session.ts';

/** Time after which a session without connection and pending frames is removed. */
const FORGET_AFTER_MS = 600_000;
/** Maximum number of remembered numbers that signed in here. */
const MAX_KNOWN = 100_000;

export interface RegistryOptions {
  /** Reads the registered terminals among these numbers. */
  find: (numbers: readonly string[]) => Promise<ReadonlyMap<string, ConnectTerminal>>;
  lookups: LookupLimits;
  keks: KekProvider;
  log: Log;
  now: () => number;
  rates: SessionRates;
}

/** Rate limits of a terminal, over all of its connections. */
export type SessionRates = Record<keyof SessionBuckets, Rate>;

/** Sessions of this process, and their look-ups in the register. */
export class SessionRegistry {
  readonly #options: RegistryOptions;
  readonly #sessions = new Map<string, TerminalSession>();
  readonly #lookups: RegisterLookups;
  /** Numbers that signed in here, the latest last. */
  readonly #known = new Set<string>();

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#lookups = new RegisterLookups(options.find, options.lookups);
  }

  session(terminalNumber: string): TerminalSession | undefined {
    return this.#sessions.get(terminalNumber);
  }

  get sessions(): Iterable<TerminalSession> {
    return this.#sessions.values();
  }

  /**
   * The terminal's present register entry, or undefined when it is unknown; read on behalf of a connection from an
   * address.
   * @throws TooManyLookups; Error when the register cannot be read, or when every caller disconnected before the query.
   */
  find(
    terminalNumber: string,
    asker: { address: string; isWanted: () => boolean },
  ): Promise<ConnectTerminal | undefined> {
    const isKnown = this.#known.has(terminalNumber);
    return this.#lookups.find(terminalNumber, { ...asker, isKnown });
  }

  /** The session of a terminal that was just looked up, updated with the result. */
  open(
    terminalNumber: string,
    terminal: ConnectTerminal,
    keys: readonly SessionKeys[],
  ): TerminalSession {
    const nowMs = this.#options.now();
    let session = this.#sessions.get(terminalNumber);
    if (session === undefined) {
      const { frames, control, faults, repeats, commands, settings } = this.#options.rates;
      session = new TerminalSession(terminalNumber, {
        frames: new TokenBucket(frames, nowMs),
        control: new TokenBucket(control, nowMs),
        faults: new TokenBucket(faults, nowMs),
        repeats: new TokenBucket(repeats, nowMs),
        commands: new TokenBucket(commands, nowMs),
        settings: new TokenBucket(settings, nowMs),
      });
      this.#sessions.set(terminalNumber, session);
    }
    this.#remember(terminalNumber);
    session.load(terminal, keys, nowMs);
    session.lastUsedAtMs = nowMs;
    return session;
  }

  /**
   * The terminal's session with the present register entry, or undefined when the number is no longer registered.
   * Closes a connection that signed in with a secret that is no longer the terminal's.
   * @throws Error, leaving the session unchanged, when the register or a key cannot be read.
   */
  async refresh(terminalNumber: string): Promise<TerminalSession | undefined> {
    const asker = { address: '', isKnown: true, isWanted: () => true };
    const terminal = await this.#lookups.find(terminalNumber, asker);
    if (terminal === undefined || terminal.keys.length === 0) return undefined;
    const connection = this.#sessions.get(terminalNumber)?.connection;
    if (connection?.secretHash.equals(terminal.secretHash) === false)
      connection.cut('another_secret');
    const keys = await this.deriveKeys(terminalNumber, terminal);
    if (keys.length === 0) throw new Error('no key of the terminal can be used now');
    return this.open(terminalNumber, terminal, keys);
  }

  /** Closes the connection of a terminal that is no longer registered. */
  cutRetired(terminalNumber: string): void {
    this.#sessions.get(terminalNumber)?.connection?.cut('retired');
  }

  /** Removes sessions that are not needed any more. */
  sweep(): void {
    const before = this.#options.now() - FORGET_AFTER_MS;
    for (const session of this.#sessions.values()) {
      if (session.connection !== undefined || session.pending.size > 0) continue;
      if (session.lastUsedAtMs < before) this.#sessions.delete(session.number);
    }
  }

  #remember(terminalNumber: string): void {
    this.#known.delete(terminalNumber);
    this.#known.add(terminalNumber);
    if (this.#known.size <= MAX_KNOWN) return;
    const [longestAgo] = this.#known;
    if (longestAgo !== undefined) this.#known.delete(longestAgo);
  }

  /** The terminal's keys, oldest generation first; empty when none can be unwrapped. */
  async deriveKeys(terminalNumber: string, terminal: ConnectTerminal): Promise<SessionKeys[]> {
    const keys: SessionKeys[] = [];
    for (const key of terminal.keys) {
      try {
        keys.push(await this.#deriveKey(terminalNumber, terminal.utilityCode, key));
      } catch (error) {
        this.#options.log.error(
          { err: error, terminal: terminalNumber, generation: key.generation },
          'the key of a terminal cannot be used',
        );
      }
    }
    return keys;
  }

  async #deriveKey(number: string, utilityCode: string, key: ConnectKey): Promise<SessionKeys> {
    const kek = await this.#options.keks(utilityCode);
    const unwrapped = kek.id === key.kekId ? unwrapKey(kek.key, key.wrappedKey) : undefined;
    if (!unwrapped?.ok) {
      throw new Error(
        `it was wrapped under key-encryption key ${key.kekId}, and the one of utility "${utilityCode}" is ${kek.id}: provide the former`,
      );
    }
    const bcd = terminalBcd(number);
    return {
      generation: key.generation,
      uplink: deriveTerminalKey(unwrapped.key, 'uplink', bcd),
      downlink: deriveTerminalKey(unwrapped.key, 'downlink', bcd),
    };
  }
}
