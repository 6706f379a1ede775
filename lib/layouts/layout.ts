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
 * was rounded, `usage` is what was measured. `correction`: what is billed beside the usage for a meter outside tolerance.
 * `unconvertedUsage`: billed usage before it was multiplied by `volumeFactor`. `basis`: rule by which a register was
 * reckoned. `fixedText`: the same text in each row. `lineNumber`: 1 for the first row.
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
  'unconvertedUsage',
  'volumeFactor',
  'correction',
  'previousDifference',
  'quality',
  'previousQuality',
  'basis',
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
  'correction',
  'previousDifference',
];
/** Usages with the decimals with which they were billed; never rounded again. */
export const BILLED_FIELDS: readonly LayoutField[] = ['billedUsage', 'unconvertedUsage'];
/** Billed values, of which no decimal is ever cut. */
const UNCUT_FIELDS: readonly LayoutField[] = [...BILLED_FIELDS, 'correction'];
/** Fields that are numbers: they stand at the right of a fixed width. */
export const NUMBER_FIELDS: readonly LayoutField[] = [
  ...VOLUME_FIELDS,
  ...BILLED_FIELDS,
  'volumeFactor',
  'lagHours',
  'lineNumber',
];
/** Numbers that name something: two of them are never the same text. */
export const IDENTIFIER_FIELDS = [
  'customerNumber',
  'supplyPointNumber',
  'terminalNumber',
  'meterSerial',
] as const satisfies readonly LayoutField[];
/** Fields of digits, which can be filled up with zeros to a number of digits. */
export const DIGIT_FIELDS: readonly LayoutField[] = [...NUMBER_FIELDS, ...IDENTIFIER_FIELDS];

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
        'Of a volume in m3, cut downwards: a register that stands at 597.9 reads 597. Of billedUsage, unconvertedUsage and correction nothing is cut: one with more decimals is a fault',
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
    qualityCodes: Codes.meta({
      description: 'Code by quality, for the style codes; of quality and previousQuality',
    }),
    basis: z.enum(CODE_STYLES),
    basisCodes: Codes,
    kind: z.enum(CODE_STYLES),
    kindCodes: Codes,
    remarks: z.enum(CODE_STYLES),
    remarkCodes: Codes,
    columns: z.array(LayoutColumn).min(1, 'give at least one column').max(MAX_COLUMNS),
  })
  .meta({ id: 'LayoutBody' });
/** A value may have no code. */
type PartOfCodes = Readonly<Partial<Record<string, string>>>;
type CodeNames = 'qualityCodes' | 'basisCodes' | 'kindCodes' | 'remarkCodes';
export type LayoutBody = Omit<z.output<typeof LayoutBody>, CodeNames> &
  Record<CodeNames, PartOfCodes>;

/** Whether a file says the correction of a row: in a column, or as the figure that remarks in words have. */
export function hasCorrection({ columns, remarks }: LayoutBody): boolean {
  return columns.some(
    ({ field }) => field === 'correction' || (field === 'remarks' && remarks === 'words'),
  );
}

/** Whether a row may have a value for which the layout has no room, code or column, whatever the encoding. */
export function mayLackRoom(body: LayoutBody): boolean {
  const { form, quoting, quality, basis, kind, remarks, columns } = body;
  if (form === 'fixed' || quoting === 'none' || !hasCorrection(body)) return true;
  if ([quality, basis, kind, remarks].includes('codes')) return true;
  return columns.some(
    ({ field, digits, decimals }) =>
      digits !== undefined || (decimals !== undefined && UNCUT_FIELDS.includes(field)),
  );
}

/** A version of a stored layout: what a file is written with. */
export interface StoredLayout {
  layoutId: number;
  version: number;
  name: string;
  body: LayoutBody;
}
