/** How a closing file is asked for: a built-in layout, or one of the utility. Pure. */
import type { IdentifierStyle } from '../office-file/csv-field.ts';
import { CLOSING_FORMATS } from './closing-file.ts';

/** `xlsx`: a workbook; `layout`: a layout of the utility, in one of its versions. */
export const FILE_FORMATS = [...CLOSING_FORMATS, 'xlsx', 'layout'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** A file as it is asked for. */
export interface FileChoice {
  format: FileFormat;
  identifiers?: IdentifierStyle | undefined;
  /** Id of a layout of the utility, for the format `layout`. */
  layout?: number | undefined;
  /** Former version of it; undefined: the latest. */
  layoutVersion?: number | undefined;
}
