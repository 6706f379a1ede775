/**
 * Current JST day of a page that stays open: the server's instant plus the time that the browser's clock has counted
 * since. So a computer with a wrong clock has the right day, also after sleeping over midnight.
 */
import { dayOf, instantOf } from '../../lib/time.ts';

export interface DayClock {
  /** YYYY-MM-DD; never a day before the server's. */
  today(): string;
  /** Calls `onTick` when the day may have changed; returns the function that ends the subscription. */
  subscribe(onTick: () => void): () => void;
}

export interface DayClockOptions {
  /** The server's present instant. */
  now: Date;
  /** Reads the browser's clock, milliseconds; it need not be right. */
  readMs: () => number;
  /** Source of `visibilitychange`: after sleep, timers run late. */
  page: () => Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
}

/** Delay of a new day after the server's midnight, because the server refuses days that are not over. */
const MARGIN_MS = 5_000;
const LOOK_EVERY_MS = 60_000;

export function createDayClock({ now, readMs, page }: DayClockOptions): DayClock {
  const aheadMs = readMs() - now.getTime();
  const nowMs = () => Math.max(now.getTime(), readMs() - aheadMs - MARGIN_MS);
  const today = () => dayOf(new Date(nowMs()));
  return {
    today,
    subscribe(onTick) {
      let timer: ReturnType<typeof setTimeout>;
      const look = () => {
        onTick();
        const leftMs = instantOf(today(), 24).getTime() - nowMs();
        timer = setTimeout(look, Math.min(leftMs, LOOK_EVERY_MS));
      };
      const lookAgain = () => {
        clearTimeout(timer);
        look();
      };
      look();
      page().addEventListener('visibilitychange', lookAgain);
      return () => {
        clearTimeout(timer);
        page().removeEventListener('visibilitychange', lookAgain);
      };
    },
  };
}
