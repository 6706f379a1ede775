import { describe, expect, it } from 'vitest';
import { wireDay } from '../protocol/clock.ts';
import { hourBit } from '../protocol/hours.ts';
import { arrivalOf, futureFault, wireDayNow } from './arrival.ts';

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

describe('a report of the day that is not over', () => {
  const full = 0xffffff;
  const until = (hour: number) => full & -hourBit(hour);
  const index = (indexMask: number) => ({ day, indexMask, pressureMask: 0 });
  it.each([
    ['with all its hours, at its end', index(full), '2026-03-01T00:00:00+09:00', undefined],
    ['by a clock five minutes ahead', index(full), '2026-02-28T23:55:00+09:00', undefined],
    ['by a clock further ahead', index(full), '2026-02-28T23:54:59+09:00', 'future_hour'],
    ['with the hours so far', index(until(13)), '2026-02-28T13:39:00+09:00', undefined],
    ['with an index to come', index(until(14)), '2026-02-28T13:39:00+09:00', 'future_hour'],
    [
      'with a pressure to come',
      { day, indexMask: until(13), pressureMask: 1 },
      '2026-02-28T13:39:00+09:00',
      'future_hour',
    ],
    ['without any hour', index(0), '2026-02-28T00:00:00+09:00', undefined],
    ['and has not begun', { ...index(0), day: day + 1 }, '2026-02-28T23:59:59+09:00', 'future_day'],
  ] as const)('%s', (_, report, receivedAt, fault) => {
    expect(futureFault(report, at(receivedAt))).toBe(fault);
  });
});
