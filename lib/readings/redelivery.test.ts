import { describe, expect, it } from 'vitest';
import type { DayVersion } from './day-version-queries.ts';
import { isRedelivery, type RepeatedReport } from './redelivery.ts';

const values = { indexL: [100, null, 120], pressurePa: [2000, 2010, null] };
const held: DayVersion = { terminalId: 1, counter: 7, frameCheck: 99, ...values };
const report: RepeatedReport = {
  utilityId: 1,
  terminalId: 1,
  meterId: 1,
  day: '2026-01-01',
  counter: 5,
  frameCheck: 42,
  ...values,
};

describe('a report with a used counter', () => {
  it.each([
    ['is stored with the same content', {}, true],
    [
      'is stored under the same counter and tag, completed meanwhile',
      { counter: 7, frameCheck: 99, indexL: [1, 2, 3] },
      true,
    ],
    [
      'is a part of the stored hours',
      { indexL: [100, null, null], pressurePa: [null, null, null] },
      true,
    ],
    ['has one value more', { indexL: [100, 110, 120] }, false],
    ['has another value', { pressurePa: [2001, 2010, null] }, false],
    ['is another terminal’s', { terminalId: 2 }, false],
  ])('that %s is a redelivery or not', (_, change, expected) => {
    expect(isRedelivery({ ...report, ...change }, [held])).toBe(expected);
  });

  it('is looked for in every version of the day', () => {
    const corrected = { ...held, indexL: [500, 600, 700] };
    expect(isRedelivery(report, [corrected, held])).toBe(true);
    expect(isRedelivery(report, [corrected])).toBe(false);
    expect(isRedelivery(report, [])).toBe(false);
  });
});
