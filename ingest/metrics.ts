// Metrics of the sidecar. Counts of the hot path are plain numbers, converted to Prometheus text on request.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  DOWNLINK_NAMES,
  type DownlinkName,
  UPLINK_NAMES,
  type UplinkName,
} from './protocol/message.ts';

/** Why a CONNECT was refused. */
export type RefusalReason =
  | 'identity_mismatch'
  | 'unknown_terminal'
  | 'wrong_secret'
  | 'will'
  | 'persistent_session'
  | 'no_keep_alive'
  | 'keep_alive_too_long'
  | 'wrong_protocol'
  | 'key_unavailable'
  | 'database_away'
  | 'too_many_connections'
  | 'busy'
  | 'draining';

/** Why a connection was closed by the sidecar. */
export type CutReason =
  | 'foreign_topic'
  | 'wrong_qos'
  | 'retained'
  | 'oversize'
  | 'malformed'
  | 'wrong_subscription'
  | 'too_frequent'
  | 'too_many_unacknowledged'
  | 'too_many_faults'
  | 'too_many_repeats'
  | 'overloaded'
  | 'database_away'
  | 'unanswered'
  | 'retired'
  | 'another_secret'
  | 'taken_over'
  | 'sign_in_timeout'
  | 'too_many_silent'
  | 'too_many_unsigned';

/** Buckets of commit durations. */
const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5];
const FRAME_TYPES = [...UPLINK_NAMES, 'other'] as const;

/** Broker (ingest/mqtt/broker.ts). */
interface ShownConnections {
  readonly connections: ReadonlyMap<unknown, unknown>;
}

/** UplinkPath (ingest/uplink-path.ts). */
interface ShownQueue {
  readonly queued: number;
  readonly lagMs: number;
}

/** Counts and state of a sidecar: one registry per running sidecar. */
export class IngestMetrics {
  readonly registry = new Registry();
  // fromEntries loses the type of the keys: every message of a terminal, and `other`.
  readonly framesIn = Object.fromEntries(FRAME_TYPES.map((type) => [type, 0])) as Record<
    UplinkName | 'other',
    number
  >;
  readonly reports = { stored: 0, completed: 0, corrected: 0, unchanged: 0 };
  /** Frames of every type that were acknowledged after their commit. */
  committed = 0;
  /** Frames that were stored before: copies and redeliveries. */
  repeated = 0;
  /** Hours of accepted day reports stored as reading faults: values beyond the dial. */
  hoursBeyondDial = 0;
  readonly batchFrames: Histogram;
  readonly commitSeconds: Histogram;
  readonly commandSeconds: Histogram;
  readonly #quarantined: Counter<'reason'>;
  readonly #refused: Counter<'reason'>;
  readonly #cut: Counter<'reason'>;
  readonly #downlink: Counter<'type'>;

  constructor() {
    this.#counterOf('kenshin_frames_received_total', 'Frames proven, by type.', 'type', () =>
      Object.entries(this.framesIn),
    );
    this.#counterOf(
      'kenshin_day_reports_total',
      'Day reports committed, by outcome.',
      'outcome',
      () => Object.entries(this.reports),
    );
    this.#counterOf('kenshin_frames_acknowledged_total', 'Frames acknowledged.', 'how', () => [
      ['committed', this.committed],
      ['repeated', this.repeated],
    ]);
    this.#counterOf(
      'kenshin_reading_faults_total',
      'Hourly values kept as received and used by nothing, by fault.',
      'fault',
      () => [['index_beyond_dial', this.hoursBeyondDial]],
    );
    this.batchFrames = this.#histogramOf('kenshin_batch_frames', 'Frames in a committed batch.', [
      ...[1, 5, 20, 50, 100, 200, 500, 1000, 2000],
    ]);
    this.commitSeconds = this.#histogramOf('kenshin_commit_seconds', 'Time of a commit.', SECONDS);
    this.commandSeconds = this.#histogramOf(
      'kenshin_command_seconds',
      'Time of a transaction of frames outside the batches, commit included.',
      SECONDS,
    );
    this.#quarantined = this.#totalOf(
      'kenshin_frames_quarantined_total',
      'Frames put into quarantine, by reason.',
      'reason',
    );
    this.#refused = this.#totalOf(
      'kenshin_connections_refused_total',
      'CONNECTs refused, by reason.',
      'reason',
    );
    this.#cut = this.#totalOf(
      'kenshin_connections_cut_total',
      'Connections ended by this side, by reason.',
      'reason',
    );
    this.#downlink = this.#totalOf(
      'kenshin_frames_sent_total',
      'Frames sent to terminals, by type.',
      'type',
    );
    for (const type of DOWNLINK_NAMES) this.#downlink.inc({ type }, 0);
  }

  /** Shows how many terminals are connected and how many frames wait, as these tell when they are asked. */
  showGauges({ broker, uplink }: { broker: ShownConnections; uplink: ShownQueue }): void {
    this.#gaugeOf('kenshin_connections', 'Terminals connected.', () => broker.connections.size);
    this.#gaugeOf(
      'kenshin_frames_queued',
      'Frames accepted and not committed.',
      () => uplink.queued,
    );
    this.#gaugeOf(
      'kenshin_queue_lag_seconds',
      'Age of the oldest frame that waits.',
      () => uplink.lagMs / 1000,
    );
  }

  quarantined(reason: string): void {
    this.#quarantined.inc({ reason });
  }

  refused(reason: RefusalReason): void {
    this.#refused.inc({ reason });
  }

  cut(reason: CutReason): void {
    this.#cut.inc({ reason });
  }

  sent(type: DownlinkName): void {
    this.#downlink.inc({ type });
  }

  #histogramOf(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }

  #totalOf<Label extends string>(name: string, help: string, label: Label): Counter<Label> {
    return new Counter({ name, help, labelNames: [label], registers: [this.registry] });
  }

  #counterOf(name: string, help: string, label: string, read: () => [string, number][]): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [value, count] of read()) this.inc({ [label]: value }, count);
      },
    });
  }

  #gaugeOf(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
