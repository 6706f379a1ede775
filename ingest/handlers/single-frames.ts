// Frames that are not stored in a batch: a refused one is quarantined, a repeated one acknowledged again, and for an
// unknown meter the register is read. Each frame is acknowledged after its own commit or look-up.

import { Limiter } from '../../lib/limiter.ts';
import type { DayVersion } from '../../lib/readings/day-version-queries.ts';
import type { RefusedFrame } from '../../lib/readings/quarantine-commands.ts';
import { isRedelivery, type RepeatedReport } from '../../lib/readings/redelivery.ts';
import type { FrameTaker } from '../frame-hops.ts';
import type { Log } from '../log.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { SessionRegistry } from '../session/session-registry.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import { refusedFacts } from './refused-facts.ts';
import { mayRepeat, type UplinkOutcomes } from './uplink-outcomes.ts';

const DATABASE_CALLS_AT_ONCE = 2;

export interface SingleFrameOptions {
  registry: SessionRegistry;
  metrics: IngestMetrics;
  log: Log;
  now: () => number;
  quarantine: (frame: RefusedFrame) => Promise<unknown>;
  listVersions: (report: RepeatedReport) => Promise<DayVersion[]>;
  /** Processes a frame again from the beginning. */
  uplink: Pick<FrameTaker, 'accept'>;
}

export class SingleFrames implements UplinkOutcomes {
  readonly #options: SingleFrameOptions;
  readonly #limiter = new Limiter(DATABASE_CALLS_AT_ONCE);
  readonly #running = new Set<Promise<void>>();

  constructor(options: SingleFrameOptions) {
    this.#options = options;
  }

  get metrics(): IngestMetrics {
    return this.#options.metrics;
  }

  get now(): () => number {
    return this.#options.now;
  }

  /** Frames that wait here or are being processed. */
  get queued(): number {
    return this.#running.size;
  }

  /** Stores the same bytes only once, for as long as the session exists. */
  quarantine(frame: UplinkFrame, reason: string, offset: number | null): void {
    const { refused } = frame.session;
    const earlier = refused.get(frame.bytes);
    if (earlier === 'kept') {
      this.acknowledgeRepeat(frame);
      return;
    }
    if (earlier !== undefined) {
      earlier.copies ??= [];
      earlier.copies.push(frame);
      return;
    }
    if (!frame.session.buckets.faults.take(this.#options.now())) {
      frame.abandon('too_many_faults');
      return;
    }
    const { number, upTopic } = frame.session;
    const { bytes } = frame;
    refused.begin(frame);
    const keep = async () => {
      await this.#options.quarantine({
        terminalNumber: number,
        topic: upTopic,
        reason,
        offset,
        bytes,
        receivedAt: new Date(frame.receivedAtMs),
        ...refusedFacts(frame),
      });
      this.metrics.quarantined(reason);
      this.#options.log.warn({ terminal: number, reason, offset }, 'frame quarantined');
      refused.kept(frame);
      frame.acknowledge();
    };
    this.#run(frame, () =>
      keep().catch((error: unknown) => {
        refused.forget(frame);
        throw error;
      }),
    );
  }

  acknowledgeRepeat(frame: UplinkFrame): void {
    if (!mayRepeat(frame, this.now())) return;
    this.metrics.repeated += 1;
    frame.acknowledge();
  }

  judgeRepeat(frame: UplinkFrame, report: RepeatedReport): void {
    if (!mayRepeat(frame, this.now())) return;
    this.#run(frame, async () => {
      const versions = await this.#options.listVersions(report);
      if (!isRedelivery(report, versions)) return this.quarantine(frame, 'replay', null);
      this.metrics.repeated += 1;
      frame.acknowledge();
    });
  }

  reload(frame: UplinkFrame): void {
    frame.reloaded = true;
    this.#run(frame, async () => {
      const { number } = frame.session;
      const session = await this.#options.registry.refresh(number);
      // Retired while connected: from now on the terminal counts as unregistered.
      if (session === undefined) return this.quarantine(frame, 'unknown_terminal', null);
      this.#options.uplink.accept(frame);
    });
  }

  /** Resolves when no frame waits here or is being processed. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Runs database work; when it fails the frame stays unacknowledged and its connection is closed. */
  #run(frame: UplinkFrame, task: () => Promise<void>): void {
    const running = this.#limiter.run(task).catch((error: unknown) => {
      const terminal = frame.session.number;
      this.#options.log.error({ err: error, terminal }, 'a frame could not be settled');
      frame.abandon('database_away');
    });
    this.#track(running);
  }

  #track(running: Promise<void>): void {
    const done = running.finally(() => this.#running.delete(done));
    this.#running.add(done);
  }
}
