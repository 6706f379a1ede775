// What cannot wait for a terminal's next report: a requested test, and closing a retired terminal's connection. The
// database is read for these few terminals every second.
import type { CalledTerminal } from '../../lib/terminals/terminal-test-queries.ts';
import type { TerminalCaller } from '../frame-hops.ts';
import type { Log } from '../log.ts';
import type { SessionRegistry } from '../session/session-registry.ts';

/** Later than this after its retirement, a terminal's connection has ended, here or by the refresh of its session. */
const RETIRED_WITHIN_MS = 600_000;

export interface CalledOptions {
  list: (since: { asOf: Date; retiredAfter: Date }) => Promise<CalledTerminal[]>;
  registry: Pick<SessionRegistry, 'session' | 'cutRetired'>;
  downlink: Pick<TerminalCaller, 'callUp'>;
  log: Log;
  now: () => number;
  everyMs: number;
}

export class CalledTerminals {
  readonly #options: CalledOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: CalledOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#look().finally(() => this.start());
    }, this.#options.everyMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #look(): Promise<void> {
    const { list, registry, downlink, now, log } = this.#options;
    const nowMs = now();
    try {
      const since = { asOf: new Date(nowMs), retiredAfter: new Date(nowMs - RETIRED_WITHIN_MS) };
      for (const { number, isRetired } of await list(since)) {
        if (isRetired) registry.cutRetired(number);
        else downlink.callUp(registry.session(number)?.connection);
      }
    } catch (error) {
      log.warn({ err: error }, 'terminals to test could not be listed; it is tried again');
    }
  }
}
