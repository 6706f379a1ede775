// Connection attempts of unregistered terminals are recorded in quarantine, for the installer who mistyped a number.
// Recorded rarely, because any client can make up numbers.
import type { RefusedFrame } from '../../lib/readings/quarantine-commands.ts';
import { TokenBucket } from '../../lib/token-bucket.ts';
import type { Log } from '../log.ts';
import type { IngestMetrics } from '../metrics.ts';

const AGAIN_AFTER_MS = 3_600_000;
const MAX_REMEMBERED = 10_000;
const RATE = { burst: 20, perSecond: 1 };

export interface UnknownTerminalsOptions {
  now: () => number;
  log: Log;
  note: (frame: RefusedFrame) => Promise<unknown>;
  metrics: Pick<IngestMetrics, 'quarantined'>;
}

export class UnknownTerminals {
  readonly #options: UnknownTerminalsOptions;
  readonly #bucket: TokenBucket;
  /** When each number was last recorded, oldest first. */
  readonly #notedAtMs = new Map<string, number>();

  constructor(options: UnknownTerminalsOptions) {
    this.#options = options;
    this.#bucket = new TokenBucket(RATE, options.now());
  }

  /** Records the attempt, at most once an hour for a number; without bytes, because no frame was received. */
  note(terminalNumber: string): void {
    const { now, note, log, metrics } = this.#options;
    const nowMs = now();
    const notedAtMs = this.#notedAtMs.get(terminalNumber);
    if (notedAtMs !== undefined && nowMs - notedAtMs < AGAIN_AFTER_MS) return;
    if (!this.#bucket.take(nowMs)) return;
    this.#remember(terminalNumber, nowMs);
    const frame: RefusedFrame = {
      terminalNumber,
      topic: `t/${terminalNumber}/up`,
      reason: 'unknown_terminal',
      offset: null,
      bytes: new Uint8Array(0),
      receivedAt: new Date(nowMs),
      isAuthentic: false,
      isFresh: false,
      meterSerial: null,
      day: null,
    };
    note(frame).then(
      () => metrics.quarantined(frame.reason),
      (error: unknown) =>
        log.warn({ err: error, terminal: terminalNumber }, 'an unknown terminal was not noted'),
    );
  }

  #remember(terminalNumber: string, nowMs: number): void {
    this.#notedAtMs.delete(terminalNumber);
    this.#notedAtMs.set(terminalNumber, nowMs);
    if (this.#notedAtMs.size <= MAX_REMEMBERED) return;
    const oldest = this.#notedAtMs.keys().next();
    if (!oldest.done) this.#notedAtMs.delete(oldest.value);
  }
}
