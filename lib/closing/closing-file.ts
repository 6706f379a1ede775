/**
 * File formats of a closing. `machine`: UTF-8, LF, plain fields, for programs. `office-cp932` and `office-utf8`:
 * Japanese header, CRLF, for people and office programs; CP932 knows no ㎥, so the header says m3. Indexes in m³ with
 * litres. Their columns stand in the order of the page. Day and hour of a reading are two fields: spreadsheets make
 * 2026/10/21 0:00 of 2026/10/20 24:00.
 */
import type { EstimateBasis } from '../estimation/missing-register.ts';
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

/** Rows of a workbook; beyond them only the text formats are offered. */
export const XLSX_MAX_ROWS = 50_000;

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
  { header: 'previous_difference_l', field: (row) => text(row.previousDifferenceL) },
  { header: 'basis', field: (row) => row.estimate?.basis ?? '' },
  { header: 'previous_quality', field: (row) => row.previousQuality ?? '' },
  { header: 'register_m3', field: (row) => text(row.registerM3) },
  { header: 'volume_factor', field: (row) => text(row.volumeFactor) },
  { header: 'correction_l', field: (row) => text(row.correctionL) },
];

export const QUALITY_WORDS: Record<ClosingQuality, string> = {
  actual: '実検針',
  awaited: '未到来',
  substituted: '代用',
  estimated: '推定',
  certified: '認定',
  entered: '手入力',
  none: '検針値なし',
};

const REMARK_WORDS: Record<ClosingRemark, string> = {
  exchanged: 'メーター取替',
  'rolled-over': '指針一周',
  implausible: '使用量過大(要確認)',
  'reading-doubtful': '指針疑義(要確認)',
  'reading-struck': '指針取消',
  unvalidated: '検証待ち(要確認)',
  'index-fell': '指針減少(要確認)',
  'index-missing': '取替指針不明(要確認)',
  'no-previous': '前回検針なし',
  corrected: '締め後訂正',
  'no-meter': 'メーターなし',
  started: '開始',
  'previous-changed': '前回値変更',
  'previous-missing': '前回メーター不明(要確認)',
  'previous-estimated': '前回推定',
  disaster: '災害',
  'volume-converted': '圧力換算',
  'meter-correction': '器差補正',
  'correction-base-changed': '補正の元変更(要確認)',
  'stuck-register': '指針停滞(要確認)',
  'unlike-season': '例年と相違(要確認)',
  'clock-doubt': '時計ずれ(要確認)',
  'received-later': '手入力後に受信(要確認)',
  'issued-beyond': '請求済み超過(要確認)',
  'issued-later': '後の締めで請求済み(要確認)',
  'issued-to-other': '他のお客様に請求済み(要確認)',
};
const FINAL_WORD = '使用中止';

/** (+52.800m3); empty when it is not known. */
function differenceM3(differenceL: number | null): string {
  if (differenceL === null) return '';
  return `(${differenceL < 0 ? '-' : '+'}${formatIndexM3(Math.abs(differenceL))}m3)`;
}

export const BASIS_WORDS: Record<EstimateBasis, string> = {
  'last-usage': '前回使用量による',
  'last-usage-by-days': '前回使用量の日割による',
  absence: '不在のため0',
  'first-reading': '初回未検針のため0',
  interpolation: '前後の指針から',
  decision: '使用量の決定による',
};

/** A row as files and the page have it: without the numbers of its rows in the register. */
export type WrittenRow = Omit<ClosingRow, 'supplyPointId' | 'occupancyId' | 'estimate'> & {
  estimate: { basis: EstimateBasis } | null;
};

/** A remark with its figure. */
function remarkInWords(remark: ClosingRemark, row: WrittenRow): string {
  const word = REMARK_WORDS[remark];
  switch (remark) {
    case 'previous-changed':
      return word + differenceM3(row.previousDifferenceL);
    case 'issued-beyond':
    case 'issued-to-other':
      return word + differenceM3(row.heldL);
    case 'meter-correction':
      return word + differenceM3(row.correctionL);
    case 'volume-converted':
      return `${word}(${row.registerM3 ?? ''}m3×${row.volumeFactor ?? ''})`;
    default:
      return word;
  }
}

/**
 * Remarks in words; a final row begins with that it is one, an estimated one with its rule, an awaited row ends with
 * when its report is due.
 */
export function remarksInWords(row: WrittenRow): string {
  const { kind, remarks, estimate, expectedAt } = row;
  const words = remarks.map((remark) => remarkInWords(remark, row));
  if (estimate !== null) words.unshift(BASIS_WORDS[estimate.basis]);
  if (expectedAt !== null) {
    words.push(`報告予定 ${officeDate(expectedAt.slice(0, 10))} ${expectedAt.slice(11, 16)}`);
  }
  return (kind === 'final' ? [FINAL_WORD, ...words] : words).join(' ');
}

function officeColumns(style: IdentifierStyle): readonly ClosingColumn[] {
  const identifier = (value: string | null) => identifierField(value ?? '', style);
  const volume = (indexL: number | null) => (indexL === null ? '' : formatIndexM3(indexL));
  return [
    { header: 'お客様番号', field: (row) => identifier(row.customerNumber) },
    { header: '設置場所番号', field: (row) => identifier(row.supplyPointNumber) },
    { header: '地区', field: (row) => freeTextField(row.areaName, style) },
    { header: '無線機ID', field: (row) => identifier(row.terminalNumber) },
    { header: 'メーター番号', field: (row) => identifier(row.meterSerial) },
    { header: '締め日', field: (row) => officeDate(row.closesOn) },
    { header: '検針日', field: (row) => officeReading(row).day },
    { header: '検針時刻', field: (row) => identifier(officeReading(row).clock) },
    { header: '遅れ(時間)', field: (row) => text(row.lagHours) },
    { header: '前回指針値(m3)', field: (row) => volume(row.previousIndexL) },
    { header: '指針値(m3)', field: (row) => volume(row.indexL) },
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

/** 2026/11/20 and 24:00: midnight is written as the end of the day that it closes. */
function officeReading({ readAt }: ClosingRow): { day: string; clock: string | null } {
  if (readAt === null) return { day: '', clock: null };
  const { day, clock } = readingClock(readAt);
  return { day: officeDate(day), clock };
}

export interface ClosingFileKind {
  format: ClosingFormat;
  /** For the office formats; default `excel`. */
  identifiers?: IdentifierStyle;
}

/** Layouts of the file, as they are named to people: format and identifiers together. */
export const CLOSING_LAYOUTS = {
  'excel-cp932': { format: 'office-cp932', identifiers: 'excel' },
  'excel-utf8': { format: 'office-utf8', identifiers: 'excel' },
  'import-cp932': { format: 'office-cp932', identifiers: 'plain' },
  'import-utf8': { format: 'office-utf8', identifiers: 'plain' },
  machine: { format: 'machine' },
} as const satisfies Record<string, ClosingFileKind>;
export type ClosingLayout = keyof typeof CLOSING_LAYOUTS;

export function closingLayout({ format, identifiers = 'excel' }: ClosingFileKind): ClosingLayout {
  if (format === 'machine') return 'machine';
  const use = identifiers === 'excel' ? 'excel' : 'import';
  return format === 'office-cp932' ? `${use}-cp932` : `${use}-utf8`;
}

export function closingColumns(kind: ClosingFileKind): readonly ClosingColumn[] {
  return kind.format === 'machine' ? MACHINE_COLUMNS : officeColumns(kind.identifiers ?? 'excel');
}

export function closingLineEnd(format: ClosingFormat): string {
  return format === 'machine' ? '\n' : '\r\n';
}

export function closingMediaType(format: ClosingFormat): string {
  return `text/csv; charset=${format === 'office-cp932' ? 'windows-31j' : 'utf-8'}; header=present`;
}
