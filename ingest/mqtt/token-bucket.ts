/** How often something may happen: `burst` at once, then `perSecond` on average. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/** A token bucket; full at first. Time comes in as milliseconds of any clock that does not go back. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAtMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAtMs = nowMs;
  }

  /** Takes one token; false when there is none. */
  take(nowMs: number): boolean {
    if (nowMs > this.#filledAtMs) {
      const gained = ((nowMs - this.#filledAtMs) * this.#rate.perSecond) / 1000;
      this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
      this.#filledAtMs = nowMs;
    }
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
