// A lane's connection to the database: its own, never out of the pool, whose connections others have been inside
// transactions on. It is made again as often as it breaks, and asked for a sign of life while the lane is quiet.
import type pg from 'pg';
import { prepareStoreConnection, type StoreTypes } from '../../lib/readings/store-commands.ts';
import type { Log } from '../log.ts';

export interface ConnectionLimits {
  /** A commit without an answer for so long counts as failed. */
  commitTimeoutMs: number;
  /** A new connection without an answer for so long is of no use. */
  prepareTimeoutMs: number;
  /** How often a connection that has nothing to do is asked for a sign of life, and how long that may take. */
  heartbeat: { everyMs: number; timeoutMs: number };
  reconnect: { minDelayMs: number; maxDelayMs: number; factor: number };
}

export interface LaneConnectionOptions {
  /** Opens a connection that nobody else uses. */
  open: () => Promise<pg.Client>;
  /** Whether no commit is under way, which would tell by itself. */
  isQuiet: () => boolean;
  /** Called each time a connection is fit for storing. */
  onReady: (types: StoreTypes) => void;
  /** Called once for each connection that had been ready and is no more. */
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

  /** The connection while it is fit for storing. */
  get client(): pg.Client | undefined {
    return this.#client;
  }

  /** A sign of life that is awaited; one query follows the other. */
  get beating(): Promise<void> | undefined {
    return this.#beating;
  }

  /** Connects, and goes on trying until it is closed; settles after the first attempt, whichever way it went. */
  async start(): Promise<void> {
    if (!(await this.#connect())) void this.#reconnect();
  }

  /** A commit went through: the next fault is a new one. A database that takes connections and no data is no better. */
  committed(): void {
    this.#delayMs = this.#options.limits.reconnect.minDelayMs;
  }

  /** Gives up a connection that failed, if it still is the present one, and tries for another. */
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

  /** Without it a database that has fallen silent is noticed only by the next commit. */
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

/** Ends a connection whatever state it is in; one with an unanswered query is cut, not waited for. */
function end(client: pg.Client): void {
  client.end().catch(() => undefined);
}
