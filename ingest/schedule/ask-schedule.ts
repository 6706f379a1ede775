// Schedule of requests: every minute the connected terminals are asked for their wanted days, utility by utility. The
// worker records which days are wanted (ingest/jobs/plan-polling.ts).
import type { TerminalCaller } from '../frame-hops.ts';
import type { Log } from '../log.ts';
import type { ConnectedTerminals } from '../session/connected-terminals.ts';

export interface AskScheduleOptions {
  connected: Pick<ConnectedTerminals, 'utilities' | 'ofUtility' | 'of'>;
  /** Lists those of a utility's terminals that have open requests. */
  listWanted: (utilityId: number, terminalIds: number[]) => Promise<readonly number[]>;
  downlink: Pick<TerminalCaller, 'callUp'>;
  log: Log;
  everyMs: number;
}

export class AskSchedule {
  readonly #options: AskScheduleOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: AskScheduleOptions) {
    this.#options = options;
  }

  start(): void {
    this.#arm(0);
  }

  /** Resolves when the running round has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #arm(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#round().finally(() => this.#arm(this.#options.everyMs));
    }, delayMs);
  }

  async #round(): Promise<void> {
    for (const utilityId of this.#options.connected.utilities()) {
      if (this.#stopped) return;
      await this.#askAndLog(utilityId);
    }
  }

  /** A failure of one utility does not affect the others. */
  async #askAndLog(utilityId: number): Promise<void> {
    const { connected, listWanted, downlink, log } = this.#options;
    try {
      const terminalIds = [...connected.ofUtility(utilityId).keys()];
      const wanted = await listWanted(utilityId, terminalIds);
      for (const terminalId of wanted) downlink.callUp(connected.of(terminalId));
    } catch (error) {
      log.warn(
        { err: error, utilityId },
        'the terminals of a utility could not be asked; it is tried again',
      );
    }
  }
}
