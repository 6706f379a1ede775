import { describe, expect, test } from 'vitest';
import { allowedKinds, changeBody, changeFaults, stayValues } from './change-values.ts';

const EMPTY = {
  ...{ customerNumber: '', occupancyId: '7', fromOn: '', lastOn: '', holdsFrom: '' },
  ...{ closingDay: '20', areaId: '3' },
};
const stay = { occupancyId: 7, customerNumber: '0012', fromOn: '2024-04-01', toOn: null };

describe('the form of a change', () => {
  test('sends the day after the last day of a customer', () => {
    expect(changeBody('move-out', { ...EMPTY, lastOn: '2026-02-28' })).toEqual({
      ...{ kind: 'move-out', occupancyId: 7, toOn: '2026-03-01' },
    });
  });
  test('leaves a stay open whose last day is empty', () => {
    expect(changeBody('stay-corrected', { ...EMPTY, fromOn: '2026-02-28' })).toMatchObject({
      toOn: null,
    });
  });
  test('takes a customer number in full width', () => {
    const values = { ...EMPTY, customerNumber: ' 00１２-A ', fromOn: '2026-02-28' };
    expect(changeFaults('move-in', values)).toEqual({});
    expect(changeBody('move-in', values)).toMatchObject({ customerNumber: '0012-A' });
  });
  test('asks for what is missing', () => {
    expect(changeFaults('move-in', EMPTY)).toEqual({
      ...{ customerNumber: 'noNumber', fromOn: 'required' },
    });
    expect(changeFaults('supply-closed', EMPTY)).toEqual({ holdsFrom: 'required' });
    expect(changeFaults('stay-corrected', { ...EMPTY, fromOn: '2026-02-28' })).toEqual({});
  });
  test('begins with the days of a stay', () => {
    expect(stayValues({ ...stay, toOn: '2026-03-01' })).toMatchObject({ lastOn: '2026-02-28' });
    expect(stayValues(stay)).toMatchObject({ fromOn: '2024-04-01', lastOn: '' });
  });
});

describe('the menu', () => {
  test('offers what the supply point allows', () => {
    expect(allowedKinds({ stays: [stay], closedOn: null })).toEqual([
      ...['move-out', 'stay-corrected', 'supply-closed', 'closing-day', 'area'],
    ]);
    expect(allowedKinds({ stays: [], closedOn: null })).toContain('move-in');
    expect(allowedKinds({ stays: [], closedOn: '2026-03-01' })).toEqual([
      ...['supply-opened', 'closing-day', 'area'],
    ]);
  });
});
