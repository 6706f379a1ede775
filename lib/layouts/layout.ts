/**
 * Layouts of closing files (ファイル形式) that a utility makes for itself: which columns in which order, and how their
 * values are written. Pure.
 */
import { z } from 'zod';
import { DATE_FORMS } from './layout-date.ts';

export const LAYOUT_ENCODINGS = ['cp932', 'utf8', 'utf8-bom'] as const;
export type LayoutEncoding = (typeof LAYOUT_ENCODINGS)[number];

/** Fields parted by a character, or of fixed width in bytes. */
export const LAYOUT_FORMS = ['comma', 'tab', 'semicolon', 'fixed'] as const;

/** `needed`: only fields that contain the separator, a quote or a line end. `none`: such a field is a fault. */
export const LAYOUT_QUOTINGS = ['needed', 'all', 'none'] as const;

/**
 * Numbers of customers and meters, and free text, against spreadsheets that compute them. `formula`: numbers as text
 * formulas; `apostrophe`: only what would be computed, behind an apostrophe; `none`: as they are.
 */
export const LAYOUT_PROTECTIONS = ['formula', 'apostrophe', 'none'] as const;

/** `words`: Japanese words; `keys`: the words of the API; `codes`: those of the layout. */
export const CODE_STYLES = ['words', 'keys', 'codes'] as const;

/**
 * Values of a row that a column can have. Registers and usages are volumes; `billedUsage` has the decimals with which it
 * was rounded, `usage` is what was measured, `registerUsage` what was rounded before the volume factor. `correction`: litres of
 * corrections of meters outside tolerance. `basis`: the rule of an estimate. `fixedText`: the same text in each row. `lineNumber`: 1 for the first row.
 */
export const LAYOUT_FIELDS = [
  'customerNumber',
  'supplyPointNumber',
  'areaName',
  'terminalNumber',
  'meterSerial',
  'closesOn',
  'readDay',
  'readClock',
  'readAt',
  'lagHours',
  'previousIndex',
  'previousReadDay',
  'previousReadClock',
  'index',
  'usage',
  'billedUsage',
  'previousDifference',
  'correction',
  'registerUsage',
  'volumeFactor',
  'quality',
  'basis',
  'previousQuality',
  'kind',
  'remarks',
  'lineNumber',
  'fixedText',
] as const;
export type LayoutField = (typeof LAYOUT_FIELDS)[number];

/** Fields with a unit and decimals. */
export const VOLUME_FIELDS: readonly LayoutField[] = [
  'previousIndex',
  'index',
  'usage',
  'previousDifference',
  'correction',
];
/** Fields that are numbers: they stand at the right of a fixed width. */
export const NUMBER_FIELDS: readonly LayoutField[] = [
  ...VOLUME_FIELDS,
  'billedUsage',
  'lagHours',
  'lineNumber',
];
/** Fields of digits, which can be filled up with zeros to a number of digits. */
export const DIGIT_FIELDS: readonly LayoutField[] = [
  ...NUMBER_FIELDS,
  'customerNumber',
  'supplyPointNumber',
  'terminalNumber',
  'meterSerial',
];

const VOLUME_UNITS = ['m3', 'L'] as const;
/** What a fixed width is filled with; `wide`: spaces of full width, and one of half width where a byte is left. */
export const LAYOUT_FILLS = ['space', 'zero', 'wide'] as const;

const MAX_COLUMNS = 60;
const MAX_WIDTH = 200;
const MAX_DIGITS = 20;
/** A line end or another control character would break the lines of a file. */
const ONE_LINE = /^\P{Cc}*$/u;

const line = (maxLength: number) =>
  z.string().max(maxLength).regex(ONE_LINE, 'text without control characters');

export const LayoutColumn = z
  .strictObject({
    field: z.enum(LAYOUT_FIELDS),
    header: line(60),
    unit: z.enum(VOLUME_UNITS).optional().meta({ description: 'Of a volume; m3 without it' }),
    decimals: z.number().int().min(0).max(3).optional().meta({
      description:
        'Of a volume in m3, cut downwards: a register that stands at 597.9 reads 597. Of billedUsage: at least those with which it was rounded',
    }),
    digits: z.number().int().min(1).max(MAX_DIGITS).optional().meta({
      description:
        'Digits before the decimal point, filled up with zeros; one with more is a fault',
    }),
    width: z.number().int().min(1).max(MAX_WIDTH).optional().meta({
      description: 'Bytes of the encoding, for the form fixed; a value that needs more is a fault',
    }),
    fill: z.enum(LAYOUT_FILLS).optional().meta({ description: 'Of the width; space without it' }),
    text: line(60).optional().meta({ description: 'The text of fixedText' }),
  })
  .meta({ id: 'LayoutColumn' });
export type LayoutColumn = z.output<typeof LayoutColumn>;

const Codes = z
  .record(line(40), line(40))
  .refine((codes) => Object.keys(codes).length <= 40, 'at most 40 codes');

export const LayoutBody = z
  .strictObject({
    encoding: z.enum(LAYOUT_ENCODINGS),
    lineEnd: z.enum(['crlf', 'lf']),
    form: z.enum(LAYOUT_FORMS),
    quoting: z.enum(LAYOUT_QUOTINGS),
    protection: z.enum(LAYOUT_PROTECTIONS),
    header: z.boolean(),
    dates: z.enum(DATE_FORMS),
    clock: z.enum(['colon', 'compact']).meta({ description: '24:00 or 2400' }),
    negative: z.enum(['minus', 'triangle']),
    quality: z.enum(CODE_STYLES),
    qualityCodes: Codes.meta({ description: 'Code by quality, for the style codes' }),
    kind: z.enum(CODE_STYLES),
    kindCodes: Codes,
    remarks: z.enum(CODE_STYLES),
    remarkCodes: Codes,
    columns: z.array(LayoutColumn).min(1, 'give at least one column').max(MAX_COLUMNS),
  })
  .meta({ id: 'LayoutBody' });
/** A value may have no code. */
type PartOfCodes = Readonly<Partial<Record<string, string>>>;
type CodeNames = 'qualityCodes' | 'kindCodes' | 'remarkCodes';
export type LayoutBody = Omit<z.output<typeof LayoutBody>, CodeNames> &
  Record<CodeNames, PartOfCodes>;

/** A version of a stored layout: what a file is written with. */
export interface StoredLayout {
  layoutId: number;
  version: number;
  name: string;
  body: LayoutBody;
}
