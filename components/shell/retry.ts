/** Automatic retries of API requests. Times in milliseconds. */

/** An error of the API, as app/api-client.ts throws it. */
interface Refusal {
  status?: unknown;
  retryAfterS?: unknown;
}

const TRIES = 2;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
/** Random extra delay as a share, so that pages refused together do not retry together. */
const SPREAD = 0.5;
const WORTH_RETRYING = new Set([0, 429, 503]);

/** True for a lost connection or a busy server; any other refusal would be the same again. */
export function isWorthRetrying(failures: number, error: Error & Refusal): boolean {
  return failures < TRIES && WORTH_RETRYING.has(Number(error.status ?? -1));
}

/** Delay that the answer states, else one that grows with each failure. @param chance 0…1 */
export function retryDelayMs(failures: number, error: Error & Refusal, chance: number): number {
  const serverDelay = Number(error.retryAfterS ?? 0) * 1_000;
  const delay = serverDelay > 0 ? serverDelay : FIRST_DELAY_MS * 2 ** failures;
  return Math.min(MAX_DELAY_MS, delay * (1 + SPREAD * chance));
}
