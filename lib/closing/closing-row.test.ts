import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkReasons, countRow, isShown, needsCheck, noCounts } from './closing-counts.ts';
import { type ClosingFacts, closingRow } from './closing-row.ts';

const FACTS: ClosingFacts = {
  customerNumber: '003010',
  supplyPointId: 11,
  supplyPointNumber: 'S1',
  occupancyId: 21,
  kind: 'regular',
  starts: false,
  areaName: '港町地区',
  terminalNumber: '0055000001',
  meterId: 31,
  fittedAtS: 0,
  meterSerial: '00700001',
  closesOn: '2026-11-20',
  indexL: 1_250_499,
  lagS: 0,
  heldIndexL: null,
  meterIsAway: false,
  previousIndexL: 1_205_000,
  previousAtS: Date.parse('2026-10-21T00:00:00+09:00') / 1000,
  previousMeterId: 31,
  previousFittedAtS: 0,
  previousDifferenceL: null,
  previousChange: null,
  previousRunId: null,
  previousFloorL: null,
  dialL: 10_000_000,
  sizeM3PerHour: 4,
  exchange: null,
  rounding: 'difference-of-floors',
  corrected: false,
  isDoubtful: false,
  stepRule: null,
  isUnvalidated: false,
  isIssuedToOther: false,
  expectedAtS: null,
};

describe('a closing row', () => {
  test('read at the closing instant is actual, and 24:00 is the next day’s beginning', () => {
    expect(closingRow(FACTS)).toMatchObject({
      quality: 'actual',
      lagHours: 0,
      readAt: '2026-11-21T00:00:00+09:00',
      usageL: 45_499,
      usageM3: '45',
      remarks: [],
    });
  });

  test('with an earlier reading is substituted and states when', () => {
    expect(closingRow({ ...FACTS, lagS: 26 * 3600 })).toMatchObject({
      quality: 'substituted',
      lagHours: 26,
      readAt: '2026-11-19T22:00:00+09:00',
    });
  });

  test('read within an hour that has begun counts that hour as lag', () => {
    expect(closingRow({ ...FACTS, lagS: 3601 })).toMatchObject({
      lagHours: 2,
      readAt: '2026-11-20T22:59:59+09:00',
    });
  });

  test('whose report is not due yet is awaited, with what is known so far and when it is expected', () => {
    const expectedAtS = Date.parse('2026-11-21T05:00:00+09:00') / 1000;
    expect(closingRow({ ...FACTS, lagS: 86_400, expectedAtS })).toMatchObject({
      quality: 'awaited',
      expectedAt: '2026-11-21T05:00:00+09:00',
      readAt: '2026-11-20T00:00:00+09:00',
      usageL: 45_499,
    });
    expect(closingRow({ ...FACTS, indexL: null, lagS: null, expectedAtS }).quality).toBe('awaited');
  });

  test('whose reading was entered by hand says so, at the closing instant and before it', () => {
    expect(closingRow({ ...FACTS, isEntered: true }).quality).toBe('entered');
    const earlier = closingRow({ ...FACTS, lagS: 7_200, isEntered: true });
    expect(earlier).toMatchObject({ quality: 'entered', lagHours: 2 });
    const expectedAtS = Date.parse('2026-11-21T05:00:00+09:00') / 1000;
    const awaited = closingRow({ ...FACTS, lagS: 7_200, isEntered: true, expectedAtS });
    expect(awaited.quality).toBe('awaited');
    expect(needsCheck(earlier)).toBe(false);
  });

  test('that uses an earlier reading on account of a strike says so', () => {
    const row = closingRow({ ...FACTS, lagS: 3_600, isStruck: true });
    expect(row).toMatchObject({ quality: 'substituted', remarks: ['reading-struck'] });
  });

  test('without a reading has no index, no usage and quality none', () => {
    expect(closingRow({ ...FACTS, indexL: null, lagS: null })).toMatchObject({
      quality: 'none',
      indexL: null,
      readAt: null,
      lagHours: null,
      usageL: null,
      usageM3: null,
      previousIndexL: 1_205_000,
    });
  });

  test('without an earlier reading has an index but no usage', () => {
    expect(closingRow({ ...FACTS, previousIndexL: null })).toMatchObject({
      quality: 'actual',
      usageL: null,
      usageM3: null,
      remarks: ['no-previous'],
    });
  });

  test('whose register fell keeps its reading, leaves the usage empty and states why', () => {
    expect(closingRow({ ...FACTS, previousIndexL: 1_250_500 })).toMatchObject({
      quality: 'actual',
      indexL: 1_250_499,
      usageL: null,
      usageM3: null,
      remarks: ['index-fell'],
    });
  });

  test('over an exchange adds both meters and states so', () => {
    const meter = { ...{ meterId: 30, dialL: 10_000_000, sizeM3PerHour: 4 }, fittedAtS: 0 };
    const exchange: ClosingFacts['exchange'] = [
      { ...meter, fromL: 1_205_000, toL: 1_215_600, fromAtS: 0, toAtS: 1 },
      { ...meter, meterId: 31, fromL: 0, toL: 30_450, fromAtS: 1, toAtS: 2 },
    ];
    expect(closingRow({ ...FACTS, exchange, indexL: 30_450 })).toMatchObject({
      usageL: 41_050,
      usageM3: '40',
      remarks: ['exchanged'],
    });
  });

  test("uses the requested rounding instead of the tariff's", () => {
    expect(closingRow(FACTS, 'difference-of-floors-0.1').usageM3).toBe('45.4');
  });

  test('of an occupancy that began in the period states so', () => {
    expect(closingRow({ ...FACTS, starts: true }).remarks).toEqual(['started']);
  });

  test('of a customer who was billed beyond the last day says by how much, and bills nothing', () => {
    const day = Date.parse('2026-11-21T00:00:00+09:00') / 1000;
    const final = { ...FACTS, kind: 'final', previousRunId: 7, previousIndexL: 1_260_000 } as const;
    const beyond = {
      ...{ ...final, meterId: 5, previousMeterId: 5, fittedAtS: 1, previousFittedAtS: 1 },
      ...{ closesOn: '2026-11-20', previousAtS: day + 1, indexL: 1_250_600 },
    };
    const told = { usageL: null, usageM3: null, heldL: -9400, remarks: ['issued-beyond'] };
    expect(closingRow(beyond)).toMatchObject(told);
    expect(closingRow({ ...beyond, previousMeterId: 6 })).toMatchObject({ ...told, heldL: null });
    expect(closingRow({ ...beyond, previousAtS: day }).remarks).not.toContain('issued-beyond');
  });

  test('that was billed to another customer in part is held, and says what it would be', () => {
    const billed = closingRow(FACTS);
    expect(closingRow({ ...FACTS, isIssuedToOther: true })).toMatchObject({
      ...{ usageL: null, usageM3: null, heldL: billed.usageL, remarks: ['issued-to-other'] },
    });
  });

  test('that is final, without a reading, gives the litres up to the one that is too old', () => {
    const held = { ...FACTS, kind: 'final', indexL: null, lagS: null } as const;
    expect(closingRow({ ...held, heldIndexL: 1_206_500 })).toMatchObject({
      ...{ quality: 'none', indexL: null, usageL: null, usageM3: null, heldL: 1_500 },
    });
    expect(closingRow(held)).toMatchObject({ usageL: null, heldL: null });
    const expectedAtS = Date.parse('2026-11-21T05:00:00+09:00') / 1000;
    expect(closingRow({ ...held, heldIndexL: 1_206_500, expectedAtS })).toMatchObject({
      ...{ quality: 'awaited', heldL: null },
    });
  });
});

describe('a row to check', () => {
  const none = { ...FACTS, indexL: null, lagS: null };

  test.each([
    { what: 'with a usage', facts: FACTS, reasons: [] },
    { what: 'that began in the period', facts: { ...FACTS, starts: true }, reasons: [] },
    { what: 'without a reading', facts: none, reasons: ['none'] },
    { what: 'without a meter', facts: { ...none, meterIsAway: true }, reasons: [] },
    {
      what: 'without an earlier reading',
      facts: { ...FACTS, previousIndexL: null },
      reasons: ['no-previous'],
    },
    {
      what: 'whose register fell, corrected',
      facts: { ...FACTS, previousIndexL: 1_250_500, corrected: true },
      reasons: ['index-fell', 'corrected'],
    },
    { what: 'corrected', facts: { ...FACTS, corrected: true }, reasons: ['corrected'] },
    {
      what: 'without a reading, corrected before',
      facts: { ...none, corrected: true },
      reasons: ['none', 'corrected'],
    },
  ])('$what has the reasons $reasons', ({ facts, reasons }) => {
    const row = closingRow(facts);
    expect(checkReasons(row)).toEqual(reasons);
    expect(isShown(row, 'check')).toBe(reasons.length > 0);
  });

  test('is each one without a usage, unless there is nothing to bill', () => {
    const registers = fc.option(fc.integer({ min: 0, max: 9_999_999 }), { nil: null });
    const facts = fc.record({
      ...{ indexL: registers, previousIndexL: registers, heldIndexL: registers },
      ...{ corrected: fc.boolean(), starts: fc.boolean() },
    });
    fc.assert(
      fc.property(facts, (given) => {
        const lagS = given.indexL === null ? null : 0;
        const row = closingRow({ ...FACTS, ...given, lagS });
        if (row.usageL === null) expect(needsCheck(row)).toBe(true);
      }),
    );
  });
});

test('rows are counted by kind, quality, remark and reason', () => {
  const counts = noCounts();
  countRow(counts, closingRow(FACTS));
  countRow(counts, closingRow({ ...FACTS, kind: 'final', lagS: 3600, corrected: true }));
  countRow(counts, closingRow({ ...FACTS, indexL: null, lagS: null }));
  countRow(counts, closingRow({ ...FACTS, previousIndexL: null, corrected: true }));
  for (const hour of ['05', '04']) {
    const expectedAtS = Date.parse(`2026-11-21T${hour}:00:00+09:00`) / 1000;
    countRow(counts, closingRow({ ...FACTS, lagS: 86_400, expectedAtS }));
  }
  countRow(counts, closingRow({ ...FACTS, isEntered: true }));
  expect(counts).toEqual({
    total: 7,
    final: 1,
    quality: {
      actual: 2,
      awaited: 2,
      substituted: 1,
      entered: 1,
      estimated: 0,
      certified: 0,
      none: 1,
    },
    awaitedUntil: '2026-11-21T05:00:00+09:00',
    remarks: { corrected: 2, 'no-previous': 1 },
    toCheck: 3,
    reasons: { corrected: 2, 'no-previous': 1, none: 1 },
    account: {
      ...{ actual: 1, substituted: 0, entered: 1, final: 1 },
      ...{ estimated: 0, certified: 0, awaited: 2, held: 1, none: 1, nothing: 0 },
    },
  });
});
