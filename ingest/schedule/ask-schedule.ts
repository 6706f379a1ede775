// The clock of the asking: every minute the connected terminals are asked for what is wanted from them, utility by utility.
// Which days are wanted is noted by the worker (ingest/jobs/plan-polling.ts).
import type { Log } from '../log.ts';

export interface AskScheduleOptions {
  /** The utilities that have terminals connected here. */
  listUtilities: () => number[];
  /** Has the utility's connected terminals asked for what is wanted from them. */
  askConnected: (utilityId: number) => Promise<void>;
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

  /** Settles when the round that is under way has ended. */
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
    for (const utilityId of this.#options.listUtilities()) {
      if (this.#stopped) return;
      await this.#askAndLog(utilityId);
    }
  }

  /** What fails for one utility is no reason to leave the others unasked. */
  async #askAndLog(utilityId: number): Promise<void> {
    try {
      await this.#options.askConnected(utilityId);
    } catch (error) {
      this.#options.log.warn(
        { err: error, utilityId },
        'the terminals of a utility could not be asked; it is tried again',
      );
    }
  }
}
