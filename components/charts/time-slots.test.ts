import { describe, expect, test } from 'vitest';
import { hourSlotOf, instantSlotOf } from './time-slots.ts';

test('an hour of usage is named by its ends, an instant of pressure by its clock time', () => {
  expect(hourSlotOf('2026-11-22', 22, 1, 'ja')).toMatchObject({
    label: '21〜22時',
    title: '11月22日(日) 21時〜22時',
  });
  expect(instantSlotOf('2026-11-22', 21, 1, 'ja')).toMatchObject({
    label: '21:00',
    title: '11月22日(日) 21:00',
  });
});

describe('the axis', () => {
  test.each([
    { name: 'of one day shows its hours', days: 1, hour: 1, label: '0〜1時' },
    { name: 'of two days shows the date where a day begins', days: 2, hour: 1, label: '11/22' },
    { name: 'of two days shows hours', days: 2, hour: 2, label: '1〜2時' },
    { name: 'of a week shows dates', days: 7, hour: 1, label: '11/22' },
    { name: 'of a week shows no hours', days: 7, hour: 12, label: '' },
  ])('$name', ({ days, hour, label }) => {
    expect(hourSlotOf('2026-11-22', hour, days, 'ja').label).toBe(label);
  });
});
