import { describe, expect, test } from 'vitest';
import type { ClosingDifferenceWire } from '../../lib/closing/run-wire.ts';
import { figuresOf, fileKindsOf, presenceOf, validRun } from './run-reading.ts';

describe('the run that is compared with today', () => {
  const whole = { runId: 2, state: 'issued', customerNumber: null } as const;
  const superseded = { runId: 4, state: 'superseded', customerNumber: null } as const;
  const ofOne = { runId: 5, state: 'issued', customerNumber: '001010' } as const;

  test('is the issued one of the whole closing, however many came after it', () => {
    expect(validRun([ofOne, superseded, whole])).toBe(whole);
  });

  test('is none when only parts or superseded ones are there', () => {
    expect(validRun([ofOne, superseded])).toBeUndefined();
    expect(validRun([])).toBeUndefined();
  });
});

test('the kinds of a run’s files stand once each, the latest first, a layout by its version', () => {
  const made = { layout: null, madeBy: 'staff:1', madeAt: '2026-11-27T00:12:00.000Z' };
  const own = (version: number) => ({
    ...({ format: 'layout', identifiers: null, ...made } as const),
    layout: { layoutId: 3, version, name: '販売管理' },
  });
  const kinds = fileKindsOf([
    { format: 'machine', identifiers: null, ...made },
    own(2),
    { format: 'office-cp932', identifiers: 'plain', ...made },
    { format: 'office-cp932', identifiers: 'excel', ...made },
    own(1),
    own(2),
    { format: 'machine', identifiers: null, ...made },
  ]);
  expect(kinds.map(({ name }) => name)).toEqual([
    { builtIn: 'machine' },
    { own: '販売管理', version: 2 },
    { builtIn: 'import-cp932' },
    { builtIn: 'excel-cp932' },
    { own: '販売管理', version: 1 },
  ]);
  expect(kinds.map(({ choice }) => choice).slice(0, 3)).toEqual([
    { format: 'machine' },
    { format: 'layout', layout: 3, layoutVersion: 2 },
    { format: 'office-cp932', identifiers: 'plain' },
  ]);
});

describe('a changed row', () => {
  const row = {
    ...{ customerNumber: '001010', supplyPointNumber: 'S1', kind: 'regular', areaName: '東' },
    ...{ terminalNumber: 'T1', meterSerial: 'M1', closesOn: '2026-11-20', indexL: 1_244_800 },
    ...{ readAt: null, lagHours: null, previousIndexL: 1_153_600, previousAt: null },
    ...{ previousDifferenceL: null, usageL: 91_200, usageM3: '91', heldL: null },
    ...{ registerM3: null, volumeFactor: null, correctionL: null, estimate: null },
    previousQuality: null,
    ...{ quality: 'actual', expectedAt: null, remarks: [] },
  } satisfies ClosingDifferenceWire['before'];

  test('has both figures, and says which of them is the same', () => {
    const after = { ...row, indexL: 1_244_850 };
    expect(figuresOf({ before: row, after })).toEqual({
      index: { from: '1244.800', to: '1244.850', isSame: false },
      usage: { from: '91', to: '91', isSame: true },
      previousIndex: { from: '1153.600', to: '1153.600', isSame: true },
    });
  });

  test('has no figure where there is no row, or no reading', () => {
    expect(figuresOf({ before: null, after: row }).index.from).toBeNull();
    const unread = { ...row, indexL: null, usageM3: null };
    expect(figuresOf({ before: row, after: unread })).toMatchObject({
      ...{ index: { to: null }, usage: { to: null } },
    });
    expect(presenceOf({ before: null, after: row })).toBe('came');
    expect(presenceOf({ before: row, after: null })).toBe('went');
    expect(presenceOf({ before: row, after: row })).toBe('both');
  });
});
