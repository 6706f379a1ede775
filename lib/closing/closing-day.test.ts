import { describe, expect, test } from 'vitest';
import { DomainError } from '../errors.ts';
import { closingCalendar, closingDate, latestClosing, parseClosingDay } from './closing-day.ts';

describe('the date of a closing', () => {
  test.each([
    { month: '2026-11', closingDay: 20, on: '2026-11-20' },
    { month: '2026-11', closingDay: 31, on: '2026-11-30' },
    { month: '2026-02', closingDay: 30, on: '2026-02-28' },
    { month: '2028-02', closingDay: 31, on: '2028-02-29' },
    { month: '2026-12', closingDay: 31, on: '2026-12-31' },
    { month: '2026-03', closingDay: 1, on: '2026-03-01' },
  ])('closing day $closingDay closes $month on $on', ({ month, closingDay, on }) => {
    expect(closingDate(month, closingDay)).toBe(on);
  });

  test('"end" is month end, and a leading zero is accepted', () => {
    expect(parseClosingDay('end')).toBe(31);
    expect(parseClosingDay('05')).toBe(5);
  });

  test.each(['0', '32', '', 'x', '-1', '5.0', '１０', 'END'])('refuses "%s"', (text) => {
    expect(() => parseClosingDay(text)).toThrow(DomainError);
  });
});

describe('the closings of a period', () => {
  const period = { closingDay: 31, fromMonth: '2026-09', toMonth: '2026-11' };

  test('each knows the closing a month earlier, on the last day where a month is shorter', () => {
    const { closings, futureOn } = closingCalendar(period, new Date('2026-12-01T00:00:00+09:00'));
    expect(closings).toEqual([
      { closesOn: '2026-09-30', previousOn: '2026-08-31' },
      { closesOn: '2026-10-31', previousOn: '2026-09-30' },
      { closesOn: '2026-11-30', previousOn: '2026-10-31' },
    ]);
    expect(futureOn).toEqual([]);
  });

  test('a future closing is listed separately, to the millisecond', () => {
    const { closings, futureOn } = closingCalendar(
      period,
      new Date('2026-11-30T23:59:59.999+09:00'),
    );
    expect(closings.map(({ closesOn }) => closesOn)).toEqual(['2026-09-30', '2026-10-31']);
    expect(futureOn).toEqual(['2026-11-30']);
  });

  test('refuses a period that ends before it begins', () => {
    expect(() => closingCalendar({ ...period, toMonth: '2026-08' }, new Date())).toThrow(
      'the last month 2026-08 lies before the first, 2026-09',
    );
  });

  test('refuses more months than the maximum', () => {
    expect(() => closingCalendar({ ...period, fromMonth: '1990-01' }, new Date())).toThrow(
      'at most 240 months',
    );
  });
});

test.each([
  { closingDay: 20, at: '2026-11-23T12:00:00+09:00', on: '2026-11-20' },
  { closingDay: 25, at: '2026-11-23T12:00:00+09:00', on: '2026-10-25' },
  { closingDay: 22, at: '2026-11-23T00:00:00+09:00', on: '2026-11-22' },
  { closingDay: 31, at: '2026-03-01T00:00:00+09:00', on: '2026-02-28' },
])('the latest closing of day $closingDay at $at is $on', ({ closingDay, at, on }) => {
  expect(latestClosing(closingDay, new Date(at)).closesOn).toBe(on);
});
