import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDayReport, type DayReport, decodeDayReport, encodeDayReport } from './day-report.ts';
import { type HourlyValues, hourlyValues, packHourly } from './hourly-values.ts';
import { dayReport } from './testing-messages.ts';

const none = Array<null>(24).fill(null);

function reportOf(indexes: HourlyValues, pressures: HourlyValues = none): DayReport {
  const report = createDayReport();
  report.meterSerial = '0123';
  report.indexMask = packHourly('index', indexes, report.indexL);
  report.pressureMask = packHourly('pressure', pressures, report.pressurePa);
  return report;
}

function decoded(payload: Uint8Array): DayReport {
  const report = createDayReport();
  expect(decodeDayReport(payload, report)).toEqual({ ok: true });
  return report;
}

function refusal(payload: Uint8Array) {
  return decodeDayReport(payload, createDayReport());
}

function at(hours: Readonly<Record<number, number>>): (number | null)[] {
  return none.map((_, i) => hours[i + 1] ?? null);
}

describe('a day report', () => {
  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(dayReport, (report) => {
        expect(decoded(encodeDayReport(report))).toEqual(report);
      }),
    );
  });

  it('decoded into a used structure leaves none of its values', () => {
    fc.assert(
      fc.property(dayReport, dayReport, (earlier, later) => {
        const into = decoded(encodeDayReport(earlier));
        expect(decodeDayReport(encodeDayReport(later), into)).toEqual({ ok: true });
        expect(into).toEqual(later);
      }),
    );
  });

  it('has one encoding: decoded bytes are encoded to the same bytes again', () => {
    const changes = fc.array(fc.record({ at: fc.nat(220), to: fc.integer({ min: 0, max: 255 }) }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(dayReport, changes, (report, edits) => {
        const payload = encodeDayReport(report);
        for (const edit of edits) payload[edit.at % payload.length] = edit.to;
        const into = createDayReport();
        if (decodeDayReport(payload, into).ok) expect(encodeDayReport(into)).toEqual(payload);
      }),
      { numRuns: 2000 },
    );
  });

  it('that is cut off anywhere is truncated where it ends', () => {
    fc.assert(
      fc.property(dayReport, fc.nat(), (report, cut) => {
        const payload = encodeDayReport(report);
        const offset = cut % payload.length;
        const expected = { ok: false, reason: 'truncated', offset };
        expect(refusal(payload.subarray(0, offset))).toEqual(expected);
      }),
    );
  });

  it('is never more than 215 bytes', () => {
    const swing = (low: number, high: number) => none.map((_, i) => (i % 2 ? high : low));
    const report = reportOf(swing(0, 0x7fffffff), swing(-0x8000, 0x7fff));
    expect(encodeDayReport(report)).toHaveLength(215);
  });
});

describe('the hours of a day report', () => {
  it.each([
    ['all missing', none],
    ['only the first', at({ 1: 5 })],
    ['only the last', at({ 24: 5 })],
    ['the first missing', none.map((_, i) => (i === 0 ? null : 1000 + i))],
    ['the last missing', none.map((_, i) => (i === 23 ? null : 1000 + i))],
    ['every other one missing', none.map((_, i) => (i % 2 ? null : 1000 + i))],
    ['none missing and all zero', none.map(() => 0)],
    ['a register that rolls over', at({ 22: 9_999_980, 23: 9_999_999, 24: 12 })],
    ['the largest leap up and down', at({ 3: 0, 4: 0x7fffffff, 5: 0 })],
  ])('can be %s', (_, indexes) => {
    const report = decoded(encodeDayReport(reportOf(indexes)));
    expect(hourlyValues(report.indexL, report.indexMask)).toEqual(indexes);
    expect(report.pressureMask).toBe(0);
  });

  it('can hold pressures without indexes, below zero too', () => {
    const pressures = at({ 2: -0x8000, 3: 0x7fff, 4: -0x8000, 24: -1 });
    const report = decoded(encodeDayReport(reportOf(none, pressures)));
    expect(hourlyValues(report.pressurePa, report.pressureMask)).toEqual(pressures);
    expect(report.indexMask).toBe(0);
  });
});

describe('the payload of an authentic but faulty terminal', () => {
  const start = '00' + '23ca' + 'ffffffff0123' + '2f2f9aac';
  const end = '000000' + '0e10' + '80' + '00' + '0102';
  const hex = (text: string) => Buffer.from(text, 'hex');

  it('is built on a valid one', () => {
    expect(refusal(hex(`${start}c0000000000005${'02'}${end}`))).toEqual({ ok: true });
  });

  it.each([
    ['an unknown flag', `04${start.slice(2)}000000${end}`, 'reserved_flags', 0],
    ['a serial without digits', `0023caffffffffffff2f2f9aac000000${end}`, 'bad_digits', 3],
    ['padding inside the serial', `0023caff12f45678902f2f9aac000000${end}`, 'bad_digits', 3],
    ['an index of 2³¹', `${start}80000080000000${end}`, 'out_of_range', 16],
    ['an index falling below 0', `${start}c0000000000005${'0b'}${end}`, 'out_of_range', 20],
    ['an index rising past 2³¹ − 1', `${start}c000007fffffff${'02'}${end}`, 'out_of_range', 20],
    ['a difference in too many bytes', `${start}c0000000000005${'8200'}${end}`, 'bad_varint', 20],
    ['a difference past 32 bits', `${start}c0000000000005ffffffff10${end}`, 'bad_varint', 20],
    ['a difference of six bytes', `${start}c0000000000005ffffffffff01${end}`, 'bad_varint', 20],
    ['a pressure past 16 bits', `${start}000000c000007fff02${end.slice(6)}`, 'out_of_range', 21],
    ['a third link', `${start}0000000000000e1080020102`, 'unknown_link', 22],
    ['a byte too many', `${start}000000${end}00`, 'trailing_bytes', 25],
  ])('is refused with %s', (_, text, reason, offset) => {
    expect(refusal(hex(text))).toEqual({ ok: false, reason, offset });
  });

  it('never makes the decoder throw', () => {
    const after = fc.uint8Array({ maxLength: 260 });
    fc.assert(
      fc.property(after, fc.boolean(), (bytes, bare) => {
        const payload = bare ? bytes : Buffer.concat([hex(start), bytes]);
        const result = refusal(payload);
        if (!result.ok) expect(result.offset).toBeLessThanOrEqual(payload.length);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('encoding a day report', () => {
  it.each([
    ['a negative index', { indexL: new Int32Array(24).fill(-1), indexMask: 1 }],
    ['a day before 2000', { day: -1 }],
    ['a day past 16 bits', { day: 65536 }],
    ['a serial that is no number', { meterSerial: '12-34' }],
    ['a serial of 13 digits', { meterSerial: '1234567890123' }],
    ['a time that is not whole', { terminalTimeS: 0.5 }],
    ['a mask of 25 bits', { indexMask: 0x1000000 }],
    ['the signal that stands for unknown', { signalDbm: -128 }],
  ])('throws on %s', (_, wrong) => {
    const report = { ...reportOf(none), ...wrong };
    expect(() => encodeDayReport(report)).toThrow(RangeError);
  });
});
