// Record of messages sent to terminals, received by their connections and acknowledged, to compare with the results
// that the senders got.
import { deepStrictEqual, ok } from 'node:assert/strict';
import type { TerminalKey } from '../../lib/terminals/owner-commands.ts';
import { type Delivery, PRIORITIES, type Priority } from '../dispatch/downlink.ts';
import type { CutReason } from '../metrics.ts';
import { terminalBcd } from '../protocol/bcd.ts';
import { decodeHeader, openFrame } from '../protocol/frame.ts';
import { decodeDownlink } from '../protocol/message.ts';
import type { Connection } from '../session/terminal-session.ts';
import { DOWN_KEY, type Line, type Watch } from './downlink-processes.ts';

/** One message of a parcel, identified by its nonce. */
interface Sent {
  parcel: Parcel;
  nonce: number;
  /** Packet identifiers under which the connection received it. */
  handed: number[];
  isAcknowledged: boolean;
  state?: Delivery['state'];
  outcome?: 'acknowledged' | 'gone';
}

interface Parcel {
  line: Line;
  rank: number;
  /** Position among all parcels in the order of sending. */
  order: number;
  messages: Sent[];
  hasOutcome: boolean;
}

export class DownlinkRecord implements Watch {
  readonly #parcels: Parcel[] = [];
  readonly #sent = new Map<number, Sent>();
  readonly #lastCounter = new Map<Line, number>();
  readonly #counters = new Set<string>();
  readonly #latestClaim = new Map<number, number>();
  readonly #unwritten = new Set<number>();
  readonly #takenOver: Connection[] = [];
  /** Violations found in code that must not be interrupted. */
  readonly #faults: string[] = [];

  readonly written = (line: Line, packet: Buffer): void => {
    const { identifier, counter, nonce } = openPacket(line, packet);
    const sent = this.#sent.get(nonce);
    if (sent === undefined) {
      this.#fault(`message ${nonce} was never sent`);
      return;
    }
    const { parcel } = sent;
    if (parcel.line !== line) this.#fault(`message ${nonce} went out on another connection`);
    if (counter <= (this.#lastCounter.get(line) ?? 0))
      this.#fault(`counter ${counter} came after ${this.#lastCounter.get(line)}`);
    const used = `${line.terminal.terminalId} ${counter}`;
    if (this.#counters.has(used)) this.#fault(`counter ${counter} was used twice`);
    for (const other of this.#waiting(line))
      if (comesBefore(other, parcel))
        this.#fault(`${nameOf(parcel)} was handed while ${nameOf(other)} waited`);
    if (parcel.messages.some((each) => each.nonce > nonce && each.handed.length > 0))
      this.#fault(`message ${nonce} was handed after a later one of its parcel`);
    sent.handed.push(identifier);
    this.#lastCounter.set(line, counter);
    this.#counters.add(used);
  };

  readonly claimed = (terminalId: number, generation: number): void => {
    this.#latestClaim.set(terminalId, Math.max(generation, this.#latestClaim.get(terminalId) ?? 0));
  };

  readonly unwritten = (terminals: readonly TerminalKey[]): void => {
    for (const { terminalId } of terminals) this.#unwritten.add(terminalId);
  };

  readonly cut = (connection: Connection, reason: CutReason): void => {
    if (reason === 'taken_over') this.#takenOver.push(connection);
  };

  /** True when a row of the terminal may be left that could not be removed. */
  isUnwritten(terminalId: number): boolean {
    return this.#unwritten.has(terminalId);
  }

  send(line: Line, { priority, size }: { priority: Priority; size: number }): void {
    const { connection, process } = line;
    if (connection === undefined) return;
    const [rank, order] = [PRIORITIES.indexOf(priority), this.#parcels.length];
    const parcel: Parcel = { line, rank, order, messages: [], hasOutcome: false };
    for (let at = 0; at < size; at += 1) {
      const nonce = this.#sent.size + 1;
      const sent: Sent = { parcel, nonce, handed: [], isAcknowledged: false };
      this.#sent.set(nonce, sent);
      parcel.messages.push(sent);
    }
    this.#parcels.push(parcel);
    const messages = parcel.messages.map(({ nonce }) => ({ type: 'test' as const, nonce }));
    process.downlink.send(connection, priority, messages).then(
      (deliveries) => this.#settle(parcel, deliveries),
      (error: unknown) => this.#fault(`${nameOf(parcel)} failed: ${error}`),
    );
  }

  /** The terminal sends PUBACK for one of the frames received over the connection. */
  acknowledge(line: Line, frame: number): void {
    const got = [...this.#sent.values()].filter(
      ({ parcel, handed }) => parcel.line === line && handed.length > 0,
    );
    const sent = got[frame % Math.max(1, got.length)];
    const [identifier] = sent?.handed ?? [];
    if (sent === undefined || identifier === undefined) return;
    sent.isAcknowledged = true;
    line.connection?.publisher.acknowledged(identifier);
  }

  /** On a live connection only an emergency may wait, for SUBACK. */
  checkNoneWaits(): void {
    for (const { line, rank, hasOutcome } of this.#parcels)
      ok(
        hasOutcome || (rank === 0 && line.connection?.subscribed === false),
        `${PRIORITIES[rank]} waits for nothing`,
      );
  }

  /** After all connections have ended: every message has an outcome, and it is the true one. */
  checkEnds(): void {
    for (const { nonce, state, outcome, handed, isAcknowledged } of this.#sent.values()) {
      const reported = { nonce, state, outcome };
      deepStrictEqual(reported, {
        nonce,
        state: handed.length > 0 ? 'handed' : 'gone',
        outcome: isAcknowledged ? 'acknowledged' : 'gone',
      });
      ok(handed.length <= 1, `message ${nonce} was handed ${handed.length} times`);
    }
  }

  /**
   * At rest: connections reported as taken over were. Not earlier, because one can be closed before the later claim is
   * answered.
   */
  checkTakenOver(): void {
    for (const { terminalId, ownerGeneration } of this.#takenOver)
      ok(
        ownerGeneration < (this.#latestClaim.get(terminalId) ?? 0),
        `the connection of the latest CONNECT of terminal ${terminalId} was ended`,
      );
  }

  checkFaults(): void {
    deepStrictEqual(this.#faults, []);
  }

  #settle(parcel: Parcel, deliveries: readonly Delivery[]): void {
    if (deliveries.length !== parcel.messages.length)
      this.#fault(`${nameOf(parcel)} has ${deliveries.length} deliveries`);
    parcel.hasOutcome = true;
    for (const [at, { message, state, outcome }] of deliveries.entries()) {
      const sent = message.type === 'test' ? this.#sent.get(message.nonce) : undefined;
      if (sent === undefined || sent !== parcel.messages[at]) {
        this.#fault(`${nameOf(parcel)} got results of other messages`);
        return;
      }
      sent.state = state;
      if (state === 'handed' && sent.handed.length === 0)
        this.#fault(`message ${sent.nonce} is said to be handed and was not`);
      void outcome.then((end) => {
        sent.outcome = end;
        if (end === 'acknowledged' && !sent.isAcknowledged)
          this.#fault(`message ${sent.nonce} is said to be acknowledged and was not`);
        if (end === 'gone' && state === 'handed' && !parcel.line.stream.destroyed)
          this.#fault(`message ${sent.nonce} is said to be gone on a connection that is there`);
      });
    }
  }

  /** Parcels of a connection of which nothing was handed over. */
  #waiting(line: Line): Parcel[] {
    return this.#parcels.filter(
      (each) =>
        each.line === line &&
        !each.hasOutcome &&
        each.messages.every(({ handed }) => handed.length === 0),
    );
  }

  #fault(text: string): void {
    this.#faults.push(text);
  }
}

function comesBefore(one: Parcel, other: Parcel): boolean {
  return one.rank === other.rank ? one.order < other.order : one.rank < other.rank;
}

function nameOf({ rank, order }: Parcel): string {
  return `${PRIORITIES[rank]} of parcel ${order}`;
}

/** Identifier, counter and nonce of a PUBLISH packet with a test, opened as the terminal does. */
function openPacket({ terminal }: Line, packet: Buffer) {
  const identifierAt = 2 + 2 + packet.readUInt16BE(2);
  const frame = packet.subarray(identifierAt + 2);
  const header = decodeHeader(frame, 'down');
  ok(header.ok);
  const opened = openFrame(frame, header, DOWN_KEY, terminalBcd(terminal.terminalNumber));
  ok(opened.ok);
  const decoded = decodeDownlink(header.type, opened.payload);
  ok(decoded.ok && decoded.message.type === 'test');
  const identifier = packet.readUInt16BE(identifierAt);
  return { identifier, counter: header.counter, nonce: decoded.message.nonce };
}
