/** Health and metrics of the web process, on loopback and a port of their own. */
import { createServer, type Server } from 'node:http';
import { healthListener } from '../lib/health-listener.ts';
import type { PoolState, WebMetrics } from './web-metrics.ts';

/** Health of the web process; a load balancer sends requests while `ok` is true. */
interface WebHealth {
  ok: boolean;
  /** The database answered within two seconds. */
  database: boolean;
  /** True from the stop signal until the last answer is sent. */
  stopping: boolean;
  pools: PoolState[];
}

export interface WebHealthOptions {
  /** Listens on 127.0.0.1; 0 takes a free port. */
  port: number;
  metrics: WebMetrics;
  isDatabaseThere: () => Promise<boolean>;
  isStopping: () => boolean;
}

/** Serves /healthz and /metrics on the loopback interface: see healthListener. */
export async function serveWebHealth(options: WebHealthOptions): Promise<Server> {
  const server = createServer(healthListener(() => readHealth(options), options.metrics.registry));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return server;
}

async function readHealth(options: WebHealthOptions): Promise<WebHealth> {
  const database = await options.isDatabaseThere();
  const stopping = options.isStopping();
  const pools = options.metrics.pools();
  return { ok: database && !stopping, database, stopping, pools };
}
