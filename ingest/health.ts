import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { certain } from '../lib/certain.ts';
import { type Health, healthListener } from '../lib/health-listener.ts';
import type { Part } from './part-runner.ts';

/** Health of the sidecar. A load balancer sends it terminals while `ok` is true. */
export interface IngestHealth {
  /** It takes terminals; a worker inside it is well, too. */
  ok: boolean;
  /** Connected to the database on every lane. */
  database: boolean;
  draining: boolean;
  connections: number;
  /** Of a worker that runs inside. */
  worker?: WorkerHealth;
}

/** How a worker is. */
export interface WorkerHealth {
  /** It runs jobs. */
  ok: boolean;
  /** It has the session by which others see that it lives. */
  database: boolean;
  draining: boolean;
}

export interface HealthOptions {
  /** Listens on 127.0.0.1; 0 takes a free port. */
  port: number;
  registry: Registry;
  read: () => Health;
}

/** Serves /healthz and /metrics on the loopback interface: see healthListener. */
export class HealthServer implements Part {
  readonly name = 'health';
  readonly #options: HealthOptions;
  #server: Server | undefined;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** Where it listens. @throws Error before it does. */
  get port(): number {
    return (certain(this.#server, 'the health port').address() as AddressInfo).port;
  }

  async start(): Promise<void> {
    const { port, registry, read } = this.#options;
    const server = createServer(healthListener(read, registry));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = certain(this.#server, 'the health port');
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}
