import { describe, expect, it } from 'vitest';
import { addDays } from '../time.ts';
import { hourNumber } from '../usage/usage-line.ts';
import { type JudgedFitting, judgeMeter } from './meter-verdicts.ts';

const meter = { sizeM3PerHour: 6, dialL: 100_000_000, gasKind: 'city' } as const;
const ALWAYS = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const NO_STEP = { stepHours: [], stepRules: [] };
const FITTED: JudgedFitting = { ...ALWAYS, terminals: [ALWAYS] };

/** Days from 1 October with 20 L an hour; the hours of `spoiled` (day of October, hour) have another register. */
function days(count: number, spoiled: Record<string, number> = {}) {
  return Array.from({ length: count }, (_, day) => ({
    day: addDays('2026-10-01', day),
    indexL: Array.from(
      { length: 24 },
      (_, hour) => spoiled[`${day + 1} ${hour + 1}`] ?? 1_000_000 + 480 * day + 20 * (hour + 1),
    ),
  }));
}

describe('the days of a meter', () => {
  it('without a register in doubt have no verdict', () => {
    expect(judgeMeter({ meter, fittings: [FITTED], days: days(60) })).toEqual([]);
  });

  it('have the hours in doubt with value and rule', () => {
    const spoiled = { '5 24': 0, '10 13': 99_999_999, '10 14': 16_777_215 };
    expect(judgeMeter({ meter, fittings: [FITTED], days: days(20, spoiled) })).toEqual([
      { day: '2026-10-05', hours: [24], indexL: [0], rules: ['fell'], ...NO_STEP },
      {
        ...{ day: '2026-10-10', hours: [13, 14], indexL: [99_999_999, 16_777_215] },
        ...{ rules: ['error-code', 'error-code'], ...NO_STEP },
      },
    ]);
  });

  it('do not count hours in which no terminal was fitted', () => {
    const fitted = hourNumber('2026-10-03', 9.5);
    const fitting = { ...ALWAYS, terminals: [{ ...ALWAYS, from: fitted }] };
    const [first, ...rest] = judgeMeter({ meter, fittings: [fitting], days: days(5).slice(2) });
    expect(first?.hours).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(first?.rules)).toEqual(new Set(['not-fitted']));
    expect(rest).toEqual([]);
  });

  it('are judged for each fitting by itself', () => {
    const removed = hourNumber('2026-10-03', 12.2);
    const again = hourNumber('2026-10-04', 15.7);
    const history = days(6).map(({ day, indexL }) => ({
      day,
      indexL: day >= '2026-10-04' ? indexL.map((index) => index - 900_000) : indexL,
    }));
    const fittings = [
      { ...ALWAYS, to: removed, terminals: [ALWAYS] },
      { ...ALWAYS, from: again, terminals: [ALWAYS] },
    ];
    expect(judgeMeter({ meter, fittings, days: history })).toEqual([]);
    expect(judgeMeter({ meter, fittings: [FITTED], days: history })).toEqual([
      expect.objectContaining({
        day: '2026-10-04',
        hours: [],
        stepHours: [1],
        stepRules: ['fallen'],
      }),
    ]);
  });
});
