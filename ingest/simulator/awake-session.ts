// One awake cycle of a terminal: connect, subscribe, report, answer requests, sleep [TERM-3.4, TERM-9].
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, daysBetween } from '../../lib/time.ts';
import { createDayReport, type DayReport } from '../protocol/day-report.ts';
import { packHourly } from '../protocol/hourly-values.ts';
import type { DownlinkMessage, UplinkMessage } from '../protocol/message.ts';
import type { TerminalStatus } from '../protocol/status.ts';
import { dayOfWire, terminalInstant, terminalTime, wireDay } from '../protocol/wire-time.ts';
import { type LinkOptions, openLink } from './broker-link.ts';
import type { Outbox } from './outbox.ts';
import type { ReportWindow } from './report-plan.ts';
import type { MeterDay } from './simulated-meter.ts';
import type { SealedFrame, Terminal } from './terminal.ts';

/** Model of a terminal, as a session needs it. */
export interface SimulatedTerminal {
  readonly terminal: Terminal;
  /** Kept from session to session, with unacknowledged frames. */
  readonly outbox: Outbox;
  /** The terminal's values of a JST day: one entry per meter; empty when it does not have the day. */
  readDay(day: string): readonly MeterDay[];
  /** True for a day before the terminal began to report live [TERM-9.4]. */
  isHistory(day: string): boolean;
  status(): TerminalStatus;
  /** The terminal's own clock. */
  now(): Date;
  /** [TERM-9.6] The cloud sets the clock and the report window. */
  setClock(at: Date, window: ReportWindow): void;
  /** Seals a day report into frames; faults change or add frames. */
  seal(message: UplinkMessage & { type: 'day_report' }, day: string): Promise<SealedFrame[]>;
}

export interface SessionOptions {
  link: Omit<LinkOptions, 'number' | 'secret'>;
  /** Days to report, oldest first; called once what earlier sessions left open is acknowledged. */
  days: () => readonly string[];
  /** Time that the terminal waits for frames from the cloud after the last exchange, milliseconds. */
  listenMs: number;
  /** Called when every frame of the day is acknowledged. Days come oldest first, except requested ones. */
  onDay?: (day: string) => void;
  signal?: AbortSignal | undefined;
}

/** A day to report in a session. */
interface Task {
  readonly day: string;
  readonly requested: boolean;
}

/** Runs one session; resolves when all is acknowledged and the cloud is quiet. Rejects when the link is lost. */
export async function runSession(
  simulated: SimulatedTerminal,
  options: SessionOptions,
): Promise<void> {
  const { number, secret } = simulated.terminal.identity;
  const link = await openLink({ ...options.link, number, secret });
  const cutOff = () => void link.close(true);
  options.signal?.addEventListener('abort', cutOff, { once: true });
  try {
    // [TERM-9.3] A day with an open report is not reported again before that is acknowledged.
    simulated.outbox.attach(link);
    await simulated.outbox.allAcknowledged();
    const inbox = createInbox(simulated, options.days());
    link.listen((frame) => inbox.take(frame));
    for (;;) {
      await sendAll(simulated, options, inbox);
      await simulated.outbox.allAcknowledged();
      if (options.signal?.aborted) return;
      if (!(await inbox.hasMoreWithin(options.listenMs, options.signal))) return;
    }
  } finally {
    options.signal?.removeEventListener('abort', cutOff);
    await link.close();
  }
}

async function sendAll(
  simulated: SimulatedTerminal,
  options: SessionOptions,
  inbox: Inbox,
): Promise<void> {
  for (;;) {
    if (options.signal?.aborted) return;
    const nonce = inbox.tests.shift();
    if (nonce !== undefined) {
      const terminalTimeS = terminalTime(simulated.now());
      const frame = await simulated.terminal.seal({ type: 'test_call', terminalTimeS, nonce });
      await simulated.outbox.send(frame, () => undefined);
      continue;
    }
    const task = inbox.nextDay();
    if (!task) return;
    await reportDay(simulated, task, () => options.onDay?.(task.day));
  }
}

async function reportDay(
  simulated: SimulatedTerminal,
  task: Task,
  onDay: () => void,
): Promise<void> {
  const frames: SealedFrame[] = [];
  for (const meterDay of simulated.readDay(task.day)) {
    const report = dayReport(simulated, meterDay, task.requested);
    frames.push(...(await simulated.seal({ type: 'day_report', report }, task.day)));
  }
  let left = frames.length;
  if (left === 0) onDay();
  for (const frame of frames) {
    await simulated.outbox.send(frame, () => {
      left -= 1;
      if (left === 0) onDay();
    });
  }
}

function dayReport(
  simulated: SimulatedTerminal,
  meterDay: MeterDay,
  requested: boolean,
): DayReport {
  const report = Object.assign(createDayReport(), simulated.status());
  report.history = simulated.isHistory(meterDay.day);
  report.requested = requested;
  report.day = wireDay(meterDay.day);
  report.meterSerial = meterDay.serial;
  report.terminalTimeS = terminalTime(simulated.now());
  report.indexMask = packHourly('indexL', meterDay.indexL, report.indexL);
  report.pressureMask = packHourly('pressurePa', meterDay.pressurePa, report.pressurePa);
  return report;
}

/** Work of this session: due days, and requests that arrive meanwhile. */
interface Inbox {
  readonly tests: number[];
  nextDay(): Task | undefined;
  take(frame: Buffer): void;
  /** Waits for the cloud; true when there is more to do. */
  hasMoreWithin(quietMs: number, signal: AbortSignal | undefined): Promise<boolean>;
}

/** Executes a request, or adds it to the work. */
function obey(
  message: DownlinkMessage,
  {
    simulated,
    due,
    tests,
  }: { simulated: SimulatedTerminal; due: Map<string, Task>; tests: number[] },
): void {
  switch (message.type) {
    case 'report_days': {
      const from = dayOfWire(message.fromDay);
      const span = daysBetween(from, dayOfWire(message.toDay));
      for (let i = 0; i <= span; i += 1) {
        const day = addDays(from, i);
        // A day that is due anyway is not reported twice.
        if (!due.has(day)) due.set(day, { day, requested: true });
      }
      return;
    }
    case 'set_clock':
      simulated.setClock(terminalInstant(message.terminalTimeS), {
        reportMinute: message.reportMinute,
        windowMinutes: message.windowMinutes,
      });
      return;
    case 'test':
      tests.push(message.nonce);
      return;
  }
}

function createInbox(simulated: SimulatedTerminal, days: readonly string[]): Inbox {
  const due = new Map<string, Task>(days.map((day) => [day, { day, requested: false }]));
  const tests: number[] = [];
  let heard = false;
  let notify: () => void = () => undefined;
  return {
    tests,
    nextDay() {
      const [first] = due.values();
      if (first) due.delete(first.day);
      return first;
    },
    take(frame) {
      const message = simulated.terminal.open(frame);
      if (!message) return;
      obey(message, { simulated, due, tests });
      heard = true;
      notify();
    },
    async hasMoreWithin(quietMs, signal) {
      const more = () => due.size > 0 || tests.length > 0;
      if (!more()) {
        const arrived = new Promise<void>((resolve) => {
          notify = resolve;
        });
        heard = false;
        const quiet = new AbortController();
        const ended = sleep(quietMs, undefined, { signal: withSignal(quiet.signal, signal) }).catch(
          () => undefined,
        );
        await Promise.race([arrived, ended]);
        quiet.abort();
      }
      return heard || more();
    },
  };
}

function withSignal(own: AbortSignal, given: AbortSignal | undefined): AbortSignal {
  return given ? AbortSignal.any([own, given]) : own;
}
