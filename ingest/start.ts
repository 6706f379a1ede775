// Puts the sidecar together: broker, lanes, exceptional frames, schedule, health. Opens nothing but sockets; the pool is
// handed in.

import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { createDatabase, openConnection, readAs, transactAs } from '../db/client.ts';
import type { KekProvider } from '../lib/keys/kek-provider.ts';
import { listTerminalsToAsk, listUtilitiesToPoll } from '../lib/polling/queries.ts';
import { listDayVersions } from '../lib/readings/day-version-queries.ts';
import { noteTerminalContact, quarantineFrame } from '../lib/readings/quarantine-commands.ts';
import { findTerminalForConnect } from '../lib/terminals/connect-queries.ts';
import { ExceptionalFrames } from './handlers/exceptional-frames.ts';
import { onUplink } from './handlers/on-uplink.ts';
import { serveHealth } from './health.ts';
import type { Log } from './log.ts';
import { IngestMetrics, type RefusalReason } from './metrics.ts';
import { Broker } from './mqtt/broker.ts';
import { type Listener, type ListenOptions, listen } from './mqtt/listener.ts';
import { SessionRefresh } from './mqtt/session-refresh.ts';
import { type SessionRates, SessionRegistry } from './mqtt/session-registry.ts';
import type { Connection, UplinkFrame } from './mqtt/terminal.ts';
import { UnknownTerminals } from './mqtt/unknown-terminals.ts';
import type { UnsignedLimits } from './mqtt/unsigned-streams.ts';
import { ASK_POLICY, type AskPolicy, TerminalAsker } from './schedule/ask-terminal.ts';
import { PollSchedule } from './schedule/poll-schedule.ts';
import { planUtility, pollStore, type Transact } from './schedule/poll-store.ts';
import { LANE_LIMITS, Lane, type LaneLimits } from './store/lane.ts';
import { settledWithin } from './within.ts';

const LANES = 2;
const SESSIONS = { sweepEveryMs: 60_000, refreshAfterMs: 180_000 };
const UNSIGNED: UnsignedLimits = { maxSilent: 2000, signInMs: 10_000 };
/** Sockets beside those of connected terminals: silent ones, those that wait for the register, handshakes. */
const SOCKETS_BESIDE = 4000;
const SCHEDULE = { everyMs: 60_000, lookBackEveryMs: 6 * 3_600_000 };
const DRAIN = { commitMs: 10_000, lingerMs: 1000 };

/** How much a terminal may send before its connection ends. Far above any: history of years goes through at full speed. */
const INGEST_RATES: SessionRates = {
  frames: { burst: 10_000, perSecond: 5000 },
  control: { burst: 500, perSecond: 20 },
  faults: { burst: 60, perSecond: 1 },
  repeats: { burst: 500, perSecond: 20 },
};

export interface IngestOptions {
  /** As the application role; at least ten connections. Each lane opens one of its own beside it, with the same settings. */
  pool: pg.Pool;
  keks: KekProvider;
  log: Log;
  mqtt: Pick<ListenOptions, 'host' | 'port' | 'tls'> & { maxConnections: number };
  healthPort: number;
  rates?: Partial<SessionRates>;
  limits?: Partial<LaneLimits>;
  asking?: Partial<AskPolicy>;
  /** How often it is looked what should have arrived. */
  schedule?: { everyMs: number; lookBackEveryMs: number };
  /** How often sessions are looked through, and how old what is known of a connected terminal may become. */
  sessions?: { sweepEveryMs: number; refreshAfterMs: number };
  unsigned?: Partial<UnsignedLimits>;
  /** How long stopping waits for commits, and then for what was written to be out. */
  drain?: { commitMs: number; lingerMs: number };
  /** Milliseconds since 1970; tests hand in their own. */
  now?: () => number;
}

/** A running sidecar. */
export interface Ingest {
  mqttPort: number;
  healthPort: number;
  metrics: IngestMetrics;
  /** Takes nothing new, commits and acknowledges what is in, ends every connection. The pool stays open. */
  stop(): Promise<void>;
}

class Sidecar {
  readonly #options: IngestOptions;
  readonly #now: () => number;
  readonly #lanes: Lane[];
  readonly #registry: SessionRegistry;
  readonly #refresh: SessionRefresh;
  readonly #exceptional: ExceptionalFrames;
  readonly #broker: Broker;
  readonly #asker: TerminalAsker;
  readonly #schedule: PollSchedule;
  readonly #db: ReturnType<typeof createDatabase>;
  readonly metrics: IngestMetrics;
  #draining = false;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { pool, log } = options;
    this.#db = createDatabase(pool);
    const now = this.#now;
    this.metrics = new IngestMetrics({
      connections: () => this.#broker.connections.size,
      queued: () => this.#queued(),
      lagMs: () => this.#lagMs(),
    });
    const { metrics } = this;
    this.#registry = new SessionRegistry({
      find: (number) => findTerminalForConnect(pool, number),
      keks: options.keks,
      log,
      now,
      rates: { ...INGEST_RATES, ...options.rates },
    });
    const { refreshAfterMs } = options.sessions ?? SESSIONS;
    this.#refresh = new SessionRefresh({ registry: this.#registry, log, now, refreshAfterMs });
    this.#exceptional = this.#exceptionalFrames();
    this.#lanes = Array.from({ length: LANES }, () => this.#lane());
    const unknown = new UnknownTerminals({
      now,
      log,
      note: (frame) => quarantineFrame(pool, frame),
      onNoted: () => metrics.quarantined('unknown_terminal'),
    });
    this.#broker = new Broker({
      registry: this.#registry,
      metrics,
      log,
      now,
      unsigned: { ...UNSIGNED, ...options.unsigned },
      closedBecause: () => this.#closedBecause(),
      onUnknownTerminal: (number) => unknown.note(number),
      onFrame: (frame) => this.#accept(frame),
      onSubscribed: (connection) => this.#asker.consider(connection),
    });
    const transact: Transact = (utilityId, fn) => transactAs(this.#db, utilityId, fn);
    const polling = { log, now, metrics, policy: { ...ASK_POLICY, ...options.asking } };
    this.#asker = new TerminalAsker({ ...polling, store: pollStore(transact) });
    this.#schedule = new PollSchedule({
      ...polling,
      listUtilities: () => listUtilitiesToPoll(pool),
      plan: (utilityId, windowEnded) => planUtility(transact, utilityId, windowEnded),
      askConnected: (utilityId) => this.#askConnected(utilityId),
      ...(options.schedule ?? SCHEDULE),
    });
  }

  async start(): Promise<Ingest> {
    const { mqtt, healthPort } = this.#options;
    await Promise.all([this.#broker.listen(), ...this.#lanes.map((lane) => lane.start())]);
    const listener = await listen({
      ...mqtt,
      maxSockets: mqtt.maxConnections + SOCKETS_BESIDE,
      onConnection: (socket) => this.#broker.handle(socket),
      onOversize: () => this.metrics.cut('oversize'),
      onTooMany: () => this.metrics.refused('too_many_connections'),
      mayPass: (socket, counts) => this.#broker.mayPass(socket, counts),
    });
    const health = await serveHealth({
      port: healthPort,
      registry: this.metrics.registry,
      read: () => this.#health(),
    });
    this.#schedule.start();
    const { sweepEveryMs } = this.#options.sessions ?? SESSIONS;
    this.#sweep = setInterval(() => {
      this.#registry.sweep();
      void this.#refresh.round();
    }, sweepEveryMs);
    return {
      mqttPort: listener.port,
      healthPort: (health.address() as AddressInfo).port,
      metrics: this.metrics,
      stop: () => this.#stop(listener, health),
    };
  }

  /** Each step has its deadline: a database that is silent and a socket that is not read hold nobody up. */
  async #stop(listener: Listener, health: HttpServer): Promise<void> {
    const { commitMs, lingerMs } = this.#options.drain ?? DRAIN;
    this.#draining = true;
    clearInterval(this.#sweep);
    this.#refresh.stop();
    this.#asker.stop();
    listener.stop();
    this.#broker.turnAway();
    await settledWithin(commitMs, Promise.all([this.#idle(), this.#schedule.stop()]));
    await settledWithin(lingerMs, this.#broker.close());
    for (const lane of this.#lanes) lane.close();
    listener.destroy();
    await new Promise<void>((resolve) => {
      health.close(() => resolve());
      health.closeAllConnections();
    });
  }

  async #idle(): Promise<void> {
    await this.#exceptional.idle();
    await Promise.all(this.#lanes.map((lane) => lane.idle()));
    // What the database would not store has gone to quarantine meanwhile.
    await this.#exceptional.idle();
  }

  #accept(frame: UplinkFrame): void {
    // While draining nothing new is taken: no PUBACK, so the terminal sends it again elsewhere.
    if (!this.#draining) this.#judge(frame);
  }

  /** A terminal always belongs to the same lane. */
  #judge(frame: UplinkFrame): void {
    this.#lanes[frame.session.terminalId % LANES]!.accept(frame);
  }

  #lane(): Lane {
    const { pool, log, limits } = this.#options;
    return new Lane({
      open: () => openConnection(pool),
      take: (frame, batch) => onUplink(frame, batch, this.#exceptional),
      refuse: (frame) => this.#exceptional.quarantine(frame, 'not_storable', null),
      onCommitted: (frames) => this.#onCommitted(frames),
      metrics: this.metrics,
      log,
      now: this.#now,
      limits: { ...LANE_LIMITS, ...limits },
    });
  }

  #exceptionalFrames(): ExceptionalFrames {
    const { pool, log } = this.#options;
    const db = this.#db;
    return new ExceptionalFrames({
      registry: this.#registry,
      metrics: this.metrics,
      log,
      now: this.#now,
      quarantine: (frame) => quarantineFrame(pool, frame),
      noteContact: (contact) => noteTerminalContact(pool, contact),
      listVersions: (report) =>
        readAs(db, report.utilityId, (tx) => listDayVersions(tx, report.meterId, report.day)),
      judgeAgain: (frame) => this.#judge(frame),
    });
  }

  #onCommitted(frames: readonly UplinkFrame[]): void {
    for (const frame of frames) {
      frame.session.committed(frame);
      frame.acknowledge();
      this.#asker.consider(frame.connection);
    }
  }

  async #askConnected(utilityId: number): Promise<void> {
    const connected = new Map<number, Connection>();
    for (const connection of this.#broker.connections.values()) {
      const { session } = connection;
      if (session.utilityId === utilityId) connected.set(session.terminalId, connection);
    }
    const terminalIds = await readAs(this.#db, utilityId, (tx) =>
      listTerminalsToAsk(tx, [...connected.keys()]),
    );
    for (const id of terminalIds) this.#asker.consider(connected.get(id)!);
  }

  #closedBecause(): RefusalReason | undefined {
    if (this.#draining) return 'draining';
    if (!this.#lanes.every((lane) => lane.ready)) return 'database_away';
    const { maxConnections } = this.#options.mqtt;
    return this.#broker.connections.size >= maxConnections ? 'too_many_connections' : undefined;
  }

  #queued(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.queued, this.#exceptional.queued);
  }

  #lagMs(): number {
    const oldest = this.#lanes.map((lane) => lane.oldestAtMs ?? Number.POSITIVE_INFINITY);
    return Math.max(0, this.#now() - Math.min(this.#now(), ...oldest));
  }

  #health(): { ok: boolean; database: boolean; draining: boolean; connections: number } {
    const database = this.#lanes.every((lane) => lane.ready);
    return {
      ok: database && !this.#draining,
      database,
      draining: this.#draining,
      connections: this.#broker.connections.size,
    };
  }
}

/** Starts a sidecar; it listens when this settles, and takes terminals as soon as the database is there. */
export function startIngest(options: IngestOptions): Promise<Ingest> {
  return new Sidecar(options).start();
}
