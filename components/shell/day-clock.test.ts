import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDayClock } from './day-clock.ts';

const BEFORE_MIDNIGHT = new Date('2026-11-30T23:58:00+09:00');
const MINUTE_MS = 60_000;

let page: EventTarget;
beforeEach(() => {
  page = new EventTarget();
  vi.useFakeTimers({ now: BEFORE_MIDNIGHT });
});
afterEach(() => {
  vi.useRealTimers();
});

const present = (): Date => vi.getMockedSystemTime() ?? expect.fail('the clock is not faked');

/** A page opened now on a computer whose clock differs from the server's. */
function openPage(aheadMs = 0) {
  const readMs = () => present().getTime() + aheadMs;
  const clock = createDayClock({ now: present(), readMs, page: () => page });
  const seen: string[] = [];
  const leave = clock.subscribe(() => {
    if (seen.at(-1) !== clock.today()) seen.push(clock.today());
  });
  return { clock, seen, leave };
}

describe('the day of a page that stays open', () => {
  it.each([
    ['right', 0],
    ['two days slow', -48 * 60 * MINUTE_MS],
    ['an hour fast', 60 * MINUTE_MS],
  ])(
    'changes five seconds after midnight in Japan, by a computer whose clock is %s',
    (_, aheadMs) => {
      const { seen } = openPage(aheadMs);
      // The server has reached the new day by then, whatever the difference between the clocks.
      vi.advanceTimersByTime(2 * MINUTE_MS + 4_999);
      expect(seen).toEqual(['2026-11-30']);
      vi.advanceTimersByTime(1);
      expect(seen).toEqual(['2026-11-30', '2026-12-01']);
      vi.advanceTimersByTime(24 * 60 * MINUTE_MS);
      expect(seen).toEqual(['2026-11-30', '2026-12-01', '2026-12-02']);
    },
  );

  it('is the server’s from the first moment after midnight', () => {
    vi.setSystemTime(new Date('2026-12-01T00:00:00+09:00'));
    const { clock, seen } = openPage();
    expect(clock.today()).toBe('2026-12-01');
    vi.advanceTimersByTime(10 * MINUTE_MS);
    expect(seen).toEqual(['2026-12-01']);
  });

  it('is updated as soon as a computer that slept over midnight shows the page again', () => {
    const { seen } = openPage();
    // During sleep the clock went on, but timers did not.
    vi.setSystemTime(new Date('2026-12-02T08:00:00+09:00'));
    expect(seen).toEqual(['2026-11-30']);
    page.dispatchEvent(new Event('visibilitychange'));
    expect(seen).toEqual(['2026-11-30', '2026-12-02']);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('is not updated after the page is left', () => {
    const { seen, leave } = openPage();
    leave();
    expect(vi.getTimerCount()).toBe(0);
    vi.setSystemTime(new Date('2026-12-02T08:00:00+09:00'));
    page.dispatchEvent(new Event('visibilitychange'));
    expect(seen).toEqual(['2026-11-30']);
  });
});
