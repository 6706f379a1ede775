// What a sidecar is started with, and how it does where nothing else is said.
import type pg from 'pg';
import type { KekProvider } from '../lib/keys/kek-provider.ts';
import type { LogBounds } from './bounded-log.ts';
import type { Log } from './log.ts';
import type { ListenOptions } from './mqtt/listener.ts';
import type { SessionRates } from './mqtt/session-registry.ts';
import type { UnsignedLimits } from './mqtt/unsigned-streams.ts';
import type { AskPolicy } from './schedule/ask-terminal.ts';
import type { LaneLimits } from './store/lane.ts';

export const SESSIONS = { sweepEveryMs: 60_000, refreshAfterMs: 180_000 };
/** Sockets beside those of connected terminals: silent ones, those that wait for the register, handshakes. */
export const SOCKETS_BESIDE = 4000;
/** A little below the sockets that there are, so that a new one pushes an old one out rather than being refused. */
export const UNSIGNED: UnsignedLimits = {
  maxSilent: 2000,
  maxUnsigned: SOCKETS_BESIDE - 100,
  signInMs: 10_000,
};
/** How often it is looked which terminals are to be tested, and which were retired. */
export const CALLED_EVERY_MS = 1000;
export const SCHEDULE = { everyMs: 60_000, lookBackEveryMs: 6 * 3_600_000 };

/** How much a terminal may send before its connection ends. Far above any: history of years goes through at full speed. */
export const INGEST_RATES: SessionRates = {
  frames: { burst: 10_000, perSecond: 5000 },
  control: { burst: 500, perSecond: 20 },
  faults: { burst: 60, perSecond: 1 },
  repeats: { burst: 500, perSecond: 20 },
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
    /** Sign-ins of one address that wait for the register; 0: no bound of its own, for a load balancer in front. */
    maxSignInsOfAddress?: number;
  };
  healthPort: number;
  rates?: Partial<SessionRates>;
  limits?: Partial<LaneLimits>;
  asking?: Partial<AskPolicy>;
  /** How often it is looked what should have arrived. */
  schedule?: { everyMs: number; lookBackEveryMs: number };
  /** How often sessions are looked through, and how old what is known of a connected terminal may become. */
  sessions?: { sweepEveryMs: number; refreshAfterMs: number };
  calledEveryMs?: number;
  unsigned?: Partial<UnsignedLimits>;
  /** How long stopping waits for commits, and then for what was written to be out. */
  drain?: { commitMs: number; lingerMs: number };
  /** Milliseconds since 1970; tests hand in their own. */
  now?: () => number;
}
