import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';
import { type Health, healthListener } from '../lib/health-listener.ts';

/** How the sidecar is. Its load balancer sends terminals where it is `ok`. */
export interface IngestHealth {
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

/** Serves /healthz and /metrics on the loopback interface: see healthListener. */
export async function serveHealth({ port, registry, read }: HealthOptions): Promise<Server> {
  const server = createServer(healthListener(read, registry));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}
