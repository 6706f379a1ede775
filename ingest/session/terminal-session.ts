import type { Client } from 'aedes';
import type { ConnectTerminal } from '../../lib/terminals/connect-queries.ts';
import { dayOf } from '../../lib/time.ts';
import type { TokenBucket } from '../../lib/token-bucket.ts';
import type { CutReason } from '../metrics.ts';
import { DownPublisher } from '../mqtt/down-publisher.ts';
import { RefusedFrames } from '../mqtt/refused-frames.ts';
import { terminalBcd } from '../protocol/bcd.ts';
import {
  EMPTY_WINDOW,
  mergeWindows,
  type ReplayWindow,
  takeCounter,
  windowFromMask,
} from '../protocol/replay-window.ts';
import { wireDay } from '../protocol/wire-time.ts';

/** A meter that the terminal reports for, on the days from first to last (days since 2000-01-01, both included). */
export interface SessionMeter {
  meterId: number;
  dialL: number;
  firstDay: number;
  lastDay: number;
}

/** Keys of one generation, derived for each direction. */
export interface SessionKeys {
  generation: number;
  uplink: Buffer;
  downlink: Buffer;
}

/** Remaining allowances of a terminal; kept with the session, so that reconnecting does not refill them. */
export interface SessionBuckets {
  /** PUBLISH packets. */
  frames: TokenBucket;
  /** Packets of every other kind. */
  control: TokenBucket;
  faults: TokenBucket;
  repeats: TokenBucket;
  /** Frames that are stored by statements of their own. */
  commands: TokenBucket;
  /** Messages to it that set its clock or test it. */
  settings: TokenBucket;
}

/**
 * State of a terminal that is or was recently connected. It outlives a connection, so that a frame resent over a new
 * one is matched with its first copy.
 */
export class TerminalSession {
  readonly number: string;
  readonly upTopic: string;
  readonly downTopic: string;
  readonly bcd: Buffer;
  readonly buckets: SessionBuckets;
  utilityId = 0;
  terminalId = 0;
  /** Hash of the secret in the register. */
  secretHash: Buffer = Buffer.alloc(0);
  reportMinute = 0;
  reportWindowMinutes = 0;
  keys: readonly SessionKeys[] = [];
  meters: ReadonlyMap<string, readonly SessionMeter[]> = new Map();
  /** When the register was last read for this terminal. */
  loadedAtMs = 0;
  /** Committed counters. */
  window: ReplayWindow = EMPTY_WINDOW;
  /** Frames in a batch, by counter: accepted, not yet committed. */
  readonly pending = new Map<number, UplinkFrame>();
  /** Quarantined frames. */
  readonly refused = new RefusedFrames<UplinkFrame>();
  connection: Connection | undefined;
  lastUsedAtMs = 0;

  constructor(number: string, buckets: SessionBuckets) {
    this.number = number;
    this.upTopic = `t/${number}/up`;
    this.downTopic = `t/${number}/down`;
    this.bcd = terminalBcd(number);
    this.buckets = buckets;
  }

  /** Loads the present register entry. Counters of frames that are being stored stay pending. */
  load(terminal: ConnectTerminal, keys: readonly SessionKeys[], nowMs: number): void {
    const stored = windowFromMask(terminal.upHigh, terminal.upWindow);
    // Commits since the register was read are known only here. The same number may be another terminal now.
    const isSame = this.terminalId === terminal.terminalId;
    this.window = isSame ? mergeWindows(this.window, stored) : stored;
    this.utilityId = terminal.utilityId;
    this.terminalId = terminal.terminalId;
    this.secretHash = terminal.secretHash;
    this.reportMinute = terminal.reportMinute;
    this.reportWindowMinutes = terminal.reportWindowMinutes;
    this.keys = keys;
    this.meters = metersBySerial(terminal);
    this.loadedAtMs = nowMs;
  }

  /** Records the counter of a committed frame. */
  committed(frame: UplinkFrame): void {
    this.window = takeCounter(this.window, frame.counter);
    this.pending.delete(frame.counter);
  }

  keysOf(generation: number): SessionKeys | undefined {
    for (const keys of this.keys) if (keys.generation === generation) return keys;
    return undefined;
  }

  /** The meter with that serial, if the terminal reported for it on that day. */
  meterOn(serial: string, day: number): SessionMeter | undefined {
    const fitted = this.meters.get(serial);
    if (fitted === undefined) return undefined;
    for (const meter of fitted) if (day >= meter.firstDay && day <= meter.lastDay) return meter;
    return undefined;
  }
}

function metersBySerial(terminal: ConnectTerminal): Map<string, SessionMeter[]> {
  const meters = new Map<string, SessionMeter[]>();
  for (const { serial, meterId, dialL, fittedAt, removedAt } of terminal.meters) {
    const meter: SessionMeter = {
      meterId,
      dialL,
      firstDay: wireDay(dayOf(fittedAt)),
      // A meter removed exactly at midnight still has hour 24 of the day that ended.
      lastDay: removedAt === null ? Infinity : wireDay(dayOf(new Date(removedAt.getTime() - 1))),
    };
    meters.set(serial, [...(meters.get(serial) ?? []), meter]);
  }
  return meters;
}

/** A signed-in connection of a terminal. */
export class Connection {
  readonly client: Client;
  readonly session: TerminalSession;
  /** As it signed in. */
  readonly utilityId: number;
  readonly terminalId: number;
  /** Distinguishes this connection of the terminal from a later one, of any process. */
  readonly ownerGeneration: number;
  readonly openedAtMs: number;
  /** Hash of the secret with which the terminal signed in. */
  readonly secretHash: Buffer;
  readonly #onCut: (connection: Connection, reason: CutReason) => void;
  /** Frames received over this connection and not acknowledged. */
  unacknowledged = 0;
  /** True after SUBACK for its down topic. */
  subscribed = false;
  /** Key generation of the last proven frame. */
  generation: number | undefined;
  readonly publisher: DownPublisher;
  /** Terminal clock minus the server's by its last live frame, seconds; undefined after its clock was set. */
  clockOffsetS: number | undefined;
  /** Clock and window that were sent and not acknowledged. */
  settingSent: { reportMinute: number; windowMinutes: number; atMs: number } | undefined;
  /** True once the terminal acknowledged a setting over this connection. */
  settingAcknowledged = false;
  /** Tests that were sent. */
  readonly testsSent = new Set<number>();
  /** True once days were requested again over this connection. */
  daysRequested = false;
  lastActiveAtMs: number;
  #cut = false;

  constructor(
    client: Client,
    session: TerminalSession,
    { openedAtMs, ownerGeneration }: { openedAtMs: number; ownerGeneration: number },
    onCut: (connection: Connection, reason: CutReason) => void,
  ) {
    this.client = client;
    this.session = session;
    this.publisher = new DownPublisher(client.conn);
    this.utilityId = session.utilityId;
    this.terminalId = session.terminalId;
    this.ownerGeneration = ownerGeneration;
    this.openedAtMs = openedAtMs;
    this.secretHash = session.secretHash;
    this.#onCut = onCut;
    this.lastActiveAtMs = openedAtMs;
  }

  get closed(): boolean {
    return this.#cut || this.client.closed;
  }

  /** Closes the connection; unacknowledged frames are sent again by the terminal. */
  cut(reason: CutReason): void {
    if (this.closed) return;
    this.#cut = true;
    this.#onCut(this, reason);
    this.client.close();
  }
}

/** One frame of a terminal from PUBLISH to PUBACK. */
export class UplinkFrame {
  readonly session: TerminalSession;
  readonly connection: Connection;
  readonly bytes: Buffer;
  readonly receivedAtMs: number;
  /** The broker's callback: it sends the PUBACK. */
  readonly #done: () => void;
  /** From the header, once it is proven. */
  counter = 0;
  check = 0;
  /** Start of the frame's row in its batch; −1 without one. */
  rowStart = -1;
  /** True once the register was read again because of this frame. */
  reloaded = false;
  /** True once its counter was found fresh: frames that overtake it while it waits do not make it too old. */
  fresh = false;
  /** Copies of this frame received while it was pending; acknowledged or abandoned with it. */
  copies: UplinkFrame[] | undefined;

  constructor(connection: Connection, bytes: Buffer, receivedAtMs: number, done: () => void) {
    this.session = connection.session;
    this.connection = connection;
    this.bytes = bytes;
    this.receivedAtMs = receivedAtMs;
    this.#done = done;
  }

  /** Sends the PUBACK [TERM-8.4]; does nothing when the connection has ended. */
  acknowledge(): void {
    this.connection.unacknowledged -= 1;
    if (!this.connection.closed) this.#done();
    if (this.copies) for (const copy of this.copies) copy.acknowledge();
  }

  /** Leaves it unacknowledged: its connections are closed, and the terminal sends it again [TERM-8.7]. */
  abandon(reason: CutReason): void {
    this.connection.cut(reason);
    if (this.copies) for (const copy of this.copies) copy.abandon(reason);
  }
}
