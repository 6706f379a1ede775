// The worker as a process (npm run worker): runs the jobs of the queue. Configuration from the environment, a pool, signals;
// it says where it listens in one log line (msg "listening").
import { assertBoundRole, openPool } from '../db/client.ts';
import { mailServerOf, readWorkerConfig } from '../lib/config.ts';
import { createLog } from './log.ts';
import { databaseThere, endOnFault, onStopSignal } from './process.ts';
import { JOBS_AT_ONCE, MAILS_AT_ONCE, startWorker } from './start-worker.ts';
import { settledWithin } from './within.ts';

/** Beside jobs and mails: one that listens for each, the schedule, the release of jobs, the metrics. */
const POOL_CONNECTIONS = JOBS_AT_ONCE + MAILS_AT_ONCE + 5;
const POOL_END_MS = 1000;
const STATEMENT_TIMEOUT_MS = 15 * 60_000;

async function main(): Promise<void> {
  const config = readWorkerConfig();
  const log = createLog(config.LOG_LEVEL, undefined, 'worker');
  const pool = openPool(config.DATABASE_URL, {
    applicationName: 'kenshin worker',
    max: POOL_CONNECTIONS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
  });
  await databaseThere(pool, log);
  await assertBoundRole(pool, 'kenshin_worker');
  const server = mailServerOf(config);
  const worker = await startWorker({
    ...{ pool, log, healthPort: config.KENSHIN_WORKER_HEALTH_PORT },
    ...(server && { mail: { server } }),
  });
  log.info({ healthPort: worker.healthPort }, 'listening');
  process.send?.({ msg: 'listening', healthPort: worker.healthPort });
  onStopSignal(async () => {
    log.info({}, 'draining');
    await worker.stop();
    await settledWithin(POOL_END_MS, pool.end());
    log.info({}, 'stopped');
  });
  await worker.lost;
}

main().catch(endOnFault);
