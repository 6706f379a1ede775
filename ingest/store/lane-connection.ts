// A lane's database connection. It is not from the pool, whose clients may still be inside a transaction after a query
// time-out. It is reopened whenever it breaks, and checked by a heartbeat while the lane is quiet.
import type pg from 'pg';
import { prepareStoreConnection, type StoreTypes } from '../../lib/readings/store-commands.ts';
import type { Log } from '../log.ts';

export interface ConnectionLimits {
  /** Time without an answer after which a commit counts as failed. */
  commitTimeoutMs: number;
  /** Time without an answer after which a new connection is dropped. */
  prepareTimeoutMs: number;
  /** Interval of the heartbeat on an idle connection, and its time limit. */
  heartbeat: { everyMs: number; timeoutMs: number };
  reconnect: { minDelayMs: number; maxDelayMs: number; factor: number };
}

export interface LaneConnectionOptions {
  /** Opens a connection for exclusive use. */
  open: () => Promise<pg.Client>;
  /** True when no commit is running, which would itself detect a fault. */
  isQuiet: () => boolean;
  /** Called each time a connection is ready for storing. */
  onReady: (types: StoreTypes) => void;
  /** Called once for each connection that was ready and was lost. */
  onLost: (error: Error) => void;
  log: Log;
  limits: ConnectionLimits;
}

export class LaneConnection {
  readonly #options: LaneConnectionOptions;
  #client: pg.Client | undefined;
  #delayMs: number;
  #heartbeat: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #closed = false;

  constructor(options: LaneConnectionOptions) {
    this.#options = options;
    this.#delayMs = options.limits.reconnect.minDelayMs;
  }

  /** The connection while it is ready for storing. */
  get client(): pg.Client | undefined {
    return this.#client;
  }

  /** The pending heartbeat; queries run in sequence. */
  get beating(): Promise<void> | undefined {
    return this.#beating;
  }

  /** Connects, and retries until it is closed; resolves after the first attempt, successful or not. */
  async start(): Promise<void> {
    if (!(await this.#connect())) void this.#reconnect();
  }

  /**
   * A commit succeeded, so the next fault counts as the first. A connection alone does not count, since the database
   * may accept connections and no data.
   */
  committed(): void {
    this.#delayMs = this.#options.limits.reconnect.minDelayMs;
  }

  /** Drops a failed connection, if it is still the current one, and opens another. */
  lose(client: pg.Client, error: Error): void {
    if (this.#client !== client) return;
    this.#drop();
    this.#options.onLost(error);
    void this.#reconnect();
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  #drop(): void {
    clearInterval(this.#heartbeat);
    this.#beating = undefined;
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) end(client);
  }

  async #connect(): Promise<boolean> {
    const { open, limits, log, onReady } = this.#options;
    let client: pg.Client | undefined;
    try {
      const opened = await open();
      client = opened;
      client.on('error', (error) => this.lose(opened, error));
      const types = await prepareStoreConnection(client, limits);
      if (this.#closed) {
        end(client);
        return true;
      }
      this.#client = client;
      this.#heartbeat = setInterval(() => this.#beat(opened), limits.heartbeat.everyMs);
      onReady(types);
      return true;
    } catch (error) {
      if (client !== undefined) end(client);
      log.warn({ err: error }, 'the database is away; trying again');
      return false;
    }
  }

  async #reconnect(): Promise<void> {
    const { maxDelayMs, factor } = this.#options.limits.reconnect;
    while (!this.#closed) {
      const delayMs = this.#delayMs;
      this.#delayMs = Math.min(maxDelayMs, delayMs * factor);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (this.#closed || (await this.#connect())) return;
    }
  }

  /** Without it a silent database is noticed only by the next commit. */
  #beat(client: pg.Client): void {
    const { isQuiet, limits } = this.#options;
    if (this.#beating !== undefined || !isQuiet()) return;
    const query = { text: 'select', query_timeout: limits.heartbeat.timeoutMs };
    const beating = client
      .query(query)
      .then(
        () => undefined,
        (error: Error) => this.lose(client, error),
      )
      .finally(() => {
        if (this.#beating === beating) this.#beating = undefined;
      });
    this.#beating = beating;
  }
}

/** Closes a connection in any state; one with an unanswered query is destroyed, not waited for. */
function end(client: pg.Client): void {
  client.end().catch(() => undefined);
}
