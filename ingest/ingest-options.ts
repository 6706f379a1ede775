// The options of a sidecar and their defaults.
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
/** Sockets beside those of connected terminals: silent ones, those that wait for the register, handshakes. */
export const SOCKETS_BESIDE = 4000;
/** A little below the sockets that there are, so that a new one ends an old one rather than being refused. */
export const UNSIGNED: UnsignedLimits = {
  maxSilent: 2000,
  maxUnsigned: SOCKETS_BESIDE - 100,
  signInMs: 10_000,
};
/** How often the sidecar looks for terminals to be tested and for retired ones. */
export const CALLED_EVERY_MS = 1000;
/** How often connected terminals are asked for the days that the worker noted as missing. */
export const SCHEDULE = { everyMs: 60_000 };
/** How long stopping waits for commits, and then for what was written to be out. */
export const DRAIN = { commitMs: 10_000, lingerMs: 1000 };

/** Lines of the log. The number of a terminal is its source. */
export const LOG_BOUNDS: LogBounds = { linesOfKind: 20, linesOfSource: 5, intervalMs: 60_000 };
export const LOG_PARTS: LineParts = {
  reasonOf: ({ reason }) => reason,
  sourceOf: ({ terminal }) => terminal,
};

/** How much a terminal may send before its connection ends. Far above any: history of years goes through at full speed. */
export const INGEST_RATES: SessionRates = {
  frames: { burst: 10_000, perSecond: 5000 },
  control: { burst: 500, perSecond: 20 },
  faults: { burst: 60, perSecond: 1 },
  repeats: { burst: 500, perSecond: 20 },
  commands: { burst: 500, perSecond: 20 },
  settings: { burst: 5, perSecond: 1 / 20 },
};

export interface IngestOptions {
  /** As kenshin_ingest; at least ten connections. Each lane opens one of its own beside it, with the same settings. */
  pool: pg.Pool;
  keks: KekProvider;
  log: Log;
  /** How many lines of one kind the log takes. */
  logBounds?: LogBounds;
  mqtt: Pick<ListenOptions, 'host' | 'port' | 'tls'> & {
    maxConnections: number;
    /** Sign-ins of one address that wait for the register; 0: no bound of its own, for a load balancer that hides the addresses. */
    maxSignInsOfAddress?: number;
  };
  healthPort: number;
  rates?: Partial<SessionRates>;
  limits?: Partial<LaneLimits & CommandLimits>;
  asking?: Partial<AskPolicy>;
  /** How often the sidecar looks which connected terminals are to be asked for days. */
  schedule?: { everyMs: number };
  /** How often sessions are checked, and how old the copy of a connected terminal's register entry may become. */
  sessions?: { sweepEveryMs: number; refreshAfterMs: number };
  calledEveryMs?: number;
  owners?: Partial<OwnerChannelLimits>;
  unsigned?: Partial<UnsignedLimits>;
  drain?: { commitMs: number; lingerMs: number };
  /** Runs jobs in the same process; it is started and stopped with the sidecar, and shown by its health and metrics. */
  worker?: JobWorker | undefined;
  /** Milliseconds since 1970; tests hand in their own. */
  now?: () => number;
}
