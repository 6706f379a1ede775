/**
 * Records written once a day for the same person and subject. Kept in memory: another or a restarted process writes a
 * record again, and none leaves it out.
 */
import { dayOf } from '../lib/time.ts';

/**
 * Maximum of remembered keys, more than a utility's clerks view in a day; beyond it records are written more than once.
 */
const MAX_KEPT = 10_000;

export class OnceADay {
  #day = '';
  readonly #done = new Set<string>();

  /** Runs `write` unless it already succeeded for this key on this day (JST). */
  async run(key: string, now: Date, write: () => Promise<void>): Promise<void> {
    const day = dayOf(now);
    if (day !== this.#day || this.#done.size >= MAX_KEPT) this.#done.clear();
    this.#day = day;
    if (this.#done.has(key)) return;
    await write();
    this.#done.add(key);
  }
}
