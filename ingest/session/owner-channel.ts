// The connection over which other processes call this one by NOTIFY, and over which it says every few seconds that it is there. It is
// made again as often as it breaks; calls that were missed meanwhile are made up for by a look at all connections.
import type pg from 'pg';
import type { Log } from '../log.ts';
import type { TerminalOwners } from './terminal-owners.ts';

export const OWNER_CHANNEL: OwnerChannelLimits = {
  everyMs: 5000,
  minDelayMs: 100,
  maxDelayMs: 2000,
};

export interface OwnerChannelLimits {
  /** How often it says that it is there. */
  everyMs: number;
  minDelayMs: number;
  maxDelayMs: number;
}

export interface OwnerChannelOptions {
  processId: string;
  open: () => Promise<pg.Client>;
  /** Says over the connection that the process is there; false where it was not known. */
  keep: (client: pg.Client) => Promise<boolean>;
  /** Are called for a terminal, and compare all where calls may have been missed or this process was taken for ended. */
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

  /** Says that the process is there, and does so again later. */
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

/** Ends a connection whatever state it is in. */
function end(client: pg.Client): void {
  client.end().catch(() => undefined);
}
