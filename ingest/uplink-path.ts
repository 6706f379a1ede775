// The way of a frame from the broker to its PUBACK: a lane has it judged and stores day reports and statuses in
// batches; what a handler answers with a command goes to the command writer, and what is not stored to the single
// frames.
import { certain } from '../lib/certain.ts';
import { listDayVersions } from '../lib/readings/day-version-queries.ts';
import { quarantineFrame } from '../lib/readings/quarantine-commands.ts';
import { takeUplinkFrames } from '../lib/terminals/taken-frame-commands.ts';
import type { FrameTaker, TerminalCaller } from './frame-hops.ts';
import { UplinkHandler } from './handlers/on-uplink.ts';
import { SingleFrames } from './handlers/single-frames.ts';
import type { IngestDatabase } from './ingest-database.ts';
import type { Log } from './log.ts';
import type { IngestMetrics } from './metrics.ts';
import { Acknowledger } from './session/acknowledger.ts';
import type { SessionRegistry } from './session/session-registry.ts';
import type { UplinkFrame } from './session/terminal-session.ts';
import { COMMAND_LIMITS, type CommandLimits, CommandWriter } from './store/command-writer.ts';
import { LANE_LIMITS, Lane, type LaneLimits } from './store/lane.ts';

const LANES = 2;

export interface UplinkPathOptions {
  database: IngestDatabase;
  registry: SessionRegistry;
  downlink: Pick<TerminalCaller, 'callUp'>;
  metrics: IngestMetrics;
  log: Log;
  now: () => number;
  limits: Partial<LaneLimits & CommandLimits> | undefined;
}

export class UplinkPath implements FrameTaker {
  readonly #now: () => number;
  readonly #lanes: readonly Lane[];
  readonly #commands: CommandWriter;
  readonly #single: SingleFrames;

  constructor({ database, registry, downlink, metrics, log, now, limits }: UplinkPathOptions) {
    this.#now = now;
    const shared = { metrics, log, now, acknowledger: new Acknowledger(downlink) };
    this.#single = new SingleFrames({
      ...{ ...shared, registry, uplink: this },
      quarantine: (frame) => quarantineFrame(database.pool, frame),
      listVersions: (report) =>
        database.read(report.utilityId, (tx) => listDayVersions(tx, report.meterId, report.day)),
    });
    this.#commands = new CommandWriter({
      ...{ ...shared, quarantine: this.#single, limits: { ...COMMAND_LIMITS, ...limits } },
      ...{ transact: database.transact, take: takeUplinkFrames },
    });
    const lane = {
      ...{ ...shared, quarantine: this.#single, limits: { ...LANE_LIMITS, ...limits } },
      ...{ open: database.open, handler: new UplinkHandler(this.#single, this.#commands) },
    };
    this.#lanes = Array.from({ length: LANES }, () => new Lane(lane));
  }

  /** True while every lane is connected to the database. */
  get ready(): boolean {
    return this.#lanes.every((lane) => lane.ready);
  }

  /** Frames accepted and not acknowledged. */
  get queued(): number {
    const single = this.#single.queued + this.#commands.queued;
    return this.#lanes.reduce((sum, lane) => sum + lane.queued, single);
  }

  /** Age of the oldest waiting frame, milliseconds. */
  get lagMs(): number {
    const nowMs = this.#now();
    const writers = [this.#commands, ...this.#lanes];
    const oldest = writers.map(({ oldestAtMs }) => oldestAtMs ?? Number.POSITIVE_INFINITY);
    return Math.max(0, nowMs - Math.min(nowMs, ...oldest));
  }

  /** Connects; resolves after the first attempt, successful or not. */
  async start(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.start()));
  }

  /** Passes a frame on; a terminal always belongs to the same lane. */
  accept(frame: UplinkFrame): void {
    const lane = this.#lanes[frame.session.terminalId % LANES];
    certain(lane, 'the lane of a terminal').accept(frame);
  }

  /** Resolves when no frame waits or is being stored. */
  async idle(): Promise<void> {
    await this.#single.idle();
    await Promise.all([this.#commands.idle(), ...this.#lanes.map((lane) => lane.idle())]);
    // Frames that the database refused have gone to quarantine meanwhile.
    await this.#single.idle();
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}
