// Enters the validation of a utility as soon as readings are stored: registers in doubt have to be known before a page
// or a file uses them. The schedule enters it every minute too, so a missed look delays and loses nothing.
import type pg from 'pg';
import type { enqueueJob } from '../../lib/jobs/job-commands.ts';
import { listUtilitiesToValidate } from '../../lib/validation/validation-queries.ts';
import type { Transact } from '../ingest-database.ts';
import type { Log } from '../log.ts';

export interface ReadingWatchOptions {
  pool: Pick<pg.Pool, 'query'>;
  transact: Transact;
  enqueue: typeof enqueueJob;
  log: Log;
  everyMs?: number;
}

const EVERY_MS = 1_000;

/** Looks for readings to validate, one look after the other. */
export class ReadingWatch {
  readonly #options: ReadingWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(options: ReadingWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), this.#options.everyMs ?? EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { pool, transact, enqueue, log } = this.#options;
    const job = { kind: 'validate-readings', input: {}, key: 'all', keep: true } as const;
    try {
      for (const utilityId of await listUtilitiesToValidate(pool)) {
        await transact(utilityId, (tx) => enqueue(tx, { utilityId }, job));
      }
    } catch (error) {
      log.warn({ err: error }, 'it could not be seen which readings wait for validation');
    }
    this.#isLooking = false;
  }
}
