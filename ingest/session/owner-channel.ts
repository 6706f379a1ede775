// Connection over which other processes notify this one (NOTIFY), and over which it reports every few seconds that it
// is alive. It is reopened whenever it breaks; missed notifications are made up for by a check of all connections.
import type pg from 'pg';
import type { Log } from '../log.ts';
import type { TerminalOwners } from './terminal-owners.ts';

export const OWNER_CHANNEL: OwnerChannelLimits = {
  everyMs: 5000,
  minDelayMs: 100,
  maxDelayMs: 2000,
};

export interface OwnerChannelLimits {
  /** Interval of its reports. */
  everyMs: number;
  minDelayMs: number;
  maxDelayMs: number;
}

export interface OwnerChannelOptions {
  processId: string;
  open: () => Promise<pg.Client>;
  /** Reports over the connection that the process is alive; false when it was unknown. */
  keep: (client: pg.Client) => Promise<boolean>;
  /**
   * Owners to notify of a terminal; they compare all when notifications may have been missed or this process was
   * considered dead.
   */
  owners: Pick<TerminalOwners, 'call' | 'holdAll'>;
  log: Log;
  limits: OwnerChannelLimits;
}

export class OwnerChannel {
  readonly #options: OwnerChannelOptions;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #delayMs: number;
  #closed = false;

  constructor(options: OwnerChannelOptions) {
    this.#options = options;
    this.#delayMs = options.limits.minDelayMs;
  }

  /** Connects, and retries until it is closed; resolves after the first attempt, successful or not. */
  async start(): Promise<void> {
    const { open, processId, owners, log, limits } = this.#options;
    let client: pg.Client | undefined;
    try {
      const opened = await open();
      client = opened;
      opened.on('error', (error) => this.#lose(opened, error));
      opened.on('end', () => this.#lose(opened, new Error('the connection ended')));
      opened.on('notification', ({ payload }) => owners.call(Number(payload)));
      this.#client = opened;
      await opened.query(`listen "kenshin_process_${processId}"`);
      await this.#beat(opened, true);
      this.#delayMs = limits.minDelayMs;
    } catch (error) {
      log.warn({ err: error }, 'this process cannot be called by others; it tries again');
      if (client !== undefined) end(client);
      if (this.#client === client) this.#retry();
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) end(client);
  }

  /** Reports that the process is alive, and schedules the next report. */
  async #beat(client: pg.Client, isNew: boolean): Promise<void> {
    const { keep, owners, limits } = this.#options;
    const wasKnown = await keep(client);
    if (isNew || !wasKnown) await owners.holdAll();
    if (this.#closed) end(client);
    if (this.#closed || this.#client !== client) return;
    this.#timer = setTimeout(() => {
      this.#beat(client, false).catch((error: Error) => this.#lose(client, error));
    }, limits.everyMs);
  }

  #lose(client: pg.Client, error: Error): void {
    if (this.#client !== client || this.#closed) return;
    this.#options.log.warn(
      { err: error },
      'this process cannot be called by others; it tries again',
    );
    end(client);
    this.#retry();
  }

  #retry(): void {
    this.#client = undefined;
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(this.#options.limits.maxDelayMs, delayMs * 2);
    this.#timer = setTimeout(() => void this.start(), delayMs);
  }
}

/** Closes a connection in any state. */
function end(client: pg.Client): void {
  client.end().catch(() => undefined);
}
