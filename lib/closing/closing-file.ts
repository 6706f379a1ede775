/**
 * File formats of a closing. `machine`: UTF-8, LF, plain fields, for programs. `office-cp932` and `office-utf8`:
 * Japanese header, CRLF, for people and office programs; CP932 knows no ㎥, so the header says m3. Indexes in m³ with
 * litres.
 */
import {
  csvField,
  freeTextField,
  type IdentifierStyle,
  identifierField,
} from '../office-file/csv-field.ts';
import { formatIndexM3 } from './billed-usage.ts';
import type { ClosingQuality, ClosingRemark, ClosingRow } from './closing-row.ts';
import { readingClock } from './reading-clock.ts';

export const CLOSING_FORMATS = ['machine', 'office-cp932', 'office-utf8'] as const;
export type ClosingFormat = (typeof CLOSING_FORMATS)[number];

/** One column of a file; every row is the fields of all columns, joined by commas. */
export interface ClosingColumn {
  header: string;
  field: (row: ClosingRow) => string;
}

const text = (value: string | number | null): string => (value === null ? '' : String(value));

/** Columns whose values are only digits, letters, hyphens or ISO dates, so that nothing needs quoting. */
const MACHINE_COLUMNS: readonly ClosingColumn[] = [
  { header: 'customer_number', field: (row) => row.customerNumber },
  { header: 'terminal_number', field: (row) => text(row.terminalNumber) },
  { header: 'meter_serial', field: (row) => text(row.meterSerial) },
  { header: 'closing_on', field: (row) => row.closesOn },
  { header: 'index_l', field: (row) => text(row.indexL) },
  { header: 'read_at', field: (row) => text(row.readAt) },
  { header: 'lag_hours', field: (row) => text(row.lagHours) },
  { header: 'previous_index_l', field: (row) => text(row.previousIndexL) },
  { header: 'usage_l', field: (row) => text(row.usageL) },
  { header: 'usage_m3', field: (row) => text(row.usageM3) },
  { header: 'quality', field: (row) => row.quality },
  { header: 'kind', field: (row) => row.kind },
  { header: 'remarks', field: (row) => row.remarks.join(' ') },
];

const QUALITY_WORDS: Record<ClosingQuality, string> = {
  actual: '実検針',
  substituted: '代用',
  none: 'なし',
};

const REMARK_WORDS: Record<ClosingRemark, string> = {
  exchanged: 'メーター取替',
  'rolled-over': '指針一周',
  implausible: '使用量過大(要確認)',
  'reading-doubtful': '指針疑義(要確認)',
  unvalidated: '検証待ち(要確認)',
  'index-fell': '指針減少(要確認)',
  'index-missing': '取替指針不明(要確認)',
  'no-previous': '前回検針なし',
  corrected: '締め後訂正',
  'no-meter': 'メーターなし',
  started: '開始',
};
const FINAL_WORD = '使用中止';

/** Remarks in words; a final row begins with that it is one. */
function remarksInWords({ kind, remarks }: ClosingRow): string {
  const words = remarks.map((remark) => REMARK_WORDS[remark]);
  return (kind === 'final' ? [FINAL_WORD, ...words] : words).join(' ');
}

function officeColumns(style: IdentifierStyle): readonly ClosingColumn[] {
  const identifier = (value: string | null) => identifierField(value ?? '', style);
  const volume = (indexL: number | null) => (indexL === null ? '' : formatIndexM3(indexL));
  return [
    { header: 'お客様番号', field: (row) => identifier(row.customerNumber) },
    { header: '設置場所番号', field: (row) => identifier(row.supplyPointNumber) },
    { header: 'エリア', field: (row) => freeTextField(row.areaName, style) },
    { header: '無線機ID', field: (row) => identifier(row.terminalNumber) },
    { header: 'メーター番号', field: (row) => identifier(row.meterSerial) },
    { header: '締め日', field: (row) => officeDate(row.closesOn) },
    { header: '指針値(m3)', field: (row) => volume(row.indexL) },
    { header: '検針日時', field: (row) => officeInstant(row) },
    { header: '遅れ(時間)', field: (row) => text(row.lagHours) },
    { header: '前回指針値(m3)', field: (row) => volume(row.previousIndexL) },
    { header: '使用量(L)', field: (row) => text(row.usageL) },
    { header: '使用量(m3)', field: (row) => text(row.usageM3) },
    { header: '区分', field: (row) => QUALITY_WORDS[row.quality] },
    {
      header: '備考',
      field: (row) => csvField(remarksInWords(row)),
    },
  ];
}

function officeDate(day: string): string {
  return day.replaceAll('-', '/');
}

/** 2026/11/20 24:00: midnight is written as the end of the day that it closes. */
function officeInstant(row: ClosingRow): string {
  if (row.readAt === null) return '';
  const { day, clock } = readingClock(row.readAt);
  return `${officeDate(day)} ${clock}`;
}

export interface ClosingFileKind {
  format: ClosingFormat;
  /** For the office formats; default `excel`. */
  identifiers?: IdentifierStyle;
}

export function closingColumns(kind: ClosingFileKind): readonly ClosingColumn[] {
  return kind.format === 'machine' ? MACHINE_COLUMNS : officeColumns(kind.identifiers ?? 'excel');
}

export function closingLineEnd(format: ClosingFormat): string {
  return format === 'machine' ? '\n' : '\r\n';
}

/**
 * File name that sorts by closing: closing-2026-11-20.csv; for several from the first to the last,
 * closing-2026-01-05-to-2026-06-05.csv; without any closing.csv. `closingOn` are days in order.
 */
export function closingFileName(closingOn: readonly string[]): string {
  const [first] = closingOn;
  const last = closingOn.at(-1);
  if (first === undefined || last === undefined) return 'closing.csv';
  return first === last ? `closing-${first}.csv` : `closing-${first}-to-${last}.csv`;
}

export function closingMediaType(format: ClosingFormat): string {
  return `text/csv; charset=${format === 'office-cp932' ? 'windows-31j' : 'utf-8'}; header=present`;
}
