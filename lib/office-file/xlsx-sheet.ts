/**
 * A workbook (.xlsx, ECMA-376) with one sheet, written row by row, so that no more than the compressed bytes are held.
 * Text cells stay text whatever they look like: 000123, 24:00 and =1+1 are neither numbers nor times nor formulas. The
 * bytes depend on the rows alone.
 */
import { Zip, ZipDeflate } from 'fflate';

/** Text, or a number as decimal text; null: an empty cell. */
export type SheetCell = { text: string } | { number: string } | null;

/** The time that each part of the archive has: the first that the format can tell. */
const PART_TIME = new Date(1980, 0, 1, 12);
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const encoder = new TextEncoder();

export class XlsxSheet {
  readonly #parts: Uint8Array[] = [];
  readonly #zip: Zip;
  readonly #sheet: ZipDeflate;
  #rows = 0;

  /** @param name of the sheet, at most 31 characters. @param columns number of columns */
  constructor(name: string, columns: number) {
    this.#zip = new Zip((error, bytes) => {
      if (error) throw error;
      this.#parts.push(bytes);
    });
    for (const [path, xml] of partsOf(name)) this.#add(path).push(encoder.encode(xml), true);
    this.#sheet = this.#add('xl/worksheets/sheet1.xml');
    this.#write(sheetHead(columns));
  }

  rows(rows: readonly (readonly SheetCell[])[]): void {
    let xml = '';
    for (const cells of rows) {
      this.#rows += 1;
      const at = this.#rows;
      xml += `<row r="${at}">${cells.map((cell, column) => cellXml(cell, `${letters(column)}${at}`)).join('')}</row>`;
    }
    this.#write(xml);
  }

  /** Ends the workbook and yields all of its bytes. */
  end(): Buffer {
    this.#sheet.push(encoder.encode('</sheetData></worksheet>'), true);
    this.#zip.end();
    return Buffer.concat(this.#parts);
  }

  #add(path: string): ZipDeflate {
    const part = new ZipDeflate(path, { level: 6 });
    part.mtime = PART_TIME;
    this.#zip.add(part);
    return part;
  }

  #write(xml: string): void {
    this.#sheet.push(encoder.encode(xml));
  }
}

function partsOf(name: string): [string, string][] {
  return [
    [
      '[Content_Types].xml',
      `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${escaped(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    ],
    ['xl/styles.xml', stylesXml()],
  ];
}

/** Style 0: as it is. Style 1: text, so that a cell that is edited stays text. */
function stylesXml(): string {
  return `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="1"><font><sz val="11"/><name val="Yu Gothic"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`;
}

/** The first row stays in view. */
function sheetHead(columns: number): string {
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${columns}" width="16" customWidth="1"/></cols><sheetData>`;
}

function cellXml(cell: SheetCell, at: string): string {
  if (cell === null) return '';
  if ('number' in cell) return `<c r="${at}"><v>${cell.number}</v></c>`;
  return `<c r="${at}" s="1" t="inlineStr"><is><t xml:space="preserve">${escaped(cell.text)}</t></is></c>`;
}

/** A to Z, AA to ZZ. @param column from 0 */
function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}

/** Control characters, most of which XML 1.0 lacks, and text that would be read as the escape of one. */
const TO_ESCAPE = /[\p{Cc}\uFFFE\uFFFF]|_(?=x[0-9A-Fa-f]{4}_)/gu;
const MARKUP = /[&<>"]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
};

function escaped(text: string): string {
  return text
    .replace(TO_ESCAPE, (character) => {
      const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      return `_x${code}_`;
    })
    .replace(MARKUP, (character) => ENTITIES[character] ?? character);
}
