import { describe, expect, test } from 'vitest';
import { allowedKinds, changeBody, changeFaults, stayValues } from './change-values.ts';

const EMPTY = {
  ...{ customerNumber: '', occupancyId: '7', fromOn: '', lastOn: '', holdsFrom: '' },
  ...{ closingDay: '20', areaId: '3', tariffId: '', meterId: '', size: '', dialL: '10000000' },
  ...{ at: '', indexM3: '', serial: '', registers: false, expiresOn: '', number: '' },
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
  const meter = {
    ...{ meterId: 5, serial: '123', sizeM3PerHour: 4, dialL: 10_000_000 },
    fittedAt: '2020-01-01T00:00:00Z',
  };
  const history = { ...meter, removedAt: null, startIndexL: null, finalIndexL: null };
  const fitted = { meter, meters: [history] };
  const none = { meter: null, meters: [] };
  const always = ['closing-day', 'tariff', 'area'];
  test('offers what the supply point allows', () => {
    expect(allowedKinds({ stays: [stay], closedOn: null, ...fitted })).toEqual([
      ...['move-out', 'stay-corrected', 'supply-closed', ...always],
      ...['meter-corrected', 'meter-removed', 'terminal-exchanged'],
    ]);
    expect(allowedKinds({ stays: [], closedOn: null, ...none })).toContain('move-in');
    expect(allowedKinds({ stays: [], closedOn: '2026-03-01', ...none })).toEqual([
      ...['supply-opened', ...always, 'meter-fitted', 'terminal-exchanged'],
    ]);
    expect(allowedKinds({ stays: [], closedOn: null, meter: null, meters: [history] })).toContain(
      'meter-corrected',
    );
  });
});

describe('the form of a tariff', () => {
  test('takes it away where none is chosen', () => {
    expect(changeBody('tariff', EMPTY)).toEqual({ kind: 'tariff', tariffId: null });
    expect(changeBody('tariff', { ...EMPTY, tariffId: '9' })).toMatchObject({ tariffId: 9 });
  });
});
