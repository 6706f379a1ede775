// Options of a sidecar and their defaults.
import type pg from 'pg';
import type { LineParts, LogBounds } from '../lib/bounded-log.ts';
import type { KekProvider } from '../lib/keys/kek-provider.ts';
import type { Log } from './log.ts';
import type { ListenOptions } from './mqtt/listener.ts';
import type { UnsignedLimits } from './mqtt/unsigned-streams.ts';
import type { AskPolicy } from './schedule/ask-terminal.ts';
import type { OwnerChannelLimits } from './session/owner-channel.ts';
import type { SessionRates } from './session/session-registry.ts';
import type { JobWorker } from './start-worker.ts';
import type { CommandLimits } from './store/command-writer.ts';
import type { LaneLimits } from './store/lane.ts';

export const SESSIONS = { sweepEveryMs: 60_000, refreshAfterMs: 180_000 };
/** Sockets besides those of connected terminals: silent ones, sign-ins that wait for the register, handshakes. */
export const SOCKETS_BESIDE = 4000;
/** Slightly fewer than the available sockets, so that a new connection closes an old one rather than being refused. */
export const UNSIGNED: UnsignedLimits = {
  maxSilent: 2000,
  maxUnsigned: SOCKETS_BESIDE - 100,
  signInMs: 10_000,
};
/** Interval of the check for terminals with tests and for retired ones. */
export const CALLED_EVERY_MS = 1000;
/** Interval at which connected terminals are asked for the days that the worker recorded as missing. */
export const SCHEDULE = { everyMs: 60_000 };
/** Time limits of stopping: for commits, and for sending what was written. */
export const DRAIN = { commitMs: 10_000, flushMs: 1000 };

/** Bounds of the log's lines. The source of a line is its terminal's number. */
export const LOG_BOUNDS: LogBounds = { linesOfKind: 20, linesOfSource: 5, intervalMs: 60_000 };
export const LOG_PARTS: LineParts = {
  reasonOf: ({ reason }) => reason,
  sourceOf: ({ terminal }) => terminal,
};

/**
 * Maximum rates of a terminal before its connection is closed. Above any real one: years of history go through at full
 * speed.
 */
export const INGEST_RATES: SessionRates = {
  frames: { burst: 10_000, perSecond: 5000 },
  control: { burst: 500, perSecond: 20 },
  faults: { burst: 60, perSecond: 1 },
  repeats: { burst: 500, perSecond: 20 },
  commands: { burst: 500, perSecond: 20 },
  settings: { burst: 5, perSecond: 1 / 20 },
};

export interface IngestOptions {
  /** Pool of kenshin_ingest with at least ten connections. Each lane opens one more with the same settings. */
  pool: pg.Pool;
  keks: KekProvider;
  log: Log;
  /** Bounds of the log's lines of one kind. */
  logBounds?: LogBounds;
  mqtt: Pick<ListenOptions, 'host' | 'port' | 'tls'> & {
    maxConnections: number;
    /**
     * Sign-ins of one address that may wait for the register; 0: no limit, for a load balancer that hides the
     * addresses.
     */
    maxSignInsOfAddress?: number;
  };
  healthPort: number;
  rates?: Partial<SessionRates>;
  limits?: Partial<LaneLimits & CommandLimits>;
  asking?: Partial<AskPolicy>;
  /** Interval of the check which connected terminals are to be asked for days. */
  schedule?: { everyMs: number };
  /** Interval of the sessions' check, and maximum age of a connected terminal's register copy. */
  sessions?: { sweepEveryMs: number; refreshAfterMs: number };
  calledEveryMs?: number;
  owners?: Partial<OwnerChannelLimits>;
  unsigned?: Partial<UnsignedLimits>;
  drain?: { commitMs: number; flushMs: number };
  /** Runs jobs in the same process; it is started and stopped with the sidecar, and shown by its health and metrics. */
  worker?: JobWorker | undefined;
  /** Clock, milliseconds since 1970; tests pass their own. */
  now?: () => number;
}
