import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';

/** How the sidecar is, for whoever decides whether to send it terminals. */
export interface Health {
  ok: boolean;
  /** Connected to the database on every lane. */
  database: boolean;
  draining: boolean;
  connections: number;
}

export interface HealthOptions {
  /** Listens on 127.0.0.1; 0 takes a free port. */
  port: number;
  registry: Registry;
  read: () => Health;
}

/** Serves /healthz (200 or 503) and /metrics (Prometheus text) on the loopback interface. */
export async function serveHealth(options: HealthOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/healthz') answerHealth(response, options.read());
    else if (path === '/metrics') answerMetrics(response, options.registry);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return server;
}

function answerHealth(response: ServerResponse, health: Health): void {
  response.writeHead(health.ok ? 200 : 503, { 'content-type': 'application/json' });
  response.end(JSON.stringify(health));
}

function answerMetrics(response: ServerResponse, registry: Registry): void {
  registry.metrics().then(
    (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
    () => response.writeHead(500).end(),
  );
}
