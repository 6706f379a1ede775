import { describe, expect, it } from 'vitest';
import { formatPlace, parsePlace } from './work-list.ts';

const PLACE = { litres: 98_000_000, closesOn: '2026-10-31', meterId: 7, fromOn: '2026-10-10' };

describe('the place of a row', () => {
  it('is read as it was written', () => {
    expect(parsePlace(formatPlace(PLACE))).toEqual(PLACE);
  });

  it.each([
    ['', 'nothing'],
    ['98000000_2026-10-31_7', 'a part'],
    ['98000000_2026-10-31_7_2026-10-10_8', 'more'],
    ['-1_2026-10-31_7_2026-10-10', 'negative litres'],
    ['1_2026-02-30_7_2026-10-10', 'a day that does not exist'],
    ['1_2026-10-31_4000000000_2026-10-10', 'a number beyond the ids'],
  ])('is not %s (%s)', (text) => {
    expect(parsePlace(text)).toBeUndefined();
  });
});
