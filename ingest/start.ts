// Puts the sidecar together: broker, lanes, exceptional frames, schedule, health. Opens nothing but sockets; the pool is
// handed in.
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDatabase, openConnection, readAs, transactAs } from '../db/client.ts';
import { type BoundedLog, boundedLog } from '../lib/bounded-log.ts';
import { certain } from '../lib/certain.ts';
import { listTerminalsToAsk, listUtilitiesToPoll } from '../lib/polling/queries.ts';
import { listDayVersions } from '../lib/readings/day-version-queries.ts';
import { quarantineFrame } from '../lib/readings/quarantine-commands.ts';
import { findTerminalsForConnect } from '../lib/terminals/connect-queries.ts';
import { answerTest } from '../lib/terminals/test-commands.ts';
import { listCalledTerminals } from '../lib/terminals/test-queries.ts';
import { onUplink } from './handlers/on-uplink.ts';
import { ExceptionalFrames } from './handlers/single-frames.ts';
import { type IngestHealth, serveHealth } from './health.ts';
import {
  CALLED_EVERY_MS,
  INGEST_RATES,
  type IngestOptions,
  LOG_BOUNDS,
  LOG_PARTS,
  SCHEDULE,
  SESSIONS,
  SOCKETS_BESIDE,
  UNSIGNED,
} from './ingest-options.ts';
import { IngestMetrics, type RefusalReason } from './metrics.ts';
import { Broker } from './mqtt/broker.ts';
import { renewCertificate } from './mqtt/certificate-renewal.ts';
import { type Listener, listen } from './mqtt/listener.ts';
import { ASK_POLICY, TerminalAsker } from './schedule/ask-terminal.ts';
import { CalledTerminals } from './schedule/called-terminals.ts';
import { PollSchedule } from './schedule/poll-schedule.ts';
import { planUtility, pollStore, type Transact } from './schedule/poll-store.ts';
import { lookupLimits } from './session/register-lookups.ts';
import { SessionRefresh } from './session/session-refresh.ts';
import { SessionRegistry } from './session/session-registry.ts';
import type { Connection, UplinkFrame } from './session/terminal-session.ts';
import { UnknownTerminals } from './session/unknown-terminals.ts';
import { LANE_LIMITS, Lane } from './store/lane.ts';
import { settledWithin } from './within.ts';

const LANES = 2;
const DRAIN = { commitMs: 10_000, lingerMs: 1000 };

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
  readonly #called: CalledTerminals;
  readonly #db: ReturnType<typeof createDatabase>;
  readonly #log: BoundedLog;
  readonly metrics: IngestMetrics;
  #draining = false;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { pool } = options;
    const log = boundedLog(options.log, options.logBounds ?? LOG_BOUNDS, LOG_PARTS);
    this.#log = log;
    this.#db = createDatabase(pool);
    const now = this.#now;
    this.metrics = new IngestMetrics({
      connections: () => this.#broker.connections.size,
      queued: () => this.#queued(),
      lagMs: () => this.#lagMs(),
    });
    const { metrics } = this;
    this.#registry = new SessionRegistry({
      find: (numbers) => findTerminalsForConnect(pool, numbers),
      lookups: lookupLimits(options.mqtt.maxSignInsOfAddress),
      keks: options.keks,
      log,
      now,
      rates: { ...INGEST_RATES, ...options.rates },
    });
    const { refreshAfterMs } = options.sessions ?? SESSIONS;
    this.#refresh = new SessionRefresh({
      ...{ registry: this.#registry, log, now, refreshAfterMs },
      onWindowChanged: (number) => this.#callUp(number),
    });
    this.#exceptional = this.#exceptionalFrames();
    this.#lanes = Array.from({ length: LANES }, () => this.#lane());
    const unknown = this.#unknownTerminals();
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
    this.#called = new CalledTerminals({
      ...{ log, now, everyMs: options.calledEveryMs ?? CALLED_EVERY_MS },
      list: (since) => listCalledTerminals(pool, since),
      callUp: (number) => this.#callUp(number),
      cutRetired: (number) => this.#registry.cutRetired(number),
    });
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
      onSocket: (raw) => this.#broker.expect(raw),
      onConnection: (socket, raw) => this.#broker.handle(socket, raw),
      onFault: (socket, fault) => this.#broker.refusePacket(socket, fault),
      onAcknowledged: (socket, identifier) => this.#broker.acknowledged(socket, identifier),
      onTooMany: () => this.metrics.refused('too_many_connections'),
      mayPass: (socket, counts) => this.#broker.mayPass(socket, counts),
    });
    const health = await serveHealth({
      port: healthPort,
      registry: this.metrics.registry,
      read: () => this.#health(),
    });
    this.#schedule.start();
    this.#called.start();
    const { sweepEveryMs } = this.#options.sessions ?? SESSIONS;
    this.#sweep = setInterval(() => {
      this.#registry.sweep();
      void this.#refresh.round();
      renewCertificate(listener, this.#log);
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
    await settledWithin(
      commitMs,
      Promise.all([this.#idle(), this.#schedule.stop(), this.#called.stop()]),
    );
    await settledWithin(lingerMs, this.#broker.close());
    for (const lane of this.#lanes) lane.close();
    listener.destroy();
    this.#log.flush();
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
    const lane = this.#lanes[frame.session.terminalId % LANES];
    certain(lane, 'the lane of a terminal').accept(frame);
  }

  #lane(): Lane {
    const { pool, limits } = this.#options;
    const log = this.#log;
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

  #unknownTerminals(): UnknownTerminals {
    const { pool } = this.#options;
    return new UnknownTerminals({
      now: this.#now,
      log: this.#log,
      note: (frame) => quarantineFrame(pool, frame),
      onNoted: () => this.metrics.quarantined('unknown_terminal'),
    });
  }

  #exceptionalFrames(): ExceptionalFrames {
    const { pool } = this.#options;
    const db = this.#db;
    const log = this.#log;
    return new ExceptionalFrames({
      registry: this.#registry,
      metrics: this.metrics,
      log,
      now: this.#now,
      quarantine: (frame) => quarantineFrame(pool, frame),
      listVersions: (report) =>
        readAs(db, report.utilityId, (tx) => listDayVersions(tx, report.meterId, report.day)),
      answerTest: ({ session, receivedAtMs }, nonce) =>
        transactAs(db, session.utilityId, (tx) =>
          answerTest(tx, { terminalId: session.terminalId, nonce, at: new Date(receivedAtMs) }),
        ),
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

  #callUp(terminalNumber: string): void {
    const connection = this.#registry.session(terminalNumber)?.connection;
    if (connection !== undefined) this.#asker.consider(connection);
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
    for (const id of terminalIds) {
      const connection = connected.get(id);
      if (connection !== undefined) this.#asker.consider(connection);
    }
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

  #health(): IngestHealth {
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
