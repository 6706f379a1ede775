import { describe, expect, it } from 'vitest';
import { type EditedHours, editedRegisters, withEdit, withoutHours } from './edited-hours.ts';

const received = Array.from({ length: 24 }, (_, at) => (at === 5 ? null : 100 + at));

const EDITS: EditedHours = {
  day: '2026-10-20',
  hours: [1, 2, 6, 24],
  kinds: ['struck', 'confirmed', 'entered', 'struck'],
  indexL: [100, 101, 105, 999],
};

describe('edits of a day', () => {
  it('strike and enter registers, and make anchors of those that a person vouches for', () => {
    const { indexL, anchorHours } = editedRegisters(received, EDITS);
    expect([indexL[0], indexL[1], indexL[5]]).toEqual([null, 101, 105]);
    expect(anchorHours).toEqual([2, 6]);
  });

  it('hold for the value that they are about, but an entered register stays', () => {
    const other = received.map((register) => (register === null ? 7 : register + 1));
    const { indexL, anchorHours } = editedRegisters(other, EDITS);
    expect(indexL).toEqual(other.map((register, at) => (at === 5 ? 105 : register)));
    expect(anchorHours).toEqual([6]);
    // The strike of hour 24 is of another register than was received.
    expect(editedRegisters(received, EDITS).indexL[23]).toBe(123);
  });

  it('give their hours to a later edit, and leave them when taken back', () => {
    const later = withEdit(EDITS, {
      ...{ day: '2026-10-20', hours: [1], kinds: ['entered'], indexL: [99] },
    });
    expect(later.hours.toSorted((a, b) => a - b)).toEqual([1, 2, 6, 24]);
    expect(editedRegisters(received, later).indexL[0]).toBe(99);
    const back = withoutHours(later, [1]);
    expect(back.hours).toEqual([2, 6, 24]);
    expect(editedRegisters(received, back).indexL[0]).toBe(100);
  });
});
