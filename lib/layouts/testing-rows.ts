import type { ClosingRow } from '../closing/closing-row.ts';

/** A row of a closing for tests of files. */
export const ROW: ClosingRow = {
  ...{ customerNumber: '000123', supplyPointId: 1, supplyPointNumber: 'S00001', occupancyId: 1 },
  ...{ kind: 'regular', areaName: '髙台①地区', terminalNumber: '0055000000000001' },
  ...{ meterSerial: '00700001', closesOn: '2026-11-20', indexL: 1_250_500 },
  ...{ readAt: '2026-11-21T00:00:00+09:00', lagHours: 0, previousIndexL: 1_205_001 },
  ...{ previousAt: '2026-10-21T00:00:00+09:00', previousDifferenceL: null },
  ...{ usageL: 45_499, usageM3: '45', heldL: null, quality: 'actual', expectedAt: null },
  ...{ registerM3: null, volumeFactor: null, correctionL: null, estimate: null },
  ...{ previousQuality: null, remarks: [] },
};

/** Rows with the values that are difficult to write: unknown ones, a negative difference, remarks, signs in front. */
export const DIFFICULT_ROWS: readonly ClosingRow[] = [
  ROW,
  {
    ...ROW,
    ...{ terminalNumber: null, indexL: null, readAt: null, lagHours: null },
    ...{ usageL: null, usageM3: null, quality: 'none' },
  },
  { ...ROW, kind: 'final', remarks: ['exchanged', 'started'], closesOn: '2026-11-03' },
  {
    ...ROW,
    ...{ remarks: ['previous-changed'], previousDifferenceL: -52_800, usageM3: '45.4' },
  },
  {
    ...ROW,
    ...{ customerNumber: '-1', areaName: '=1+1, "港"', quality: 'awaited' },
    ...{
      expectedAt: '2026-11-21T05:00:00+09:00',
      readAt: '2026-11-20T21:00:00+09:00',
      lagHours: 3,
    },
  },
  {
    ...ROW,
    ...{
      quality: 'certified',
      previousQuality: 'estimated',
      registerM3: '40',
      volumeFactor: '1.1250',
    },
    ...{ correctionL: -1_200, remarks: ['volume-converted', 'meter-correction'] },
    estimate: {
      ...{ basis: 'decision', indexL: 1_250_500, isDisaster: false },
      ...{ lastUsage: null, between: null, certified: null },
    },
  },
];
