// Asks a connected terminal for what is wanted from it, once it has been quiet for a moment: what it has to say of its own
// accord need not be asked for.
import type { OpenRequest } from '../../lib/polling/queries.ts';
import { sendDown } from '../dispatch/send-down.ts';
import type { Log } from '../log.ts';
import type { IngestMetrics } from '../metrics.ts';
import { Limiter } from '../mqtt/limiter.ts';
import type { Connection } from '../mqtt/terminal.ts';
import { terminalTime, wireDay } from '../protocol/clock.ts';
import type { DownlinkMessage } from '../protocol/message.ts';
import { settledWithin } from '../within.ts';
import { CLOCK_POLICY, type ClockPolicy, isClockDue } from './clock-drift.ts';
import { type DuePolls, duePolls, POLL_POLICY, type PollPolicy } from './due-polls.ts';

const TERMINALS_AT_ONCE = 2;
/** A terminal that does not take what is sent for so long is not waited for; others are to be asked. */
const SEND_TIMEOUT_MS = 2000;

/** What the schedule needs of the database, each call in a transaction of the terminal's utility. */
export interface PollStore {
  /** Settles what has arrived meanwhile and lists what is still wanted. */
  listWanted: (terminal: TerminalKey, at: Date) => Promise<OpenRequest[]>;
  /** Enters who is asked for what and what is given up; yields the first downlink counter for `frames` frames. */
  enter: (
    terminal: TerminalKey,
    due: DuePolls,
    asked: { frames: number; at: Date },
  ) => Promise<number>;
}

export interface TerminalKey {
  utilityId: number;
  terminalId: number;
}

export interface AskPolicy {
  polls: PollPolicy;
  clock: ClockPolicy;
  /** A terminal is asked when nothing came from it for so long. */
  quietMs: number;
}

export const ASK_POLICY: AskPolicy = { polls: POLL_POLICY, clock: CLOCK_POLICY, quietMs: 500 };

export interface AskOptions {
  store: PollStore;
  metrics: IngestMetrics;
  log: Log;
  now: () => number;
  policy: AskPolicy;
}

export class TerminalAsker {
  readonly #options: AskOptions;
  readonly #limiter = new Limiter(TERMINALS_AT_ONCE);
  readonly #timers = new Map<Connection, NodeJS.Timeout>();

  constructor(options: AskOptions) {
    this.#options = options;
  }

  /** Asks the terminal as soon as it is quiet; does nothing where that is already on its way. */
  consider(connection: Connection): void {
    if (!connection.subscribed || this.#timers.has(connection)) return;
    this.#wait(connection, this.#options.policy.quietMs);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(connection: Connection, delayMs: number): void {
    this.#timers.set(
      connection,
      setTimeout(() => this.#onQuiet(connection), delayMs),
    );
  }

  #onQuiet(connection: Connection): void {
    const { now, policy } = this.#options;
    const quietMs = connection.unacknowledged > 0 ? 0 : now() - connection.lastActiveAtMs;
    if (connection.closed) this.#timers.delete(connection);
    else if (quietMs < policy.quietMs) this.#wait(connection, policy.quietMs - quietMs);
    else void this.#limiter.run(() => this.#askAndLog(connection));
  }

  async #askAndLog(connection: Connection): Promise<void> {
    try {
      if (!connection.closed) await this.#ask(connection);
    } catch (error) {
      const terminal = connection.session.number;
      this.#options.log.warn({ err: error, terminal }, 'a terminal could not be asked');
    } finally {
      // Until here it counts as on its way, so that nobody asks the same twice.
      this.#timers.delete(connection);
    }
  }

  async #ask(connection: Connection): Promise<void> {
    const { store, policy, now, metrics, log } = this.#options;
    const { session } = connection;
    const at = new Date(now());
    const due = duePolls(await store.listWanted(session, at), at, policy.polls);
    const messages: DownlinkMessage[] = due.ranges.map(({ from, to }) => ({
      type: 'report_days',
      fromDay: wireDay(from),
      toDay: wireDay(to),
    }));
    const clock = { offsetS: connection.clockOffsetS, setAtMs: session.clockSetAtMs };
    const setsClock = isClockDue(clock, at.getTime(), policy.clock);
    // First the clock, so that what is reported again bears the right time.
    if (setsClock) messages.unshift(this.#setClock(connection, at));
    if (messages.length === 0 && due.giveUp.length === 0) return;
    const firstCounter = await store.enter(session, due, { frames: messages.length, at });
    if (setsClock) session.clockSetAtMs = at.getTime();
    connection.asked ||= due.ranges.length > 0;
    await settledWithin(SEND_TIMEOUT_MS, sendDown(connection, { firstCounter, messages }));
    for (const { type } of messages) metrics.sent(type);
    log.info(
      { terminal: session.number, asked: due.ask.length, givenUp: due.giveUp.length, setsClock },
      'terminal asked',
    );
  }

  #setClock({ session }: Connection, at: Date): DownlinkMessage {
    return {
      type: 'set_clock',
      terminalTimeS: terminalTime(at),
      reportMinute: session.reportMinute,
      windowMinutes: session.reportWindowMinutes,
    };
  }
}
