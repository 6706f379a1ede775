import type { KekProvider } from '../../lib/keys/kek-provider.ts';
import { unwrapKey } from '../../lib/keys/key-wrap.ts';
import { deriveTerminalKey } from '../../lib/keys/terminal-key.ts';
import type { ConnectKey, ConnectTerminal } from '../../lib/terminals/connect-queries.ts';
import type { Log } from '../log.ts';
import { terminalBcd } from '../protocol/bcd.ts';
import { Limiter } from './limiter.ts';
import { type SessionKeys, TerminalSession } from './terminal.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';

/** A session without connection and pending frames is forgotten after this time. */
const FORGET_AFTER_MS = 600_000;
const LOOKUPS_AT_ONCE = 4;

export interface RegistryOptions {
  find: (terminalNumber: string) => Promise<ConnectTerminal | undefined>;
  keks: KekProvider;
  log: Log;
  now: () => number;
  faults: Rate;
  repeats: Rate;
}

/** What the look-up of a terminal yields. */
export interface Found {
  terminal: ConnectTerminal;
  /** Derived keys, oldest generation first; empty where none could be unwrapped. */
  keys: SessionKeys[];
}

/** The sessions of this process, and the way to the register. */
export class SessionRegistry {
  readonly #options: RegistryOptions;
  readonly #sessions = new Map<string, TerminalSession>();
  readonly #lookups = new Map<string, Promise<Found | undefined>>();
  readonly #limiter = new Limiter(LOOKUPS_AT_ONCE);

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  get sessions(): Iterable<TerminalSession> {
    return this.#sessions.values();
  }

  /** The terminal as the register has it now; concurrent look-ups of one number are one. Undefined where unknown. */
  find(terminalNumber: string): Promise<Found | undefined> {
    const running = this.#lookups.get(terminalNumber);
    if (running !== undefined) return running;
    const lookup = this.#limiter
      .run(() => this.#find(terminalNumber))
      .finally(() => this.#lookups.delete(terminalNumber));
    this.#lookups.set(terminalNumber, lookup);
    return lookup;
  }

  /** The session of a terminal that was just looked up, with what was found. */
  open(terminalNumber: string, found: Found): TerminalSession {
    const nowMs = this.#options.now();
    let session = this.#sessions.get(terminalNumber);
    if (session === undefined) {
      const { faults, repeats } = this.#options;
      session = new TerminalSession(terminalNumber, {
        faults: new TokenBucket(faults, nowMs),
        repeats: new TokenBucket(repeats, nowMs),
      });
      this.#sessions.set(terminalNumber, session);
    }
    session.load(found.terminal, found.keys, nowMs);
    session.lastUsedAtMs = nowMs;
    return session;
  }

  /** Forgets sessions that nothing needs any more. */
  sweep(): void {
    const before = this.#options.now() - FORGET_AFTER_MS;
    for (const session of this.#sessions.values()) {
      if (session.connection !== undefined || session.pending.size > 0) continue;
      if (session.lastUsedAtMs < before) this.#sessions.delete(session.number);
    }
  }

  async #find(terminalNumber: string): Promise<Found | undefined> {
    const terminal = await this.#options.find(terminalNumber);
    if (terminal === undefined) return undefined;
    return { terminal, keys: await this.#deriveKeys(terminalNumber, terminal) };
  }

  async #deriveKeys(terminalNumber: string, terminal: ConnectTerminal): Promise<SessionKeys[]> {
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
