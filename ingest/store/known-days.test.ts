import { expect, it } from 'vitest';
import { KnownDays } from './known-days.ts';

const UTILITY = 7;

function after(batches: readonly { reports: number; known: number }[]): boolean {
  const days = new KnownDays();
  for (const { reports, known } of batches) days.note(UTILITY, reports, known);
  return days.isSlow(UTILITY);
}

it.each([
  ['nothing was stored yet', [], false],
  ['all days were new', [{ reports: 500, known: 0 }], false],
  ['a batch was of known days', [{ reports: 60, known: 60 }], true],
  ['a few answers came among many new days', [{ reports: 500, known: 40 }], false],
  ['an eighth of the days was known', [{ reports: 400, known: 50 }], true],
  ['one correction came alone', [{ reports: 1, known: 1 }], false],
  ['single corrections came one after the other', Array(20).fill({ reports: 1, known: 1 }), false],
  ['statuses came alone', [{ reports: 0, known: 0 }], false],
])('a utility of which %s is slow: %#', (_what, batches, slow) => {
  expect(after(batches)).toBe(slow);
});

it('a slow utility is fast again after some batches of new days', () => {
  const known = { reports: 64, known: 64 };
  const fresh = Array.from({ length: 10 }, () => ({ reports: 64, known: 0 }));
  expect(after([known, known, ...fresh])).toBe(false);
});

it("one utility's known days say nothing about another", () => {
  const days = new KnownDays();
  days.note(UTILITY, 64, 64);
  expect(days.isSlow(UTILITY + 1)).toBe(false);
});
