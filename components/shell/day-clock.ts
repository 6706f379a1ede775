/**
 * The JST calendar day of a page that stays open. It begins with the server's instant and goes on by the time that the
 * browser's clock counts, so that a computer whose clock is wrong has the right day, also after a sleep over midnight.
 */
import { dayOf, instantOf } from '../../lib/time.ts';

export interface DayClock {
  /** YYYY-MM-DD; never a day before the server's. */
  today(): string;
  /** Calls `onTick` when the day may have changed, until the returned function is called. */
  subscribe(onTick: () => void): () => void;
}

export interface DayClockOptions {
  /** The server's present instant. */
  now: Date;
  /** The browser's clock, right or wrong. Milliseconds. */
  readMs: () => number;
  /** Tells of `visibilitychange`: a computer that slept runs its timers late. */
  page: () => Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
}

/** A day begins so much later here than at the server, which refuses to be asked for a day that is not over. */
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
