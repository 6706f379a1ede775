/**
 * Prometheus metrics of the web process. One instance per process: the server and each bundle of the built site share
 * it through `globalThis`.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METHODS } from './http-terms.ts';
import { RouteNames } from './route-names.ts';

/** Current state of a connection pool, or of its turns. */
export interface PoolState {
  name: string;
  inUse: number;
  waiting: number;
}

export interface RequestLine {
  method: string;
  path: string;
}

export class WebMetrics {
  readonly registry = new Registry();
  /** Set by the module that opens the pools. */
  pools: () => PoolState[] = () => [];
  /** Known routes, registered by the modules that serve them. */
  readonly routes = new RouteNames();
  readonly #requests: Counter<'route' | 'status'>;
  readonly #seconds: Histogram<'route'>;
  readonly #refusals: Counter<'code'>;
  readonly #signIns: Counter<'outcome'>;

  constructor() {
    const registers = [this.registry];
    this.#requests = new Counter({
      name: 'kenshin_web_requests_total',
      help: 'Requests answered, by route and status; 499 is a client that went before its answer.',
      labelNames: ['route', 'status'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'kenshin_web_request_seconds',
      help: 'Time from the request to the end of its answer, by route.',
      labelNames: ['route'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
      registers,
    });
    this.#refusals = new Counter({
      name: 'kenshin_web_refusals_total',
      help: 'Refusals of the API, by code.',
      labelNames: ['code'],
      registers,
    });
    this.#signIns = new Counter({
      name: 'kenshin_web_sign_ins_total',
      help: 'Sign-ins tried, by outcome.',
      labelNames: ['outcome'],
      registers,
    });
    this.#gauge('kenshin_web_pool_in_use', 'Connections or turns in use.', ({ inUse }) => inUse);
    this.#gauge('kenshin_web_pool_waiting', 'Callers that wait for one.', (pool) => pool.waiting);
  }

  /**
   * Counts an answer by the name of its route, never by the path as the client wrote it; without a route it is `other`.
   */
  answered({ method, path }: RequestLine, status: number, seconds: number): void {
    const name = this.routes.nameOf(path);
    const route = name && METHODS.has(method) ? `${method} ${name}` : 'other';
    this.#requests.inc({ route, status: String(status) });
    this.#seconds.observe({ route }, seconds);
  }

  refused(code: string): void {
    this.#refusals.inc({ code });
  }

  signIn(outcome: string): void {
    this.#signIns.inc({ outcome });
  }

  #gauge(name: string, help: string, read: (pool: PoolState) => number): void {
    const pools = () => this.pools();
    new Gauge({
      name,
      help,
      labelNames: ['pool'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const pool of pools()) this.set({ pool: pool.name }, read(pool));
      },
    });
  }
}

const kept = globalThis as typeof globalThis & { kenshinWebMetrics?: WebMetrics };

/** The metrics of this process. */
export function webMetrics(): WebMetrics {
  kept.kenshinWebMetrics ??= new WebMetrics();
  return kept.kenshinWebMetrics;
}
