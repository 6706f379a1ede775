import { describe, expect, it } from 'vitest';
import { addDays } from '../time.ts';
import { hourNumber } from '../usage/usage-line.ts';
import { weighVerdicts } from './litres-in-doubt.ts';
import { type JudgedFitting, judgeMeter } from './meter-verdicts.ts';

const meter = { sizeM3PerHour: 6, dialL: 100_000_000, gasKind: 'city' } as const;
const ALWAYS = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const FITTED: JudgedFitting = { ...ALWAYS, terminals: [ALWAYS] };

/** Days from 1 October with 20 L an hour from 1,000,000 L; hours of `spoiled` (day, hour) have another register. */
function days(count: number, registerAt: (hours: number) => number | null) {
  return Array.from({ length: count }, (_, day) => ({
    day: addDays('2026-10-01', day),
    indexL: Array.from({ length: 24 }, (_, hour) => registerAt(24 * day + hour + 1)),
  }));
}

const plain = (hours: number) => 1_000_000 + 20 * hours;

function weigh(history: ReturnType<typeof days>, fittings = [FITTED]) {
  return weighVerdicts(
    { fittings, days: history },
    judgeMeter({ meter, fittings, days: history }),
  ).map(({ day, doubtL, stepL }) => ({ day, doubtL, stepL }));
}

describe('litres in doubt', () => {
  it('are none of days without a verdict', () => {
    expect(weigh(days(5, plain))).toEqual([]);
  });

  it('of a register are its distance from what its sound neighbours allow', () => {
    const history = days(5, (hours) => {
      if (hours === 30) return 99_999_999;
      return hours === 31 ? 0 : plain(hours);
    });
    expect(weigh(history)).toEqual([
      { day: '2026-10-02', doubtL: [99_999_999 - plain(32), plain(29)], stepL: [] },
    ]);
  });

  it('of the last known register are its distance from the one before', () => {
    const history = days(2, (hours) => (hours === 48 ? 1_500_000 : plain(hours)));
    expect(weigh(history)).toEqual([
      { day: '2026-10-02', doubtL: [1_500_000 - plain(47)], stepL: [] },
    ]);
  });

  it('of a step that stays are its size', () => {
    const history = days(4, (hours) => plain(hours) + (hours > 48 ? 300_000 : 0));
    expect(weigh(history)).toEqual([{ day: '2026-10-03', doubtL: [], stepL: [300_020] }]);
  });

  it('of an hour without a terminal are none while the register fits its neighbours', () => {
    const from = hourNumber('2026-10-02', 9.5);
    const fittings = [{ ...ALWAYS, terminals: [{ from: ALWAYS.from, to: from }, ALWAYS] }];
    const gone = [{ ...ALWAYS, terminals: [{ from: ALWAYS.from, to: from }] }];
    expect(weigh(days(2, plain), fittings)).toEqual([]);
    const [weighed] = weigh(
      days(2, (hours) => (hours === 34 ? 5_000_000 : plain(hours))),
      gone,
    );
    expect(weighed?.doubtL).toEqual(
      [34, ...Array.from({ length: 14 }, (_, at) => 35 + at)].map((hours) =>
        hours === 34 ? 5_000_000 - plain(33) : plain(hours) - plain(33),
      ),
    );
  });

  it('count neighbours of the same fitting only', () => {
    const removed = hourNumber('2026-10-02', 12.2);
    const fittings = [
      { ...ALWAYS, to: removed, terminals: [ALWAYS] },
      { ...ALWAYS, from: hourNumber('2026-10-03', 0.5), terminals: [ALWAYS] },
    ];
    const history = days(3, (hours) => {
      if (hours === 36) return 16_777_215;
      return hours > 48 ? 10 + hours : plain(hours);
    });
    const found = weigh(history, fittings);
    expect(found).toContainEqual({
      ...{ day: '2026-10-02', stepL: [] },
      doubtL: [16_777_215 - plain(35)],
    });
  });
});
