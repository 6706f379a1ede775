/**
 * What is written down once a day for the same person and thing. It is kept in the memory of the process: another
 * process, or one that was started anew, writes it once more, and none leaves it out.
 */
import { dayOf } from '../lib/time.ts';

/** More than a utility's clerks look at in a day; beyond it things are written more often than once. */
const MAX_KEPT = 10_000;

export class OnceADay {
  #day = '';
  readonly #done = new Set<string>();

  /** Runs `write` unless it was run for this key on this day (JST) before and ended well. */
  async run(key: string, now: Date, write: () => Promise<void>): Promise<void> {
    const day = dayOf(now);
    if (day !== this.#day || this.#done.size >= MAX_KEPT) this.#done.clear();
    this.#day = day;
    if (this.#done.has(key)) return;
    await write();
    this.#done.add(key);
  }
}
