import { describe, expect, test } from 'vitest';
import { closingTime } from './closing-time.ts';

const ja = closingTime('ja', '2026-11-26');
const en = closingTime('en', '2026-11-26');

describe('a time on the closing page', () => {
  test('has the year only when it is not the present one', () => {
    expect(ja.day('2026-11-20')).toBe('11月20日');
    expect(ja.day('2025-01-31')).toBe('2025年1月31日');
    expect(en.day('2026-11-20')).toBe('Nov 20');
  });

  test('is written in JST without a leading zero', () => {
    expect(ja.instant('2026-11-26T15:15:00.000Z')).toBe('11月27日 0:15');
    expect(ja.clock('2026-11-25T23:21:00.000Z')).toBe('8:21');
    expect(ja.clock('2026-11-26T00:05:00+09:00')).toBe('0:05');
  });

  test('has the day of the week where it is asked for', () => {
    expect(ja.dated('2026-11-27T00:12:00.000Z')).toBe('11月27日(金) 9:12');
    expect(en.dated('2026-11-27T00:12:00.000Z')).toBe('Fri, Nov 27 9:12');
  });

  test('of a reading at midnight is 24:00 of the day that it closes', () => {
    expect(ja.reading('2026-11-21T00:00:00+09:00')).toBe('11月20日 24:00');
    expect(ja.reading('2026-11-20T22:00:00+09:00')).toBe('11月20日 22:00');
  });

  test('of a window names the second day only when it is another', () => {
    expect(ja.window('2026-11-26T14:52:00+09:00', '2026-11-26T15:22:00+09:00')).toEqual({
      ...{ from: '11月26日 14:52', until: '15:22' },
    });
    expect(ja.window('2026-11-26T23:45:00+09:00', '2026-11-27T00:15:00+09:00')).toEqual({
      ...{ from: '11月26日 23:45', until: '11月27日 0:15' },
    });
  });
});
