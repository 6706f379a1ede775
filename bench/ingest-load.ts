// Load of bench/ingest.ts, as its own process: terminals over raw sockets whose PUBLISH packets are made before the
// clock starts, so that it uses as little as possible of the machine that it shares with what is measured.
import { connect } from 'node:net';
import { terminalBcd } from '../ingest/protocol/bcd.ts';
import { createDayReport } from '../ingest/protocol/day-report.ts';
import { sealMessage, type UplinkMessage } from '../ingest/protocol/message.ts';
import {
  answerReader,
  connectPacket,
  DISCONNECT_PACKET,
  publishPacket,
} from '../ingest/testing/packets.ts';
import { elementAt } from '../lib/certain.ts';
import { deriveTerminalKey } from '../lib/keys/terminal-key.ts';
import { dayValues } from './ingest-days.ts';

/** Kind of report: see `REPORTS`. */
export type ReportKind = 'history' | 'live' | 'more' | 'corrected' | 'answer';
/** Kind of message: days, or test calls with the nonces 1, 2, 3 … */
export type LoadMessage = 'day_report' | 'test_call';

/** Plan of one process of load. */
export interface LoadPlan {
  terminals: { number: string; secret: string; key: string; serial: string }[];
  /** Connections open at the same time; when a terminal has sent its days, the next one replaces it. */
  connections: number;
  /** Frames of a connection without PUBACK. */
  window: number;
  daysOfEach: number;
  /** Days since 2000-01-01. */
  firstDay: number;
  /** Default: days; of test calls each terminal sends as many. */
  message?: LoadMessage;
  /** Repeated day after day; default: history. */
  kinds?: readonly ReportKind[];
  /** Passes over the days, with other values each time; default: one. */
  passes?: number;
  /** First counter of every terminal minus one; default 0. */
  counterBase?: number;
  /** Interval of a connection's frames; default: as fast as possible. */
  everyMs?: number;
}

export interface LoadResult {
  acknowledged: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

interface Sender {
  connect: Buffer;
  publishes: Buffer[];
}

/** Maximum number of handshakes at the same time: this load does not retry refused sign-ins. */
const SIGN_INS_AT_ONCE = 200;

const report = createDayReport();

function prepare(plan: LoadPlan, terminal: LoadPlan['terminals'][number]): Sender {
  const bcd = terminalBcd(terminal.number);
  const key = deriveTerminalKey(Buffer.from(terminal.key, 'hex'), 'uplink', bcd);
  const { daysOfEach, firstDay, kinds = ['history'], passes = 1, counterBase = 0 } = plan;
  const messageOf = (at: number): UplinkMessage => {
    const day = firstDay + (at % daysOfEach);
    if (plan.message === 'test_call')
      return { type: 'test_call', terminalTimeS: day * 86_400, nonce: at + 1 };
    fillDay(day, terminal.serial);
    shape(elementAt(kinds, at % kinds.length), Math.floor(at / daysOfEach));
    return { type: 'day_report', report };
  };
  const publishes = Array.from({ length: daysOfEach * passes }, (_, at) => {
    const envelope = { key, terminalBcd: bcd, generation: 1, counter: counterBase + at + 1 };
    return publishPacket(terminal.number, at + 1, sealMessage(envelope, messageOf(at)));
  });
  return { connect: connectPacket(terminal.number, terminal.secret), publishes };
}

/** Fills a day as in households: quiet nights, a peak in the morning and one in the evening. */
function fillDay(day: number, serial: string): void {
  report.day = day;
  report.meterSerial = serial;
  report.terminalTimeS = day * 86_400;
  report.indexMask = 0xffffff;
  report.pressureMask = 0xffffff;
  const { indexL, pressurePa } = dayValues(day);
  report.indexL.set(indexL);
  report.pressurePa.set(pressurePa);
  report.batteryMv = 3600;
  report.signalDbm = -90;
}

/** Turns the filled day into a report of a kind; a correction moves every register by a litre, more with each pass. */
function shape(kind: ReportKind, pass: number): void {
  report.history = kind === 'history';
  report.requested = kind === 'answer';
  if (kind !== 'corrected') return;
  for (const [hour, indexL] of report.indexL.entries()) report.indexL[hour] = indexL + pass + 1;
}

class LoadRun {
  readonly #plan: LoadPlan;
  readonly #port: number;
  readonly #waiting: Sender[];
  readonly #latenciesMs: Float64Array;
  /** The first terminals begin together once all have signed in; the clock starts then. */
  readonly #waitingToBegin: (() => void)[] = [];
  readonly #first: number;
  #signedIn = 0;
  #acknowledged = 0;
  #running = 0;
  #startedAt = 0;
  readonly #done: (error: Error | undefined) => void;

  constructor(plan: LoadPlan, port: number, senders: Sender[], done: (error?: Error) => void) {
    this.#plan = plan;
    this.#port = port;
    this.#waiting = [...senders].reverse();
    this.#latenciesMs = new Float64Array(
      senders.reduce((sum, { publishes }) => sum + publishes.length, 0),
    );
    this.#done = done;
    this.#first = Math.min(plan.connections, senders.length);
  }

  start(): void {
    for (let i = 0; i < Math.min(SIGN_INS_AT_ONCE, this.#first); i += 1) this.#next();
  }

  #begin(fill: () => void): void {
    this.#signedIn += 1;
    if (this.#signedIn > this.#first) {
      fill();
      return;
    }
    this.#waitingToBegin.push(fill);
    if (this.#signedIn < this.#first) {
      if (this.#signedIn + SIGN_INS_AT_ONCE <= this.#first) this.#next();
      return;
    }
    this.#startedAt = performance.now();
    for (const open of this.#waitingToBegin) open();
  }

  result(): LoadResult {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const sorted = this.#latenciesMs.subarray(0, this.#acknowledged).sort();
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return { acknowledged: this.#acknowledged, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
  }

  #next(): void {
    const sender = this.#waiting.pop();
    if (sender !== undefined) this.#send(sender);
    else if (this.#running === 0) this.#done(undefined);
  }

  #send(sender: Sender): void {
    const { publishes } = sender;
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    const sentAt = new Float64Array(publishes.length);
    let sent = 0;
    let acknowledged = 0;
    this.#running += 1;
    const fill = () => {
      const until = Math.min(publishes.length, acknowledged + this.#plan.window);
      if (until > sent) write(until);
    };
    const write = (until: number) => {
      socket.write(Buffer.concat(publishes.slice(sent, until)));
      sentAt.fill(performance.now(), sent, until);
      sent = until;
    };
    const { everyMs } = this.#plan;
    const begin = everyMs === undefined ? fill : () => pace(everyMs, publishes.length, write);
    const read = answerReader((answer) => {
      if (answer.type === 'connack') {
        this.#begin(begin);
        return;
      }
      this.#latenciesMs[this.#acknowledged] = performance.now() - sentAt[answer.identifier - 1]!;
      this.#acknowledged += 1;
      acknowledged += 1;
    });
    socket.on('connect', () => socket.write(sender.connect));
    socket.on('data', (chunk) => {
      read(chunk);
      if (acknowledged === publishes.length) socket.end(DISCONNECT_PACKET);
      else if (acknowledged > 0 && everyMs === undefined) fill();
    });
    socket.on('error', (error) => this.#done(error));
    socket.on('close', () => {
      this.#running -= 1;
      if (acknowledged < publishes.length)
        this.#done(
          new Error(`a connection ended after ${acknowledged} of ${publishes.length} frames`),
        );
      else this.#next();
    });
  }
}

/** Sends one frame per interval, the first after a delay that differs by connection. */
function pace(everyMs: number, frames: number, write: (until: number) => void): void {
  let sent = 0;
  const next = () => {
    sent += 1;
    write(sent);
    if (sent < frames) setTimeout(next, everyMs);
  };
  setTimeout(next, Math.random() * everyMs);
}

let senders: Sender[] = [];
let plan: LoadPlan;

process.on('message', (message: { prepare: LoadPlan } | { port: number }) => {
  if ('prepare' in message) {
    plan = message.prepare;
    senders = plan.terminals.map((terminal) => prepare(plan, terminal));
    process.send?.({ ready: true });
    return;
  }
  const run = new LoadRun(plan, message.port, senders, (error) => {
    process.send?.(error ? { failed: error.message } : { result: run.result() });
  });
  run.start();
});
