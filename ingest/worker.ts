// The worker as a process (npm run worker): runs the jobs of the queue. Configuration from the environment, a pool,
// signals; it reports its addresses in one log line (msg "listening").
import { mailServerOf, readWorkerConfig } from '../lib/config.ts';
import { createLog } from './log.ts';
import { endOnFault, poolOf, runProcess, WORKER_DATABASE } from './process.ts';
import { createWorker } from './start-worker.ts';

async function main(): Promise<void> {
  const config = readWorkerConfig();
  const log = createLog(config.LOG_LEVEL, undefined, 'worker');
  const { pool, database } = poolOf(config.DATABASE_URL, WORKER_DATABASE, log);
  const healthPort = config.KENSHIN_WORKER_HEALTH_PORT;
  const server = mailServerOf(config);
  const mail = server && { server };
  const { worker, health, stages } = createWorker({
    ...{ pool, log, healthPort, mail },
    siteUrl: config.KENSHIN_SITE_URL,
  });
  worker.lost.catch(endOnFault);
  await runProcess([[database], ...stages], log);
  log.info({ healthPort: health.port }, 'listening');
  process.send?.({ msg: 'listening', healthPort: health.port });
}

main().catch(endOnFault);
