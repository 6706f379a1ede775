// Counts of the hot path are plain numbers; they become Prometheus text when somebody asks.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

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

/** Why a connection was ended by this side. */
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
  | 'retired'
  | 'another_secret'
  | 'sign_in_timeout'
  | 'too_many_silent'
  | 'too_many_unsigned';

export type FrameType = 'day_report' | 'status' | 'test_call' | 'other';

/** What the sidecar counts and how it looks from outside: one registry per running sidecar. */
export class IngestMetrics {
  readonly registry = new Registry();
  readonly framesIn: Record<FrameType, number> = {
    day_report: 0,
    status: 0,
    test_call: 0,
    other: 0,
  };
  readonly reports = { stored: 0, completed: 0, corrected: 0, unchanged: 0 };
  /** Frames whose commit was acknowledged, of every type. */
  committed = 0;
  /** Frames that were held already: copies and redeliveries. */
  repeated = 0;
  /** Hours of accepted day reports that were kept apart: values beyond the dial. */
  hoursBeyondDial = 0;
  readonly batchFrames: Histogram;
  readonly commitSeconds: Histogram;
  readonly #quarantined: Counter<'reason'>;
  readonly #refused: Counter<'reason'>;
  readonly #cut: Counter<'reason'>;
  readonly #downlink: Counter<'type'>;

  constructor(state: { connections: () => number; queued: () => number; lagMs: () => number }) {
    const registers = [this.registry];
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
    this.#gaugeOf('kenshin_connections', 'Terminals connected.', state.connections);
    this.#gaugeOf('kenshin_frames_queued', 'Frames accepted and not committed.', state.queued);
    this.#gaugeOf(
      'kenshin_queue_lag_seconds',
      'Age of the oldest frame that waits.',
      () => state.lagMs() / 1000,
    );
    this.batchFrames = new Histogram({
      name: 'kenshin_batch_frames',
      help: 'Frames in a committed batch.',
      buckets: [1, 5, 20, 50, 100, 200, 500, 1000, 2000],
      registers,
    });
    this.commitSeconds = new Histogram({
      name: 'kenshin_commit_seconds',
      help: 'Time of a commit.',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
      registers,
    });
    const counter = <L extends string>(name: string, help: string, label: L) =>
      new Counter({ name: `kenshin_${name}_total`, help, labelNames: [label], registers });
    const quarantined = 'Frames put into quarantine, by reason.';
    this.#quarantined = counter('frames_quarantined', quarantined, 'reason');
    this.#refused = counter('connections_refused', 'CONNECTs refused, by reason.', 'reason');
    this.#cut = counter('connections_cut', 'Connections ended by this side, by reason.', 'reason');
    this.#downlink = counter('frames_sent', 'Frames sent to terminals, by type.', 'type');
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

  sent(type: string): void {
    this.#downlink.inc({ type });
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
