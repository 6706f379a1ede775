/** How the web process is, for whoever decides whether to send it people; on loopback, apart from the site itself. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { PoolState, WebMetrics } from './web-metrics.ts';

interface WebHealth {
  ok: boolean;
  /** The database answered within two seconds. */
  database: boolean;
  /** True from the signal to stop until the last answer is out. */
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

/** Serves /healthz (200 or 503) and /metrics (Prometheus text). */
export async function serveWebHealth(options: WebHealthOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/healthz') void answerHealth(response, options);
    else if (path === '/metrics') answerMetrics(response, options.metrics);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return server;
}

async function answerHealth(response: ServerResponse, options: WebHealthOptions): Promise<void> {
  const database = await options.isDatabaseThere();
  const stopping = options.isStopping();
  const pools = options.metrics.pools();
  const health: WebHealth = { ok: database && !stopping, database, stopping, pools };
  response.writeHead(health.ok ? 200 : 503, { 'content-type': 'application/json' });
  response.end(JSON.stringify(health));
}

function answerMetrics(response: ServerResponse, { registry }: WebMetrics): void {
  registry.metrics().then(
    (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
    () => response.writeHead(500).end(),
  );
}
