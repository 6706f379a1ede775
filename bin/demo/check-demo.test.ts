import { describe, expect, it } from 'vitest';
import { dueDays } from './check-demo.ts';

describe('the days that the demo’s check asks for', () => {
  it.each([
    { today: '2026-12-01', reported: '2026-11-29', month: '2026-11', wholeMonth: '2026-10' },
    { today: '2026-12-02', reported: '2026-11-30', month: '2026-11', wholeMonth: '2026-11' },
    { today: '2026-12-03', reported: '2026-12-01', month: '2026-12', wholeMonth: '2026-11' },
    { today: '2027-01-01', reported: '2026-12-30', month: '2026-12', wholeMonth: '2026-11' },
    { today: '2028-02-29', reported: '2028-02-27', month: '2028-02', wholeMonth: '2028-01' },
    { today: '2028-03-02', reported: '2028-02-29', month: '2028-02', wholeMonth: '2028-02' },
  ])('are reported on $today', ({ today, ...expected }) => {
    expect(dueDays(today)).toMatchObject(expected);
  });
});
