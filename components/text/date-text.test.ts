import { expect, test } from 'vitest';
import {
  axisDay,
  axisMonth,
  dayText,
  fullDayText,
  fullInstantText,
  instantText,
} from './date-text.ts';

test('days and instants have the form of a Japanese office', () => {
  expect(dayText('2026-11-22', 'ja')).toBe('11月22日(日)');
  expect(fullDayText('2026-11-22', 'ja')).toBe('2026年11月22日(日)');
  expect(instantText('2026-11-22T20:05:00Z', 'ja')).toBe('11月23日(月) 05:05');
  expect(fullInstantText('2026-11-22T20:05:00Z', 'ja')).toBe('2026年11月23日(月) 05:05');
});

test('days and instants have an English form when that is chosen', () => {
  expect(dayText('2026-11-22', 'en')).toBe('Sun, November 22');
});

test.each(['ja', 'en'])('the hour after midnight is 00 (%s)', (locale) => {
  expect(instantText('2026-11-30T15:05:00Z', locale)).toMatch(/ 00:05$/);
});

test('axis labels are short, and a January has its year', () => {
  expect(axisDay('2026-01-05')).toBe('1/5');
  expect(axisMonth('2026-11-01', 'ja')).toBe('11月');
  expect(axisMonth('2026-01-01', 'ja')).toBe('2026年1月');
});
