import { describe, expect, it } from 'vitest';
import { wireDay } from '../protocol/clock.ts';
import { arrivalOf, wireDayNow } from './arrival.ts';

const day = wireDay('2026-02-28');
const live = { day, history: false, requested: false };
const at = (text: string) => new Date(text).getTime();

describe('how a day arrives', () => {
  it.each([
    ['before the window', '2026-03-01T00:00:01+09:00', 1],
    ['in the window', '2026-03-01T04:59:59+09:00', 1],
    ['when the window is just over', '2026-03-01T05:00:00+09:00', 2],
    ['days later', '2026-03-09T00:00:00+09:00', 2],
    ['while it lasts', '2026-02-28T18:00:00+09:00', 1],
  ])('%s', (_, receivedAt, arrival) => {
    expect(arrivalOf(live, at(receivedAt), 300)).toBe(arrival);
  });

  it('as history or as an answer, whenever it comes', () => {
    const soon = at('2026-03-01T00:00:01+09:00');
    expect(arrivalOf({ ...live, history: true }, soon, 300)).toBe(3);
    expect(arrivalOf({ ...live, requested: true }, soon, 300)).toBe(4);
    expect(arrivalOf({ ...live, history: true, requested: true }, soon, 300)).toBe(3);
  });

  it('is judged by the day in Japan', () => {
    expect(wireDayNow(at('2026-02-28T23:59:59+09:00'))).toBe(day);
    expect(wireDayNow(at('2026-03-01T00:00:00+09:00'))).toBe(day + 1);
  });
});
