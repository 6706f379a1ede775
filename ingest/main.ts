// The sidecar as a process: configuration from the environment, a pool, signals. It says where it listens in one log line
// (msg "listening") and, to a parent that speaks IPC, in one message of the same content.

import { assertBoundRole, openPool } from '../db/client.ts';
import { readIngestConfig } from '../lib/config.ts';
import { keksFromDirectory } from '../lib/keys/kek-provider.ts';
import { descriptorWarning, readDescriptorLimit } from './descriptor-limit.ts';
import { SOCKETS_BESIDE } from './ingest-options.ts';
import { createLog } from './log.ts';
import { databaseThere, endOnFault, onStopSignal } from './process.ts';
import { waitAtMost } from './settled-within.ts';
import { startIngest } from './start.ts';

const POOL_CONNECTIONS = 10;
const QUERY_TIMEOUT_MS = 15_000;
/** Less than the former, so that a statement has ended on the server when its caller gives up. */
const STATEMENT_TIMEOUT_MS = 12_000;
const POOL_END_MS = 1000;

async function main(): Promise<void> {
  const config = readIngestConfig();
  const log = createLog(config.LOG_LEVEL);
  const pool = openPool(config.DATABASE_URL, {
    applicationName: 'kenshin ingest',
    max: POOL_CONNECTIONS,
    queryTimeoutMs: QUERY_TIMEOUT_MS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
  });
  await databaseThere(pool, log);
  await assertBoundRole(pool, 'kenshin_ingest');
  const sockets = config.KENSHIN_MQTT_MAX_CONNECTIONS + SOCKETS_BESIDE;
  const warning = descriptorWarning(readDescriptorLimit(), sockets);
  if (warning !== undefined) log.warn({}, warning);
  const { KENSHIN_MQTT_TLS_CERT: certificateFile, KENSHIN_MQTT_TLS_KEY: keyFile } = config;
  const ingest = await startIngest({
    pool,
    keks: keksFromDirectory(config.KENSHIN_KEK_DIRECTORY),
    log,
    mqtt: {
      host: config.KENSHIN_MQTT_HOST,
      port: config.KENSHIN_MQTT_PORT,
      maxConnections: config.KENSHIN_MQTT_MAX_CONNECTIONS,
      maxSignInsOfAddress: config.KENSHIN_MQTT_MAX_SIGN_INS_OF_ADDRESS,
      ...(certificateFile && keyFile ? { tls: { certificateFile, keyFile } } : {}),
    },
    healthPort: config.KENSHIN_HEALTH_PORT,
  });
  const listening = {
    mqttHost: config.KENSHIN_MQTT_HOST,
    mqttPort: ingest.mqttPort,
    tls: certificateFile !== undefined,
    healthPort: ingest.healthPort,
  };
  log.info(listening, 'listening');
  process.send?.({ msg: 'listening', ...listening });
  onStopSignal(async () => {
    log.info({}, 'draining');
    await ingest.stop();
    // What is not answered by now is not waited for.
    await waitAtMost(POOL_END_MS, pool.end());
    log.info({}, 'stopped');
  });
}

main().catch(endOnFault);
