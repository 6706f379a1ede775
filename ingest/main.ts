// The sidecar as a process: configuration from the environment, a pool, signals. It says where it listens in one log line
// (msg "listening") and, to a parent that speaks IPC, in one message of the same content.

import type pg from 'pg';
import { assertBoundRole, openPool } from '../db/client.ts';
import { readIngestConfig } from '../lib/config.ts';
import { codeOf, messageOf } from '../lib/errors.ts';
import { keksFromDirectory } from '../lib/keys/kek-provider.ts';
import { descriptorWarning, readDescriptorLimit } from './descriptor-limit.ts';
import { SOCKETS_BESIDE } from './ingest-options.ts';
import { createLog, type Log } from './log.ts';
import { startIngest } from './start.ts';
import { settledWithin } from './within.ts';

const POOL_CONNECTIONS = 10;
const QUERY_TIMEOUT_MS = 15_000;
/** Less than the former, so that a statement has ended on the server when its caller gives up. */
const STATEMENT_TIMEOUT_MS = 12_000;
const POOL_END_MS = 1000;
const DATABASE_AGAIN_MS = 2000;

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
    await settledWithin(POOL_END_MS, pool.end());
    log.info({}, 'stopped');
  });
}

/** A sidecar may be up before its database; one that the database turns away has a fault that waiting does not mend. */
async function databaseThere(pool: pg.Pool, log: Log): Promise<void> {
  for (;;) {
    try {
      await pool.query('select');
      return;
    } catch (error) {
      if (isRefusal(error)) throw error;
      log.warn({ err: error }, 'the database is away; waiting for it');
      await new Promise((resolve) => setTimeout(resolve, DATABASE_AGAIN_MS));
    }
  }
}

/** A wrong password, role or name of a database: SQLSTATE classes 28 and 3D. */
function isRefusal(error: unknown): boolean {
  return /^(28|3D)[0-9A-Z]{3}$/.test(codeOf(error) ?? '');
}

/** The first signal asks to drain, the second does not wait for it. */
function onStopSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
