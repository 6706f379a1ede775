// Replay window of one direction [TERM-8]: the highest counter seen and 64 bits, bit 0 for that counter itself and bit
// k for the counter k below it. The 64 bits are two unsigned 32-bit halves, so that checking a frame needs no BigInt.

const WIDTH = 64;

/** Counters of one direction that were seen; the window of a new terminal is `EMPTY_WINDOW`. */
export type ReplayWindow = {
  /** Highest counter seen, 0 when none. */
  readonly high: number;
  /** Bits 63…32 of the mask, as an unsigned number. */
  readonly upper: number;
  /** Bits 31…0 of the mask, as an unsigned number. */
  readonly lower: number;
};

/** No counter seen. */
export const EMPTY_WINDOW: ReplayWindow = { high: 0, upper: 0, lower: 0 };

/** fresh: not seen; seen: taken before; too_old: below the window, so unknown. */
export type CounterVerdict = 'fresh' | 'seen' | 'too_old';

/** Judges a frame's counter (1 to 2³² − 1) [TERM-8.2]. */
export function judgeCounter(window: ReplayWindow, counter: number): CounterVerdict {
  const below = window.high - counter;
  if (below < 0) return 'fresh';
  if (below >= WIDTH) return 'too_old';
  const half = below < 32 ? window.lower : window.upper;
  return (half >>> (below & 31)) & 1 ? 'seen' : 'fresh';
}

/** The halves of a mask moved `by` bits towards older counters; bits past the 64th are dropped. */
function shifted(window: ReplayWindow, by: number): { upper: number; lower: number } {
  if (by >= WIDTH) return { upper: 0, lower: 0 };
  if (by >= 32) return { upper: (window.lower << (by - 32)) >>> 0, lower: 0 };
  if (by === 0) return window;
  const upper = ((window.upper << by) | (window.lower >>> (32 - by))) >>> 0;
  return { upper, lower: (window.lower << by) >>> 0 };
}

/** Union of two windows, as far as it reaches below the higher one. */
export function mergeWindows(a: ReplayWindow, b: ReplayWindow): ReplayWindow {
  const [newer, older] = a.high >= b.high ? [a, b] : [b, a];
  const moved = shifted(older, newer.high - older.high);
  return {
    high: newer.high,
    upper: (newer.upper | moved.upper) >>> 0,
    lower: (newer.lower | moved.lower) >>> 0,
  };
}

/** The window after a counter was taken; a counter below the window does not change it. */
export function takeCounter(window: ReplayWindow, counter: number): ReplayWindow {
  return mergeWindows(window, { high: counter, upper: 0, lower: 1 });
}

/** The window from its stored form: the mask as PostgreSQL's signed 64-bit integer. */
export function windowFromMask(high: number, mask: bigint): ReplayWindow {
  const bits = BigInt.asUintN(64, mask);
  return { high, upper: Number(bits >> 32n), lower: Number(bits & 0xffffffffn) };
}

/** The mask as PostgreSQL's signed 64-bit integer. */
export function maskOf(window: ReplayWindow): bigint {
  return BigInt.asIntN(64, (BigInt(window.upper) << 32n) | BigInt(window.lower));
}
