// A terminal may stay connected for months. Its register entry is read again from time to time, so that a retired
// terminal is disconnected and a moved one reports for the meter beside it.
import type { TerminalCaller } from '../frame-hops.ts';
import type { Log } from '../log.ts';
import type { SessionRegistry } from './session-registry.ts';

/** Consecutive failed look-ups after which the rest of the round is left to the next one. */
const MAX_FAILURES = 3;

export interface SessionRefreshOptions {
  registry: SessionRegistry;
  log: Log;
  now: () => number;
  /** Maximum age of a connected terminal's register copy. */
  refreshAfterMs: number;
  /** Called for a connected terminal whose report window has changed in the register. */
  downlink: Pick<TerminalCaller, 'callUp'>;
}

export class SessionRefresh {
  readonly #options: SessionRefreshOptions;
  #running = false;
  #stopped = false;

  constructor(options: SessionRefreshOptions) {
    this.#options = options;
  }

  stop(): void {
    this.#stopped = true;
  }

  /**
   * Refreshes the connected terminals one after the other, so that terminals signing in do not wait for all of them.
   */
  async round(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    const { registry, now, refreshAfterMs } = this.#options;
    const before = now() - refreshAfterMs;
    let failures = 0;
    for (const session of [...registry.sessions]) {
      if (this.#stopped || failures >= MAX_FAILURES) break;
      if (session.connection === undefined || session.loadedAtMs > before) continue;
      failures = (await this.#refresh(session.number)) ? 0 : failures + 1;
    }
    this.#running = false;
  }

  async #refresh(terminalNumber: string): Promise<boolean> {
    const { registry, log, downlink } = this.#options;
    const windowOf = () => {
      const session = registry.session(terminalNumber);
      return `${session?.reportMinute} ${session?.reportWindowMinutes}`;
    };
    try {
      const before = windowOf();
      if ((await registry.refresh(terminalNumber)) === undefined)
        registry.cutRetired(terminalNumber);
      else if (windowOf() !== before) downlink.callUp(registry.session(terminalNumber)?.connection);
      return true;
    } catch (error) {
      log.warn({ err: error, terminal: terminalNumber }, 'a connected terminal was not looked up');
      return false;
    }
  }
}
