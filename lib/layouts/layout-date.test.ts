import { expect, test } from 'vitest';
import { DATE_FORMS, formatDay } from './layout-date.ts';

test.each([
  ['slash', '2026/10/03'],
  ['iso', '2026-10-03'],
  ['compact', '20261003'],
  ['kanji', '2026年10月3日'],
  ['era-kanji', '令和8年10月3日'],
  ['era-dots', 'R08.10.03'],
  ['era-compact', 'R081003'],
] as const)('3 October 2026 as %s', (form, text) => {
  expect(formatDay('2026-10-03', form)).toBe(text);
});

test.each([
  ['2019-05-01', '令和元年5月1日', 'R01.05.01'],
  ['2019-04-30', '平成31年4月30日', 'H31.04.30'],
  ['1989-01-08', '平成元年1月8日', 'H01.01.08'],
  ['1989-01-07', '昭和64年1月7日', 'S64.01.07'],
  ['1926-12-25', '昭和元年12月25日', 'S01.12.25'],
])('%s belongs to the era that had begun', (day, words, digits) => {
  expect([formatDay(day, 'era-kanji'), formatDay(day, 'era-dots')]).toEqual([words, digits]);
});

test('a day before the eras that are known is an error in their forms alone', () => {
  expect(() => formatDay('1926-12-24', 'era-kanji')).toThrow(RangeError);
  for (const form of DATE_FORMS.filter((each) => !each.startsWith('era'))) {
    expect(formatDay('1926-12-24', form)).toContain('1926');
  }
});
