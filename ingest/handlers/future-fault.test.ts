import { describe, expect, it } from 'vitest';
import { hourBit } from '../protocol/hourly-values.ts';
import { wireDay } from '../protocol/wire-time.ts';
import { futureFault } from './future-fault.ts';

const day = wireDay('2026-02-28');
const at = (text: string) => new Date(text).getTime();

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
    ['and has just begun', { ...index(0), day: day + 1 }, '2026-03-01T00:00:00+09:00', undefined],
  ] as const)('%s', (_, report, receivedAt, fault) => {
    expect(futureFault(report, at(receivedAt))).toBe(fault);
  });
});
