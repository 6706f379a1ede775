import { describe, expect, it } from 'vitest';
import { choiceEdits } from './choices.ts';
import type { WorkItemDetail } from './work-list-wire.ts';

type Hour = WorkItemDetail['days'][number]['hours'][number];

/** A day with a register in each hour; `change` has hours that are otherwise. */
function dayOf(day: string, change: (hourEnding: number) => Partial<Hour>) {
  const hours = Array.from({ length: 24 }, (_, at) => ({
    ...{ hourEnding: at + 1, indexL: 1_000 + at, rule: null, stepRule: null, edit: null },
    ...change(at + 1),
  }));
  return { day, receivedAt: new Date('2026-10-11T00:00:00Z'), hours };
}

const fell = dayOf('2026-10-10', () => ({ rule: 'fell' }));
const partly = dayOf('2026-10-11', (hour) => (hour <= 2 ? { rule: 'fell' } : {}));
const step = dayOf('2026-10-12', (hour) => (hour === 5 ? { stepRule: 'implausible' } : {}));

describe('the edits of a decision', () => {
  it('strike a day as a whole where all of it is in doubt, else hour by hour', () => {
    expect(choiceEdits([fell, partly, step], 'struck')).toMatchObject([
      { day: '2026-10-10', kind: 'struck', hourEnding: null },
      { day: '2026-10-11', kind: 'struck', hourEnding: 1, hours: [1], indexL: [1_000] },
      { day: '2026-10-11', kind: 'struck', hourEnding: 2, hours: [2], indexL: [1_001] },
    ]);
  });

  it('confirm the registers in doubt of a day at once, and those at steps', () => {
    expect(choiceEdits([partly, step], 'confirmed')).toMatchObject([
      { day: '2026-10-11', hourEnding: null, hours: [1, 2], indexL: [1_000, 1_001] },
      { day: '2026-10-12', hourEnding: 5, hours: [5], indexL: [1_004] },
    ]);
  });

  it('name the hour of a single register with the value that was seen', () => {
    const one = dayOf('2026-10-10', (hour) => (hour === 13 ? { rule: 'jumped' } : {}));
    const edit = { day: '2026-10-10', hourEnding: 13, hours: [13], indexL: [1_012] };
    expect(choiceEdits([one], 'struck')).toEqual([{ ...edit, kind: 'struck' }]);
    expect(choiceEdits([one], 'confirmed')).toEqual([{ ...edit, kind: 'confirmed' }]);
  });

  it('are none where nothing is in doubt: a step is not struck', () => {
    expect(choiceEdits([step], 'struck')).toEqual([]);
    expect(choiceEdits([dayOf('2026-10-10', () => ({}))], 'confirmed')).toEqual([]);
  });
});
