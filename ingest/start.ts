// Puts the sidecar together: broker, the ways up and down, health. Opens nothing but sockets; the pool is handed in.
import { randomUUID } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDatabase, openConnection, readAs, transactAs } from '../db/client.ts';
import { type BoundedLog, boundedLog } from '../lib/bounded-log.ts';
import { quarantineFrame } from '../lib/readings/quarantine-commands.ts';
import { findTerminalsForConnect } from '../lib/terminals/connect-queries.ts';
import {
  claimTerminals,
  holdTerminals,
  keepProcess,
  releaseTerminals,
} from '../lib/terminals/owner-commands.ts';
import { DownlinkPath } from './downlink-path.ts';
import { type IngestHealth, serveHealth } from './health.ts';
import type { IngestDatabase } from './ingest-database.ts';
import {
  INGEST_RATES,
  type IngestOptions,
  LOG_BOUNDS,
  LOG_PARTS,
  SESSIONS,
  SOCKETS_BESIDE,
  UNSIGNED,
} from './ingest-options.ts';
import { IngestMetrics, type RefusalReason } from './metrics.ts';
import { Broker } from './mqtt/broker.ts';
import { renewCertificate } from './mqtt/certificate-renewal.ts';
import { type Listener, listen } from './mqtt/listener.ts';
import { ConnectedTerminals } from './session/connected-terminals.ts';
import { OWNER_CHANNEL, OwnerChannel } from './session/owner-channel.ts';
import { lookupLimits } from './session/register-lookups.ts';
import { SessionRefresh } from './session/session-refresh.ts';
import { SessionRegistry } from './session/session-registry.ts';
import { TerminalOwners } from './session/terminal-owners.ts';
import { UnknownTerminals } from './session/unknown-terminals.ts';
import { waitAtMost } from './settled-within.ts';
import { UplinkPath } from './uplink-path.ts';

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
  readonly #registry: SessionRegistry;
  readonly #connected = new ConnectedTerminals();
  readonly #owners: TerminalOwners;
  readonly #channel: OwnerChannel;
  readonly #refresh: SessionRefresh;
  readonly #uplink: UplinkPath;
  readonly #downlink: DownlinkPath;
  readonly #broker: Broker;
  readonly #log: BoundedLog;
  readonly metrics: IngestMetrics;
  #draining = false;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: IngestOptions) {
    this.#options = options;
    const now = options.now ?? Date.now;
    const log = boundedLog(options.log, options.logBounds ?? LOG_BOUNDS, LOG_PARTS);
    this.#log = log;
    this.metrics = new IngestMetrics({
      connections: () => this.#broker.connections.size,
      queued: () => this.#uplink.queued,
      lagMs: () => this.#uplink.lagMs,
    });
    const { metrics } = this;
    const database = databaseOf(options.pool);
    const registry = new SessionRegistry({
      find: (numbers) => findTerminalsForConnect(options.pool, numbers),
      lookups: lookupLimits(options.mqtt.maxSignInsOfAddress),
      ...{ keks: options.keks, log, now, rates: { ...INGEST_RATES, ...options.rates } },
    });
    this.#registry = registry;
    const parts = { database, registry, metrics, log, now };
    this.#downlink = new DownlinkPath({ ...parts, connected: this.#connected, given: options });
    this.#uplink = new UplinkPath({
      ...{ ...parts, limits: options.limits },
      onAcknowledged: (connection) => this.#downlink.callUp(connection),
    });
    const processId = randomUUID();
    this.#owners = new TerminalOwners({
      claim: (terminals) => claimTerminals(options.pool, processId, terminals),
      release: (owned) => releaseTerminals(options.pool, processId, owned),
      hold: (owned) => holdTerminals(options.pool, processId, owned),
      onCalled: (connection) => this.#downlink.callUp(connection),
      ...{ connected: this.#connected, log },
    });
    this.#channel = new OwnerChannel({
      ...{ processId, log, limits: { ...OWNER_CHANNEL, ...options.owners } },
      open: database.open,
      keep: (client) => keepProcess(client, processId),
      onCalled: (terminalId) => this.#owners.call(terminalId),
      holdAll: () => this.#owners.holdAll(),
    });
    const { refreshAfterMs } = options.sessions ?? SESSIONS;
    this.#refresh = new SessionRefresh({
      ...{ registry, log, now, refreshAfterMs },
      onWindowChanged: (number) => this.#downlink.callUp(registry.session(number)?.connection),
    });
    const unknown = new UnknownTerminals({
      ...{ now, log },
      note: (frame) => quarantineFrame(options.pool, frame),
      onNoted: () => metrics.quarantined('unknown_terminal'),
    });
    this.#broker = new Broker({
      ...{ registry, metrics, log, now, connected: this.#connected, owners: this.#owners },
      unsigned: { ...UNSIGNED, ...options.unsigned },
      closedBecause: () => this.#closedBecause(),
      onUnknownTerminal: (number) => unknown.note(number),
      // While draining nothing new is taken: no PUBACK, so the terminal sends it again elsewhere.
      onFrame: (frame) => (this.#draining ? undefined : this.#uplink.accept(frame)),
      onSubscribed: (connection) => this.#downlink.onSubscribed(connection),
    });
  }

  async start(): Promise<Ingest> {
    const { mqtt, healthPort } = this.#options;
    await Promise.all([this.#broker.listen(), this.#uplink.start(), this.#channel.start()]);
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
    this.#downlink.start();
    const { sweepEveryMs } = this.#options.sessions ?? SESSIONS;
    this.#sweep = setInterval(() => {
      this.#registry.sweep();
      void this.#refresh.round();
      this.#owners.holdAll().catch((error: unknown) => {
        this.#log.warn({ err: error }, 'the owners of connections could not be compared');
      });
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
    const asked = this.#downlink.stop();
    listener.stop();
    this.#broker.turnAway();
    await waitAtMost(commitMs, Promise.all([this.#uplink.idle(), asked]));
    await waitAtMost(lingerMs, this.#broker.close());
    await waitAtMost(lingerMs, this.#owners.idle());
    this.#channel.close();
    this.#uplink.close();
    listener.destroy();
    this.#log.flush();
    await new Promise<void>((resolve) => {
      health.close(() => resolve());
      health.closeAllConnections();
    });
  }

  #closedBecause(): RefusalReason | undefined {
    if (this.#draining) return 'draining';
    if (!this.#uplink.ready) return 'database_away';
    const { maxConnections } = this.#options.mqtt;
    return this.#broker.connections.size >= maxConnections ? 'too_many_connections' : undefined;
  }

  #health(): IngestHealth {
    const database = this.#uplink.ready;
    return {
      ok: database && !this.#draining,
      database,
      draining: this.#draining,
      connections: this.#broker.connections.size,
    };
  }
}

function databaseOf(pool: IngestOptions['pool']): IngestDatabase {
  const db = createDatabase(pool);
  return {
    pool,
    open: () => openConnection(pool),
    transact: (utilityId, fn) => transactAs(db, utilityId, fn),
    read: (utilityId, fn) => readAs(db, utilityId, fn),
  };
}

/** Starts a sidecar; it listens when this settles, and takes terminals as soon as the database is there. */
export function startIngest(options: IngestOptions): Promise<Ingest> {
  return new Sidecar(options).start();
}
