// The clock of the polling: every minute it notes which days should have arrived by now and did not, utility by utility, and
// has the connected terminals asked. Any number of processes may do so side by side: a day is noted once.
import type { PolledUtility } from '../../lib/polling/queries.ts';
import type { Log } from '../log.ts';

const DAY_MS = 86_400_000;

export interface PollScheduleOptions {
  listUtilities: () => Promise<PolledUtility[]>;
  /** Notes what lacks of the windows that ended in the time given, and settles what has arrived. */
  plan: (utilityId: number, windowEnded: { after: Date; until: Date }) => Promise<number>;
  /** Has the utility's connected terminals asked for what is wanted from them. */
  askConnected: (utilityId: number) => Promise<void>;
  log: Log;
  now: () => number;
  everyMs: number;
  /** How often all days that may still be asked for are looked at, whatever was planned before. */
  lookBackEveryMs: number;
}

export class PollSchedule {
  readonly #options: PollScheduleOptions;
  /** Until when each utility is planned, and when all its days were last looked at. */
  readonly #planned = new Map<number, { untilMs: number; lookedBackAtMs: number }>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: PollScheduleOptions) {
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
    const { listUtilities, log } = this.#options;
    let utilities: PolledUtility[] = [];
    try {
      utilities = await listUtilities();
    } catch (error) {
      log.warn({ err: error }, 'the utilities could not be listed; it is tried again');
    }
    for (const utility of utilities) {
      if (this.#stopped) return;
      await this.#planAndLog(utility);
    }
  }

  /** What fails for one utility is no reason to leave the others without polling. */
  async #planAndLog(utility: PolledUtility): Promise<void> {
    try {
      await this.#plan(utility);
    } catch (error) {
      const { utilityId } = utility;
      this.#options.log.warn(
        { err: error, utilityId },
        'the schedule of a utility could not be worked through; it is tried again',
      );
    }
  }

  async #plan({ utilityId, pollDaysBack }: PolledUtility): Promise<void> {
    const { plan, askConnected, log, now, lookBackEveryMs } = this.#options;
    const nowMs = now();
    const last = this.#planned.get(utilityId);
    // Mostly what has become due since; at times all of it, since a fitting may be entered days after it was done.
    const isRecent = last !== undefined && nowMs - last.lookedBackAtMs < lookBackEveryMs;
    const afterMs = isRecent ? last.untilMs : nowMs - (pollDaysBack + 2) * DAY_MS;
    const planned = await plan(utilityId, { after: new Date(afterMs), until: new Date(nowMs) });
    const lookedBackAtMs = isRecent ? last.lookedBackAtMs : nowMs;
    this.#planned.set(utilityId, { untilMs: nowMs, lookedBackAtMs });
    if (planned > 0)
      log.info({ utilityId, days: planned }, 'days have not arrived; they are asked for');
    await askConnected(utilityId);
  }
}
