// Assembles the sidecar: makes its objects. The order in which they are started and stopped is in sidecar-stages.ts.
// Opens only sockets; the pool is passed in.
// The path of a frame from part to part is in frame-hops.ts.
import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
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
import { HealthServer, type IngestHealth } from './health.ts';
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
import { IngestMetrics } from './metrics.ts';
import { Broker } from './mqtt/broker.ts';
import { Listener } from './mqtt/listener.ts';
import { PartRunner, type Stage } from './part-runner.ts';
import { RoutineChecks } from './routine-checks.ts';
import { ConnectedTerminals } from './session/connected-terminals.ts';
import { OWNER_CHANNEL, OwnerChannel } from './session/owner-channel.ts';
import { lookupLimits } from './session/register-lookups.ts';
import { SessionRefresh } from './session/session-refresh.ts';
import { SessionRegistry } from './session/session-registry.ts';
import { TerminalOwners } from './session/terminal-owners.ts';
import { UnknownTerminals } from './session/unknown-terminals.ts';
import { sidecarStages } from './sidecar-stages.ts';
import { UplinkPath } from './uplink-path.ts';

/** A running sidecar. */
export interface Ingest {
  mqttPort: number;
  healthPort: number;
  metrics: IngestMetrics;
  /** Accepts nothing new, commits and acknowledges what was accepted, closes every connection. The pool stays open. */
  stop(): Promise<void>;
}

/** A sidecar, assembled and not started. */
export interface Sidecar {
  stages: readonly Stage[];
  metrics: IngestMetrics;
  /** Known after the start. */
  ports(): { mqttPort: number; healthPort: number };
}

/** Starts a sidecar; it listens when this resolves, and accepts terminals as soon as the database is available. */
export async function startIngest(options: IngestOptions): Promise<Ingest> {
  const { stages, metrics, ports } = createSidecar(options);
  const runner = new PartRunner(stages, options.log);
  await runner.start();
  return { ...ports(), metrics, stop: () => runner.stop() };
}

export function createSidecar(options: IngestOptions): Sidecar {
  const made = madeOf(options);
  const { metrics, listener, health } = made;
  return {
    stages: sidecarStages(made, options),
    metrics,
    ports: () => ({ mqttPort: listener.port, healthPort: health.port }),
  };
}

/** The objects of a sidecar, each passed to those that need it. */
function madeOf(options: IngestOptions) {
  const { pool, keks, mqtt, worker, now = Date.now } = options;
  const log = boundedLog(options.log, options.logBounds ?? LOG_BOUNDS, LOG_PARTS);
  const metrics = new IngestMetrics();
  const database = databaseOf(pool);
  const connected = new ConnectedTerminals();
  const rates = { ...INGEST_RATES, ...options.rates };
  const registry = new SessionRegistry({
    find: (numbers) => findTerminalsForConnect(pool, numbers),
    lookups: lookupLimits(mqtt.maxSignInsOfAddress),
    ...{ keks, log, now, rates },
  });
  const shared = { database, registry, connected, metrics, log, now };
  const downlink = new DownlinkPath({ ...shared, given: options });
  const uplink = new UplinkPath({ ...shared, downlink, limits: options.limits });
  const { owners, channel } = ownersOf(options, { database, connected, downlink, log });
  const unknown = new UnknownTerminals({
    ...{ now, log, metrics },
    note: (frame) => quarantineFrame(pool, frame),
  });
  const broker = new Broker({
    ...{ registry, connected, owners, unknown, uplink, downlink, metrics, log, now },
    unsigned: { ...UNSIGNED, ...options.unsigned },
    maxConnections: mqtt.maxConnections,
  });
  metrics.showGauges({ broker, uplink });
  const maxSockets = mqtt.maxConnections + SOCKETS_BESIDE;
  const listener = new Listener({ ...mqtt, maxSockets, broker, metrics });
  const { sweepEveryMs: everyMs, refreshAfterMs } = options.sessions ?? SESSIONS;
  const refresh = new SessionRefresh({ registry, downlink, log, now, refreshAfterMs });
  const checks = new RoutineChecks({ registry, refresh, owners, listener, log, everyMs });
  const registries = [metrics.registry, ...(worker ? [worker.metrics.registry] : [])];
  const health = new HealthServer({
    ...{ port: options.healthPort, registry: Registry.merge(registries) },
    read: () => healthOf({ uplink, broker, listener }, worker),
  });
  return { health, log, listener, uplink, channel, owners, broker, downlink, checks, metrics };
}

/** This process as the owner of the terminals that connect to it, and the channel over which others notify it. */
function ownersOf(
  { pool, owners: limits }: IngestOptions,
  { database, connected, downlink, log }: OwnerSurroundings,
): { owners: TerminalOwners; channel: OwnerChannel } {
  const processId = randomUUID();
  const owners = new TerminalOwners({
    claim: (terminals) => claimTerminals(pool, processId, terminals),
    release: (owned) => releaseTerminals(pool, processId, owned),
    hold: (owned) => holdTerminals(pool, processId, owned),
    ...{ connected, downlink, log },
  });
  const channel = new OwnerChannel({
    ...{ processId, owners, log, limits: { ...OWNER_CHANNEL, ...limits } },
    open: database.open,
    keep: (client) => keepProcess(client, processId),
  });
  return { owners, channel };
}

interface OwnerSurroundings {
  database: IngestDatabase;
  connected: ConnectedTerminals;
  downlink: DownlinkPath;
  log: BoundedLog;
}

function healthOf(
  { uplink, broker, listener }: { uplink: UplinkPath; broker: Broker; listener: Listener },
  worker: IngestOptions['worker'],
): IngestHealth {
  const database = uplink.ready;
  return {
    ok: database && listener.isOpen && (worker?.health.ok ?? true),
    database,
    draining: broker.draining,
    connections: broker.connections.size,
    ...(worker && { worker: worker.health }),
  };
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
