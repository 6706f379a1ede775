// The way of a frame from the broker to its PUBACK: a lane judges it and stores day reports and statuses in batches; what does
// not belong into a batch goes to the single frames, and what a handler answers with a command to the command writer.
import { certain } from '../lib/certain.ts';
import { listDayVersions } from '../lib/readings/day-version-queries.ts';
import { quarantineFrame } from '../lib/readings/quarantine-commands.ts';
import { takeUplinkFrames } from '../lib/terminals/taken-frame-commands.ts';
import { onUplink } from './handlers/on-uplink.ts';
import { SingleFrames } from './handlers/single-frames.ts';
import type { IngestDatabase } from './ingest-database.ts';
import type { Log } from './log.ts';
import type { IngestMetrics } from './metrics.ts';
import type { SessionRegistry } from './session/session-registry.ts';
import type { Connection, UplinkFrame } from './session/terminal-session.ts';
import { COMMAND_LIMITS, type CommandLimits, CommandWriter } from './store/command-writer.ts';
import { LANE_LIMITS, Lane, type LaneLimits } from './store/lane.ts';

const LANES = 2;

export interface UplinkPathOptions {
  database: IngestDatabase;
  registry: SessionRegistry;
  metrics: IngestMetrics;
  log: Log;
  now: () => number;
  limits: Partial<LaneLimits & CommandLimits> | undefined;
  /** A frame of the connection was acknowledged after its commit. */
  onAcknowledged: (connection: Connection) => void;
}

export class UplinkPath {
  readonly #options: UplinkPathOptions;
  readonly #lanes: Lane[];
  readonly #commands: CommandWriter;
  readonly #single: SingleFrames;

  constructor(options: UplinkPathOptions) {
    this.#options = options;
    this.#commands = this.#commandWriter();
    this.#single = this.#singleFrames();
    this.#lanes = Array.from({ length: LANES }, () => this.#lane());
  }

  /** True while frames are taken: every lane is connected to the database. */
  get ready(): boolean {
    return this.#lanes.every((lane) => lane.ready);
  }

  /** Frames accepted and not acknowledged. */
  get queued(): number {
    const single = this.#single.queued + this.#commands.queued;
    return this.#lanes.reduce((sum, lane) => sum + lane.queued, single);
  }

  /** Age of the oldest frame that waits, milliseconds. */
  get lagMs(): number {
    const nowMs = this.#options.now();
    const writers = [this.#commands, ...this.#lanes];
    const oldest = writers.map(({ oldestAtMs }) => oldestAtMs ?? Number.POSITIVE_INFINITY);
    return Math.max(0, nowMs - Math.min(nowMs, ...oldest));
  }

  /** Connects; settles after the first attempt, whichever way it went. */
  async start(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.start()));
  }

  /** A terminal always belongs to the same lane. */
  accept(frame: UplinkFrame): void {
    const lane = this.#lanes[frame.session.terminalId % LANES];
    certain(lane, 'the lane of a terminal').accept(frame);
  }

  /** Settles when no frame waits or is being stored any more. */
  async idle(): Promise<void> {
    await this.#single.idle();
    await Promise.all([this.#commands.idle(), ...this.#lanes.map((lane) => lane.idle())]);
    // What the database would not store has gone to quarantine meanwhile.
    await this.#single.idle();
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }

  #lane(): Lane {
    const { database, limits } = this.#options;
    return new Lane({
      ...this.#options,
      open: database.open,
      take: (frame, batch) => onUplink(frame, batch, this.#single),
      refuse: (frame) => this.#single.quarantine(frame, 'not_storable', null),
      onCommitted: (frames) => this.#onCommitted(frames),
      limits: { ...LANE_LIMITS, ...limits },
    });
  }

  #commandWriter(): CommandWriter {
    const { database, limits } = this.#options;
    return new CommandWriter({
      ...this.#options,
      transact: database.transact,
      take: takeUplinkFrames,
      refuse: (frame, reason) => this.#single.quarantine(frame, reason, null),
      onCommitted: (frames) => this.#onCommitted(frames),
      limits: { ...COMMAND_LIMITS, ...limits },
    });
  }

  #singleFrames(): SingleFrames {
    const { database } = this.#options;
    return new SingleFrames({
      ...this.#options,
      quarantine: (frame) => quarantineFrame(database.pool, frame),
      listVersions: (report) =>
        database.read(report.utilityId, (tx) => listDayVersions(tx, report.meterId, report.day)),
      commands: this.#commands,
      judgeAgain: (frame) => this.accept(frame),
    });
  }

  #onCommitted(frames: readonly UplinkFrame[]): void {
    const { onAcknowledged } = this.#options;
    for (const frame of frames) {
      frame.session.committed(frame);
      frame.acknowledge();
      onAcknowledged(frame.connection);
    }
  }
}
