/** When a page asks again by itself what the API did not answer. Times in milliseconds. */

/** A refusal of the API, as app/api-client.ts throws it. */
interface Refusal {
  status?: unknown;
  retryAfterS?: unknown;
}

const TRIES = 2;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
/** As much again, by chance, so that pages that were refused together do not come back together. */
const SPREAD = 0.5;
const WORTH_RETRYING = new Set([0, 429, 503]);

/** A refusal will not change by asking again; a lost connection and a busy server may. */
export function isWorthRetrying(failures: number, error: Error & Refusal): boolean {
  return failures < TRIES && WORTH_RETRYING.has(Number(error.status ?? -1));
}

/** As long as the answer said, else longer from time to time. @param chance 0…1 */
export function retryDelayMs(failures: number, error: Error & Refusal, chance: number): number {
  const told = Number(error.retryAfterS ?? 0) * 1_000;
  const delay = told > 0 ? told : FIRST_DELAY_MS * 2 ** failures;
  return Math.min(MAX_DELAY_MS, delay * (1 + SPREAD * chance));
}
