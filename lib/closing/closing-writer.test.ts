import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import type { ClosingFileKind } from './closing-file.ts';
import type { ClosingRow } from './closing-row.ts';
import { ClosingWriter } from './closing-writer.ts';

const ROW: ClosingRow = {
  customerNumber: '000123',
  supplyPointId: 1,
  supplyPointNumber: 'S00001',
  occupancyId: 1,
  kind: 'regular',
  areaName: '髙台①地区',
  terminalNumber: '0055000000000001',
  meterSerial: '00700001',
  closesOn: '2026-11-20',
  indexL: 1_250_500,
  readAt: '2026-11-21T00:00:00+09:00',
  lagHours: 0,
  previousIndexL: 1_205_001,
  previousAt: '2026-10-21T00:00:00+09:00',
  previousDifferenceL: null,
  usageL: 45_499,
  usageM3: '45',
  registerM3: null,
  volumeFactor: null,
  correctionL: null,
  estimate: null,
  previousQuality: null,
  heldL: null,
  quality: 'actual',
  expectedAt: null,
  remarks: [],
};
const NONE: ClosingRow = {
  ...ROW,
  terminalNumber: null,
  indexL: null,
  readAt: null,
  lagHours: null,
  usageL: null,
  usageM3: null,
  quality: 'none',
};
const FINAL: ClosingRow = { ...ROW, kind: 'final', remarks: ['exchanged', 'started'] };

function fileOf(kind: ClosingFileKind, rows: ClosingRow[]): Buffer {
  const writer = new ClosingWriter(kind);
  return Buffer.concat([writer.head(), writer.block(rows)]);
}

describe('the machine file', () => {
  test('is UTF-8 with LF, plain numbers and empty fields for what is not known', () => {
    expect(fileOf({ format: 'machine' }, [ROW, NONE, FINAL]).toString('utf8').split('\n')).toEqual([
      'customer_number,terminal_number,meter_serial,closing_on,index_l,read_at,lag_hours,previous_index_l,usage_l,usage_m3,quality,kind,remarks,previous_difference_l,basis,previous_quality,register_m3,volume_factor,correction_l',
      '000123,0055000000000001,00700001,2026-11-20,1250500,2026-11-21T00:00:00+09:00,0,1205001,45499,45,actual,regular,,,,,,,',
      '000123,,00700001,2026-11-20,,,,1205001,,,none,regular,,,,,,,',
      '000123,0055000000000001,00700001,2026-11-20,1250500,2026-11-21T00:00:00+09:00,0,1205001,45499,45,actual,final,exchanged started,,,,,,',
      '',
    ]);
  });

  test('has the difference from what was issued before as a figure of its own', () => {
    const changed: ClosingRow = {
      ...{ ...ROW, previousDifferenceL: -1_500, remarks: ['previous-changed'] },
    };
    const text = fileOf({ format: 'machine' }, [changed]).toString('utf8');
    expect(text.trimEnd().split('\n')[1]).toMatch(/,regular,previous-changed,-1500,,,,,$/);
  });
});

describe('the office file', () => {
  test.each([
    [52_800, '前回値変更(+52.800m3)'],
    [-1_500, '前回値変更(-1.500m3)'],
    [null, '前回値変更'],
  ])('says by how much the previous value changed: %s', (previousDifferenceL, says) => {
    const changed: ClosingRow = { ...ROW, previousDifferenceL, remarks: ['previous-changed'] };
    const text = fileOf({ format: 'office-utf8' }, [changed]).toString('utf8');
    expect(text.trimEnd().endsWith(`,${says}`)).toBe(true);
  });

  test('is CP932 with CRLF, and its numbers keep their leading zeros in Excel', () => {
    const text = iconv.decode(fileOf({ format: 'office-cp932' }, [ROW]), 'cp932');
    expect(text.split('\r\n')).toEqual([
      'お客様番号,設置場所番号,地区,無線機ID,メーター番号,締め日,検針日,検針時刻,遅れ(時間),前回指針値(m3),指針値(m3),使用量(L),使用量(m3),区分,備考',
      '"=""000123""","=""S00001""",髙台①地区,"=""0055000000000001""","=""00700001""",2026/11/20,2026/11/20,"=""24:00""",0,1205.001,1250.500,45499,45,実検針,',
      '',
    ]);
  });

  test('is UTF-8 with a byte order mark on request, plain for importing programs', () => {
    const substituted: ClosingRow = {
      ...ROW,
      readAt: '2026-11-19T22:00:00+09:00',
      lagHours: 26,
      quality: 'substituted',
      remarks: ['exchanged', 'corrected'],
    };
    const bytes = fileOf({ format: 'office-utf8', identifiers: 'plain' }, [substituted]);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString('utf8').split('\r\n')[1]).toBe(
      '000123,S00001,髙台①地区,0055000000000001,00700001,2026/11/20,2026/11/19,22:00,26,1205.001,1250.500,45499,45,代用,メーター取替 締め後訂正',
    );
  });

  test('has no day and hour in one field, of which a spreadsheet would make the next day', () => {
    for (const identifiers of ['excel', 'plain'] as const) {
      const office = fileOf({ format: 'office-cp932', identifiers }, [ROW]);
      expect(office.toString('latin1')).not.toMatch(/\d{4}\/\d{2}\/\d{2} /);
    }
    const hour = Buffer.from('2026/11/20,"=""24:00""",');
    expect(fileOf({ format: 'office-cp932' }, [ROW]).includes(hour)).toBe(true);
  });

  test('calls a reading whose report is not due yet 未到来, and says when it is due', () => {
    const awaited: ClosingRow = {
      ...{ ...ROW, readAt: '2026-11-20T00:00:00+09:00', lagHours: 24, quality: 'awaited' },
      ...{ expectedAt: '2026-11-21T15:22:00+09:00' },
    };
    const office = iconv.decode(fileOf({ format: 'office-cp932' }, [awaited]), 'cp932');
    expect(office).toContain(',未到来,報告予定 2026/11/21 15:22\r\n');
    expect(office).not.toContain('代用');
    const machine = fileOf({ format: 'machine' }, [awaited]).toString('utf8');
    expect(machine.endsWith(',awaited,regular,,,,,,,\n')).toBe(true);
  });

  test('has 24:00 of the day that a midnight closes, also for substituted readings', () => {
    const earlier: ClosingRow = { ...ROW, readAt: '2026-11-19T00:00:00+09:00', lagHours: 48 };
    const office = fileOf({ format: 'office-utf8' }, [earlier]).toString('utf8');
    expect(office).toContain(',2026/11/18,"=""24:00""",48,');
    const plain = fileOf({ format: 'office-utf8', identifiers: 'plain' }, [earlier]);
    expect(plain.toString('utf8')).toContain(',2026/11/18,24:00,48,');
    const machine = fileOf({ format: 'machine' }, [earlier]).toString('utf8');
    expect(machine).toContain(',2026-11-19T00:00:00+09:00,48,');
  });

  test('reports row, column and character of what CP932 lacks, and returns no bytes', () => {
    const writer = new ClosingWriter({ format: 'office-cp932' });
    expect(writer.block([ROW])).not.toHaveLength(0);
    expect(writer.block([ROW, { ...ROW, areaName: '𠮷野〜港町' }])).toHaveLength(0);
    expect(writer.block([ROW])).toHaveLength(0);
    expect(writer.faults).toEqual([
      { row: 4, column: '地区', value: '𠮷野〜港町', characters: ['𠮷', '〜'] },
    ]);
  });
});
