/** Every kind of closing file: the built-in layouts, a workbook, and layouts of the utility; how each is written. */
import { createHash } from 'node:crypto';
import type { EncodingFault } from '../errors.ts';
import { mayLackRoom, type StoredLayout } from '../layouts/layout.ts';
import { LayoutWriter } from '../layouts/layout-writer.ts';
import { charactersOutsideCp932 } from '../office-file/cp932.ts';
import { type ClosingFileKind, closingLayout, closingMediaType } from './closing-file.ts';
import type { ClosingRow } from './closing-row.ts';
import { ClosingWriter } from './closing-writer.ts';
import type { FileFormat } from './file-choice.ts';
import { XlsxWriter } from './xlsx-writer.ts';

export type FileKind =
  | ClosingFileKind
  | { format: 'xlsx' }
  | { format: 'layout'; layout: StoredLayout };

/** Writes a file block by block; each call returns the next bytes. */
export interface FileWriter {
  /** Values that cannot be written; once there are some, no more bytes are returned. */
  readonly faults: readonly EncodingFault[];
  head(): Buffer;
  block(rows: readonly ClosingRow[]): Buffer;
  end(): Buffer;
}

export function fileWriter(kind: FileKind): FileWriter {
  if (kind.format === 'xlsx') return new XlsxWriter();
  return kind.format === 'layout' ? new LayoutWriter(kind.layout.body) : new ClosingWriter(kind);
}

/** Whether a row of the file may be one that cannot be written. @param names areas, the only free text of rows */
export function mayNotFit(kind: FileKind, names: readonly string[]): boolean {
  const hasOutside = () => names.some((name) => charactersOutsideCp932(name).length > 0);
  if (kind.format !== 'layout') return kind.format === 'office-cp932' && hasOutside();
  const { body } = kind.layout;
  return mayLackRoom(body) || (body.encoding === 'cp932' && hasOutside());
}

/** The layout in names of files: `excel-cp932`, or `layout3-v2` of the utility. */
export function layoutName(kind: FileKind): string {
  if (kind.format === 'xlsx') return 'excel';
  if (kind.format !== 'layout') return closingLayout(kind);
  return `layout${kind.layout.layoutId}-v${kind.layout.version}`;
}

/** Ending of the file's name, without the dot. */
export function fileEnding(kind: FileKind): string {
  if (kind.format === 'xlsx') return 'xlsx';
  if (kind.format !== 'layout') return 'csv';
  const { form } = kind.layout.body;
  if (form === 'fixed') return 'txt';
  return form === 'tab' ? 'tsv' : 'csv';
}

const XLSX_MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function fileMediaType(kind: FileKind): string {
  if (kind.format === 'xlsx') return XLSX_MEDIA_TYPE;
  if (kind.format !== 'layout') return closingMediaType(kind.format);
  const { form, encoding, header } = kind.layout.body;
  const charset = encoding === 'cp932' ? 'windows-31j' : 'utf-8';
  const rest = `charset=${charset}; header=${header ? 'present' : 'absent'}`;
  if (form === 'fixed') return `text/plain; ${rest}`;
  if (form === 'tab') return `text/tab-separated-values; ${rest}`;
  return `text/csv; ${rest}`;
}

/** What a run notes of a file. */
export interface NotedKind {
  format: FileFormat;
  identifiers: 'excel' | 'plain' | null;
  layoutId: number | null;
  layoutVersion: number | null;
}

export function notedKind(kind: FileKind): NotedKind {
  if (kind.format === 'layout') {
    const { layoutId, version } = kind.layout;
    return { format: kind.format, identifiers: null, layoutId, layoutVersion: version };
  }
  const { format } = kind;
  const identifiers = kind.format === 'xlsx' ? null : (kind.identifiers ?? null);
  return { format, identifiers, layoutId: null, layoutVersion: null };
}

/** What the audit has of it: the layout only where it is one of the utility. */
export function auditedKind(kind: FileKind): Record<string, unknown> {
  const { layoutId, layoutVersion, ...builtIn } = notedKind(kind);
  return layoutId === null ? builtIn : { ...builtIn, layoutId, layoutVersion };
}

/**
 * Version of what the writers write. Raised with every change after which the same rows have other bytes in a built-in
 * format: parts of files that were saved before do not fit any more.
 */
const FILE_WRITING = 1;

/** Strong tag of a run's file (RFC 9110, 8.8.3): files with the same tag have the same bytes. */
export function fileTag(checksum: string, kind: FileKind): string {
  const what = [FILE_WRITING, checksum, auditedKind(kind)];
  return `"${createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 40)}"`;
}
