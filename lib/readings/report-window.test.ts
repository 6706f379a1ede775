import { expect, test } from 'vitest';
import { isAwaited, USUAL_REPORT_WINDOW } from './report-window.ts';

const FITTED_AT = new Date('2025-01-01T00:00:00+09:00');
const TERMINAL = { fromAt: FITTED_AT, toAt: null, ...USUAL_REPORT_WINDOW };
const REMOVED = { ...TERMINAL, toAt: new Date('2026-11-22T12:00:00+09:00') };

test.each([
  { name: 'the day is still running', now: '2026-11-22T18:00', terminals: [TERMINAL], is: true },
  { name: 'its window is open', now: '2026-11-23T04:59', terminals: [TERMINAL], is: true },
  { name: 'its window has closed', now: '2026-11-23T05:00', terminals: [TERMINAL], is: false },
  { name: 'no terminal is there', now: '2026-11-23T04:59', terminals: [], is: false },
  {
    name: 'its terminal left before the end of the day',
    now: '2026-11-23T04:59',
    terminals: [REMOVED],
    is: false,
  },
  {
    name: 'the terminal fitted since has a later window',
    now: '2026-11-23T05:00',
    terminals: [REMOVED, { ...TERMINAL, fromAt: REMOVED.toAt, reportMinute: 61 }],
    is: true,
  },
])('whether a day is awaited: $name', ({ now, terminals, is }) => {
  expect(isAwaited('2026-11-22', terminals, new Date(`${now}:00+09:00`))).toBe(is);
});
