import { describe, expect, test } from 'vitest';
import { closingDayOn, closingsSince, nextClosing } from './closing-history.ts';

const NOW = new Date('2026-11-26T12:00:00+09:00');
const always20 = { closingDay: 20, former: [] };
/** Closed on the 20th until 24 October, on the 5th since. */
const moved = { closingDay: 5, former: [{ untilOn: '2026-10-25', closingDay: 20 }] };

const days = (of: Parameters<typeof closingsSince>[0], fromOn: string) =>
  closingsSince(of, { fromOn, now: NOW, limit: 14 }).map((c) => [c.previousOn, c.closesOn]);

describe('closings of a supply point', () => {
  test('follow its closing day up to the one to come', () => {
    expect(days(always20, '2026-10-01')).toEqual([
      ['2026-09-20', '2026-10-20'],
      ['2026-10-20', '2026-11-20'],
      ['2026-11-20', '2026-12-20'],
    ]);
  });
  test('follow the former closing day until it was changed', () => {
    expect(days(moved, '2026-09-21')).toEqual([
      ['2026-09-20', '2026-10-20'],
      ['2026-10-20', '2026-11-05'],
      ['2026-11-05', '2026-12-05'],
    ]);
  });
  test('have a long period where the new day has passed already', () => {
    const later = { closingDay: 20, former: [{ untilOn: '2026-09-25', closingDay: 5 }] };
    expect(days(later, '2026-09-01').slice(0, 2)).toEqual([
      ['2026-08-05', '2026-09-05'],
      ['2026-09-05', '2026-10-20'],
    ]);
  });
  test('pass over a closing day that held between two of its closings only', () => {
    const twice = {
      closingDay: 20,
      former: [
        { untilOn: '2026-10-07', closingDay: 20 },
        { untilOn: '2026-10-18', closingDay: 5 },
      ],
    };
    expect(days(twice, '2026-10-01')[0]).toEqual(['2026-09-20', '2026-10-20']);
  });
  test('end a month on its last day', () => {
    const end = { closingDay: 31, former: [] };
    expect(closingsSince(end, { fromOn: '2026-02-10', now: NOW, limit: 2 })).toEqual([
      { closingDay: 31, previousOn: '2026-01-31', closesOn: '2026-02-28' },
      { closingDay: 31, previousOn: '2026-02-28', closesOn: '2026-03-31' },
    ]);
  });
});

test('the closing day of a date is the one that held then', () => {
  expect(closingDayOn(moved, '2026-10-24')).toBe(20);
  expect(closingDayOn(moved, '2026-10-25')).toBe(5);
});

test('the closing to come is that of today until its day has ended', () => {
  const now = new Date('2026-12-05T23:59:00+09:00');
  expect(nextClosing(moved, now)).toMatchObject({
    closesOn: '2026-12-05',
    previousOn: '2026-11-05',
  });
});
