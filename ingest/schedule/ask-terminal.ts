// Sends a connected terminal what is wanted from it, once it has been quiet for a moment, because its own reports need
// not be requested.

import { Limiter } from '../../lib/limiter.ts';
import type { OpenRequest } from '../../lib/polling/polling-queries.ts';
import type { UnacknowledgedTest } from '../../lib/terminals/terminal-test-queries.ts';
import type { Delivery, Downlink } from '../dispatch/downlink.ts';
import type { Log } from '../log.ts';
import type { SetClock } from '../protocol/down-messages.ts';
import type { DownlinkMessage } from '../protocol/message.ts';
import { dayOfWire, terminalTime, wireDay } from '../protocol/wire-time.ts';
import type { Connection } from '../session/terminal-session.ts';
import {
  CLOCK_POLICY,
  type ClockPolicy,
  type HeldSetting,
  isClockDue,
  isWindowDue,
} from './clock-drift.ts';
import {
  type DayRange,
  type DuePolls,
  duePolls,
  POLL_POLICY,
  type PollPolicy,
} from './due-polls.ts';

const TERMINALS_AT_ONCE = 2;
/** Delay before reconsidering what may not be sent yet. */
const LATER_MS = 20_000;

/** Requests of a terminal, and the setting that it is proven to have. */
export interface Wanted {
  requests: OpenRequest[];
  setting: HeldSetting | undefined;
  tests: UnacknowledgedTest[];
}

/** Database access of the schedule, each call in a transaction of the terminal's utility. */
export interface PollStore {
  /** Closes requests of days that have arrived and lists those that are still open. */
  listWanted: (terminal: TerminalKey, at: Date) => Promise<Wanted>;
  /** Records what was requested and what is given up. */
  enter: (
    terminal: TerminalKey,
    polls: Pick<DuePolls, 'ask' | 'giveUp'>,
    at: Date,
  ) => Promise<void>;
  testsSent: (terminal: TerminalKey, testIds: readonly number[], at: Date) => Promise<void>;
  testAcknowledged: (terminal: TerminalKey, testId: number, at: Date) => Promise<void>;
  settingAcknowledged: (terminal: TerminalKey, setting: HeldSetting) => Promise<void>;
}

export interface TerminalKey {
  utilityId: number;
  terminalId: number;
}

export interface AskPolicy {
  polls: PollPolicy;
  clock: ClockPolicy;
  /** Time without any frame before a terminal is asked. */
  quietMs: number;
  /** Time after which an unacknowledged setting is sent again over the same connection. */
  resendMs: number;
}

export const ASK_POLICY: AskPolicy = {
  polls: POLL_POLICY,
  clock: CLOCK_POLICY,
  quietMs: 500,
  resendMs: 60_000,
};

export interface AskOptions {
  store: PollStore;
  downlink: Pick<Downlink, 'send'>;
  log: Log;
  now: () => number;
  policy: AskPolicy;
}

export class TerminalAsker {
  readonly #options: AskOptions;
  readonly #limiter = new Limiter(TERMINALS_AT_ONCE);
  readonly #timers = new Map<Connection, NodeJS.Timeout>();
  readonly #later = new Map<Connection, NodeJS.Timeout>();
  #stopped = false;

  constructor(options: AskOptions) {
    this.#options = options;
  }

  /** Asks the terminal as soon as it is quiet; does nothing when that is already scheduled, or after `stop`. */
  consider(connection: Connection): void {
    if (this.#stopped || !connection.subscribed || this.#timers.has(connection)) return;
    this.#wait(connection, this.#options.policy.quietMs);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
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
      // Until here it counts as scheduled, so that nothing is requested twice.
      this.#timers.delete(connection);
    }
  }

  async #ask(connection: Connection): Promise<void> {
    const { store, policy, now, downlink } = this.#options;
    const { session } = connection;
    const at = new Date(now());
    const wanted = await store.listWanted(session, at);
    const due = duePolls(wanted.requests, at, policy.polls);
    const tests = this.#dueTests(connection, wanted.tests);
    const settings = this.#dueSetting(connection, wanted.setting, at);
    const sent = await Promise.all([
      downlink.send(connection, 'clock', settings),
      downlink.send(
        connection,
        'test',
        tests.map(({ nonce }) => ({ type: 'test', nonce })),
      ),
      downlink.send(connection, 'poll', due.ranges.map(daysAgain)),
    ]);
    const deliveries = sent.flat();
    if (deliveries.length === 0 && due.giveUp.length === 0) return;
    const ask = handedRequests(due, deliveries);
    this.#tell(connection, deliveries, { asked: ask.length, givenUp: due.giveUp.length });
    const noted = await Promise.allSettled([
      store.enter(session, { ask, giveUp: due.giveUp }, at),
      this.#follow(connection, deliveries, tests),
    ]);
    for (const each of noted) if (each.status === 'rejected') throw each.reason;
  }

  /** Clock and window, when the terminal is not known to have them right and may be sent them now. */
  #dueSetting(connection: Connection, held: HeldSetting | undefined, at: Date): DownlinkMessage[] {
    const { policy } = this.#options;
    const { session, settingSent, clockOffsetS: offsetS } = connection;
    const { reportMinute, reportWindowMinutes: windowMinutes } = session;
    const clock = { offsetS, provenAtMs: held?.provenAt.getTime() };
    const generations = session.keys.map(({ generation }) => generation);
    if (!isWindowDue(held, session, generations) && !isClockDue(clock, at.getTime(), policy.clock))
      return [];
    const isOnItsWay =
      settingSent?.reportMinute === reportMinute && settingSent.windowMinutes === windowMinutes;
    const isLost = at.getTime() - (settingSent?.atMs ?? 0) >= policy.resendMs;
    if (isOnItsWay && !isLost) return [];
    if (!this.#mayBeTold(connection)) return [];
    connection.settingSent = { reportMinute, windowMinutes, atMs: at.getTime() };
    return [{ type: 'set_clock', terminalTimeS: terminalTime(at), reportMinute, windowMinutes }];
  }

  #dueTests(connection: Connection, tests: readonly UnacknowledgedTest[]): UnacknowledgedTest[] {
    return tests.filter(
      ({ testId }) => !connection.testsSent.has(testId) && this.#mayBeTold(connection),
    );
  }

  /** Limits messages to a terminal that acknowledges nothing; it is considered again later. */
  #mayBeTold(connection: Connection): boolean {
    if (connection.session.buckets.settings.take(this.#options.now())) return true;
    if (this.#later.has(connection)) return false;
    const timer = setTimeout(() => {
      this.#later.delete(connection);
      this.consider(connection);
    }, LATER_MS);
    timer.unref();
    this.#later.set(connection, timer);
    return false;
  }

  /** Logs what was sent, and what was not. */
  #tell(
    connection: Connection,
    deliveries: readonly Delivery[],
    polls: { asked: number; givenUp: number },
  ): void {
    const { log } = this.#options;
    const handed = deliveries.filter(({ state }) => state === 'handed');
    const terminal = connection.session.number;
    const unsent = deliveries.length - handed.length;
    const types = new Set(handed.map(({ message }) => message.type));
    connection.daysRequested ||= types.has('report_days');
    const lost = deliveries.some(
      ({ message, state }) => message.type === 'set_clock' && state === 'gone',
    );
    if (lost) connection.settingSent = undefined;
    if (handed.length === 0 && unsent > 0) {
      log.info({ terminal, unsent }, 'nothing could be sent to a terminal');
      return;
    }
    log.info(
      {
        ...{ terminal, ...polls, unsent },
        ...{ setsClock: types.has('set_clock'), tests: types.has('test') },
      },
      'terminal asked',
    );
  }

  /** Records what was sent, and acknowledgements when they arrive. */
  async #follow(
    connection: Connection,
    deliveries: readonly Delivery[],
    tests: readonly UnacknowledgedTest[],
  ): Promise<void> {
    const { store, now } = this.#options;
    const { session } = connection;
    const sent: { testId: number; outcome: Delivery['outcome'] }[] = [];
    for (const { message, state, generation, outcome } of deliveries) {
      if (state === 'gone') continue;
      if (message.type === 'set_clock')
        this.#when(connection, outcome, () => this.#prove(connection, message, generation));
      if (message.type !== 'test') continue;
      const test = tests.find(({ nonce }) => nonce === message.nonce);
      if (test !== undefined) sent.push({ testId: test.testId, outcome });
    }
    const testIds = sent.map(({ testId }) => testId);
    if (testIds.length > 0) await store.testsSent(session, testIds, new Date(now()));
    // Only now: a test that could not be recorded is sent again, because without the record its acknowledgement has no
    // effect.
    for (const testId of testIds) connection.testsSent.add(testId);
    for (const { testId, outcome } of sent)
      this.#when(connection, outcome, () =>
        store.testAcknowledged(session, testId, new Date(now())),
      );
  }

  #prove(connection: Connection, message: SetClock, generation: number): Promise<void> {
    connection.settingSent = undefined;
    connection.settingAcknowledged = true;
    connection.clockOffsetS = undefined;
    return this.#options.store.settingAcknowledged(connection.session, {
      reportMinute: message.reportMinute,
      reportWindowMinutes: message.windowMinutes,
      generation,
      provenAt: new Date(this.#options.now()),
    });
  }

  #when(connection: Connection, outcome: Delivery['outcome'], prove: () => Promise<void>): void {
    outcome
      .then((proven) => (proven === 'acknowledged' ? prove() : undefined))
      .catch((error: unknown) => {
        const terminal = connection.session.number;
        this.#options.log.warn({ err: error, terminal }, 'an acknowledgement was not noted');
      });
  }
}

/** Requests whose days were in messages that were handed over. */
function handedRequests(due: DuePolls, deliveries: readonly Delivery[]): OpenRequest[] {
  const ranges = deliveries.flatMap(({ state, message }) =>
    state === 'handed' && message.type === 'report_days'
      ? [{ from: dayOfWire(message.fromDay), to: dayOfWire(message.toDay) }]
      : [],
  );
  return due.ask.filter(({ day }) => ranges.some(({ from, to }) => from <= day && day <= to));
}

function daysAgain({ from, to }: DayRange): DownlinkMessage {
  return { type: 'report_days', fromDay: wireDay(from), toDay: wireDay(to) };
}
