/** The text of a column in a row of a closing, or why it cannot be written. Pure. */
import {
  BASIS_WORDS,
  QUALITY_WORDS,
  remarksInWords,
  type WrittenRow,
} from '../closing/closing-file.ts';
import type { ClosingRow } from '../closing/closing-row.ts';
import { readingClock } from '../closing/reading-clock.ts';
import { DIGIT_FIELDS, type LayoutBody, type LayoutColumn } from './layout.ts';
import { formatDay } from './layout-date.ts';

/** `problem`: why the value cannot be written as the layout says; in words for a person. */
export interface LayoutCell {
  text: string;
  problem?: LayoutProblem;
}

/** Why a value does not fit its column. */
export type LayoutProblem =
  | { reason: 'digits'; most: number }
  | { reason: 'decimals'; most: number }
  | { reason: 'width'; most: number; needed: number }
  | { reason: 'code'; of: string }
  | { reason: 'correction' }
  | { reason: 'same'; other: string; written: string }
  | { reason: 'separator' }
  | { reason: 'characters'; characters: string[] };

/** A row without the numbers of its rows in the register, as the API has it too. */
export type LayoutRow = WrittenRow;

export type CellOf = (row: LayoutRow, lineNumber: number) => LayoutCell;

const TRIANGLE = '▲';
const KIND_WORDS: Record<ClosingRow['kind'], string> = { regular: '通常', final: '使用中止' };

/** The cells of a column. */
export function cellOf(body: LayoutBody, column: LayoutColumn): CellOf {
  const raw = rawOf(body, column);
  const { digits } = column;
  if (digits === undefined || !DIGIT_FIELDS.includes(column.field)) return raw;
  return (row, lineNumber) => withDigits(raw(row, lineNumber), digits);
}

function rawOf(body: LayoutBody, column: LayoutColumn): CellOf {
  switch (column.field) {
    case 'previousIndex':
    case 'index':
    case 'usage':
    case 'previousDifference':
      return volumeCell(body, column, column.field);
    case 'correction':
      return correctionCell(body, column);
    case 'billedUsage':
      return (row) => billedCell(row.usageM3, column.decimals);
    case 'unconvertedUsage':
      return (row) => billedCell(row.registerM3, column.decimals);
    case 'quality':
      return (row) => qualityCell(body, row.quality);
    case 'previousQuality':
      return (row) => qualityCell(body, row.previousQuality);
    case 'basis':
      return (row) => basisCell(body, row);
    case 'kind':
      return ({ kind }) => codeCell(kind, { ...ofKind(body), word: KIND_WORDS[kind] });
    case 'remarks':
      return (row) => remarksCell(body, row);
    default: {
      const text = textOf(body, column, column.field);
      return (row, lineNumber) => ({ text: text(row, lineNumber) ?? '' });
    }
  }
}

type TextField = Exclude<
  LayoutColumn['field'],
  | 'previousIndex'
  | 'index'
  | 'usage'
  | 'correction'
  | 'previousDifference'
  | 'billedUsage'
  | 'unconvertedUsage'
  | 'quality'
  | 'previousQuality'
  | 'basis'
  | 'kind'
  | 'remarks'
>;

function textOf(
  body: LayoutBody,
  column: LayoutColumn,
  field: TextField,
): (row: LayoutRow, lineNumber: number) => string | null {
  const day = (at: string | null) => at && formatDay(readingClock(at).day, body.dates);
  const clock = (at: string | null) => {
    if (at === null) return null;
    const text = readingClock(at).clock;
    return body.clock === 'compact' ? text.replace(':', '') : text;
  };
  switch (field) {
    case 'customerNumber':
    case 'supplyPointNumber':
    case 'areaName':
    case 'terminalNumber':
    case 'meterSerial':
    case 'readAt':
    case 'volumeFactor':
      return (row) => row[field];
    case 'closesOn':
      return (row) => formatDay(row.closesOn, body.dates);
    case 'readDay':
      return (row) => day(row.readAt);
    case 'readClock':
      return (row) => clock(row.readAt);
    case 'previousReadDay':
      return (row) => day(row.previousAt);
    case 'previousReadClock':
      return (row) => clock(row.previousAt);
    case 'lagHours':
      return (row) => (row.lagHours === null ? null : String(row.lagHours));
    case 'lineNumber':
      return (_, lineNumber) => String(lineNumber);
    case 'fixedText':
      return () => column.text ?? '';
  }
}

const LITRES = {
  previousIndex: 'previousIndexL',
  index: 'indexL',
  usage: 'usageL',
  correction: 'correctionL',
  previousDifference: 'previousDifferenceL',
} as const;
type VolumeField = keyof typeof LITRES;

function volumeCell(
  { negative }: LayoutBody,
  { unit = 'm3', decimals = 3 }: LayoutColumn,
  field: VolumeField,
): CellOf {
  const litres = LITRES[field];
  const sign = negative === 'triangle' ? TRIANGLE : '-';
  return (row) => {
    const value = row[litres];
    if (value === null) return { text: '' };
    const size = Math.abs(value);
    const text = unit === 'L' ? String(size) : cubicMetres(size, decimals);
    return { text: value < 0 && /[1-9]/.test(text) ? sign + text : text };
  };
}

/** A correction is billed, so that nothing of it is cut: litres that the decimals have no room for are a fault. */
function correctionCell(body: LayoutBody, column: LayoutColumn): CellOf {
  const cell = volumeCell(body, column, 'correction');
  const { unit = 'm3', decimals = 3 } = column;
  const smallest = unit === 'L' ? 1 : 10 ** (3 - decimals);
  return (row) => {
    if (row.correctionL === null || row.correctionL % smallest === 0) return cell(row, 0);
    return { text: `${row.correctionL} L`, problem: { reason: 'decimals', most: decimals } };
  };
}

/** Litres as m³ with some decimals; what is smaller is cut, as a register is read. */
function cubicMetres(litres: number, decimals: number): string {
  const whole = String(Math.floor(litres / 1000));
  if (decimals === 0) return whole;
  return `${whole}.${String(litres % 1000)
    .padStart(3, '0')
    .slice(0, decimals)}`;
}

/** Billed usage is never rounded a second time: more decimals than the layout has are a fault. */
function billedCell(usageM3: string | null, decimals: number | undefined): LayoutCell {
  if (usageM3 === null) return { text: '' };
  if (decimals === undefined) return { text: usageM3 };
  const [whole = '', part = ''] = usageM3.split('.');
  if (part.length > decimals) {
    return { text: usageM3, problem: { reason: 'decimals', most: decimals } };
  }
  return { text: decimals === 0 ? whole : `${whole}.${part.padEnd(decimals, '0')}` };
}

interface Coding {
  style: LayoutBody['quality'];
  codes: LayoutBody['qualityCodes'];
}

function qualityCell(body: LayoutBody, quality: ClosingRow['quality'] | null): LayoutCell {
  if (quality === null) return { text: '' };
  const { quality: style, qualityCodes: codes } = body;
  return codeCell(quality, { style, codes, word: QUALITY_WORDS[quality] });
}

function basisCell({ basis: style, basisCodes: codes }: LayoutBody, row: LayoutRow): LayoutCell {
  if (row.estimate === null) return { text: '' };
  const { basis } = row.estimate;
  return codeCell(basis, { style, codes, word: BASIS_WORDS[basis] });
}

const ofKind = ({ kind, kindCodes }: LayoutBody): Coding => ({ style: kind, codes: kindCodes });

/** A value without a code is a fault: an empty field would say that there is nothing to say. */
function codeCell(key: string, { style, codes, word }: Coding & { word: string }): LayoutCell {
  if (style === 'words') return { text: word };
  if (style === 'keys') return { text: key };
  const code = Object.hasOwn(codes, key) ? codes[key] : undefined;
  return code === undefined ? { text: word, problem: { reason: 'code', of: key } } : { text: code };
}

function remarksCell({ remarks: style, remarkCodes }: LayoutBody, row: LayoutRow): LayoutCell {
  if (style === 'words') return { text: remarksInWords(row) };
  if (style === 'keys') return { text: row.remarks.join(' ') };
  const cells = row.remarks.map((key) => codeCell(key, { style, codes: remarkCodes, word: key }));
  const problem = cells.find((cell) => cell.problem)?.problem;
  const text = cells.map((cell) => cell.text).filter((code) => code !== '');
  return { text: text.join(' '), ...(problem && { problem }) };
}

const SIGNED_NUMBER = /^([-▲]?)(\d+)(.*)$/;

/** Zeros before a number, behind its sign; text that does not begin with digits stays as it is. */
function withDigits(cell: LayoutCell, digits: number): LayoutCell {
  const [, sign, whole, rest] = SIGNED_NUMBER.exec(cell.text) ?? [];
  if (whole === undefined || cell.problem) return cell;
  if (whole.length > digits) return { ...cell, problem: { reason: 'digits', most: digits } };
  return { text: `${sign}${whole.padStart(digits, '0')}${rest}` };
}
