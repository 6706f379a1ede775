// The sidecar as a process (npm run ingest): configuration from the environment, pools, signals. It reports its
// addresses in one log line (msg "listening") and, to a parent with IPC, in one message with the same content.
import { type IngestConfig, mailServerOf, readIngestConfig } from '../lib/config.ts';
import { keksFromDirectory } from '../lib/keys/kek-provider.ts';
import { descriptorWarning, readDescriptorLimit } from './descriptor-limit.ts';
import { SOCKETS_BESIDE } from './ingest-options.ts';
import { createLog, type Log } from './log.ts';
import type { Part } from './part-runner.ts';
import { endOnFault, INGEST_DATABASE, poolOf, runProcess, WORKER_DATABASE } from './process.ts';
import { createSidecar, type Sidecar } from './start.ts';
import { JobWorker } from './start-worker.ts';

async function main(): Promise<void> {
  const config = readIngestConfig();
  const log = createLog(config.LOG_LEVEL);
  const inside = workerOf(config);
  const ingest = poolOf(config.DATABASE_URL, INGEST_DATABASE, log);
  const sidecar = createSidecar({
    ...{ pool: ingest.pool, worker: inside?.worker, log, mqtt: mqttOf(config) },
    keks: keksFromDirectory(config.KENSHIN_KEK_DIRECTORY),
    healthPort: config.KENSHIN_HEALTH_PORT,
  });
  warnOfDescriptors(config, log);
  inside?.worker.lost.catch(endOnFault);
  const databases = inside === undefined ? [ingest.database] : [ingest.database, inside.database];
  await runProcess([databases, ...sidecar.stages], log);
  tellListening(config, sidecar, log);
}

/** The worker inside this process, when it has a connection of its own configured. */
function workerOf(config: IngestConfig): { worker: JobWorker; database: Part } | undefined {
  const { KENSHIN_WORKER_DATABASE_URL: url, LOG_LEVEL: level } = config;
  if (url === undefined) return undefined;
  const log = createLog(level, undefined, 'worker');
  const { pool, database } = poolOf(url, WORKER_DATABASE, log);
  const server = mailServerOf(config);
  const siteUrl = config.KENSHIN_SITE_URL;
  return { worker: new JobWorker({ pool, log, mail: server && { server }, siteUrl }), database };
}

function mqttOf(config: IngestConfig) {
  const { KENSHIN_MQTT_TLS_CERT: certificateFile, KENSHIN_MQTT_TLS_KEY: keyFile } = config;
  return {
    host: config.KENSHIN_MQTT_HOST,
    port: config.KENSHIN_MQTT_PORT,
    maxConnections: config.KENSHIN_MQTT_MAX_CONNECTIONS,
    maxSignInsOfAddress: config.KENSHIN_MQTT_MAX_SIGN_INS_OF_ADDRESS,
    ...(certificateFile && keyFile ? { tls: { certificateFile, keyFile } } : {}),
  };
}

function warnOfDescriptors(config: IngestConfig, log: Log): void {
  const sockets = config.KENSHIN_MQTT_MAX_CONNECTIONS + SOCKETS_BESIDE;
  const warning = descriptorWarning(readDescriptorLimit(), sockets);
  if (warning !== undefined) log.warn({}, warning);
}

function tellListening(config: IngestConfig, sidecar: Sidecar, log: Log): void {
  const listening = {
    mqttHost: config.KENSHIN_MQTT_HOST,
    tls: config.KENSHIN_MQTT_TLS_CERT !== undefined,
    ...sidecar.ports(),
    worker: config.KENSHIN_WORKER_DATABASE_URL !== undefined,
  };
  log.info(listening, 'listening');
  process.send?.({ msg: 'listening', ...listening });
}

main().catch(endOnFault);
