/** Encodes rows in a layout of the utility as bytes, block by block. Once a value does not fit, no more bytes are returned. */
import type { ClosingRow } from '../closing/closing-row.ts';
import type { EncodingFault } from '../errors.ts';
import { charactersOutsideCp932, encodeCp932 } from '../office-file/cp932.ts';
import type { LayoutBody, LayoutEncoding } from './layout.ts';
import { type LayoutFault, LayoutLines, type TextMeasure } from './layout-lines.ts';
import { problemText } from './layout-problem.ts';

const BYTE_ORDER_MARK = '\uFEFF';
const LINE_ENDS = { crlf: '\r\n', lf: '\n' } as const;
/** Maximum number of recorded faults. */
const MAX_FAULTS = 100;

/** Lone surrogates, which UTF-8 lacks. */
const LONE_SURROGATES = /\p{Cs}/gu;

const UTF8: TextMeasure = {
  size: (text) => Buffer.byteLength(text, 'utf8'),
  outside: (text) => [...new Set(text.match(LONE_SURROGATES))],
};

const ASCII = /^[\x20-\x7e]*$/;
const CP932: TextMeasure = {
  size: (text) => (ASCII.test(text) ? text.length : cp932(text).length),
  // encodeCp932 looks at the whole text first; only what fails is looked at by character.
  outside: (text) => (ASCII.test(text) || encodeCp932(text).ok ? [] : charactersOutsideCp932(text)),
};

function cp932(text: string): Buffer {
  const encoded = encodeCp932(text);
  if (!encoded.ok) throw new Error(`CP932 has no "${encoded.characters.join('')}"`);
  return encoded.bytes;
}

/** What the encoding of a layout has. */
export function measureOf(encoding: LayoutEncoding): TextMeasure {
  return encoding === 'cp932' ? CP932 : UTF8;
}

export class LayoutWriter {
  readonly faults: EncodingFault[] = [];
  readonly #body: LayoutBody;
  readonly #lines: LayoutLines;
  readonly #lineEnd: string;
  #rows = 0;

  constructor(body: LayoutBody) {
    this.#body = body;
    this.#lines = new LayoutLines(body, measureOf(body.encoding));
    this.#lineEnd = LINE_ENDS[body.lineEnd];
  }

  /** The byte order mark and the line of headers, as far as the layout has them. */
  head(): Buffer {
    const line = this.#lines.head();
    if (line) this.#note(line.faults);
    const mark = this.#body.encoding === 'utf8-bom' ? BYTE_ORDER_MARK : '';
    return this.#bytes(mark + (line ? line.text + this.#lineEnd : ''));
  }

  /** Bytes of the rows; empty once there are faults. */
  block(rows: readonly ClosingRow[]): Buffer {
    let text = '';
    for (const row of rows) {
      const line = this.#lines.line(row, this.#rows);
      this.#rows += 1;
      if (line.faults.length > 0) this.#note(line.faults);
      else text += line.text + this.#lineEnd;
    }
    return this.#bytes(text);
  }

  end(): Buffer {
    return Buffer.alloc(0);
  }

  #bytes(text: string): Buffer {
    if (this.faults.length > 0) return Buffer.alloc(0);
    return this.#body.encoding === 'cp932' ? cp932(text) : Buffer.from(text, 'utf8');
  }

  #note(faults: readonly LayoutFault[]): void {
    for (const { row, column, value, problem } of faults) {
      if (this.faults.length >= MAX_FAULTS) return;
      const characters = problem.reason === 'characters' ? problem.characters : [];
      this.faults.push({ row, column, value, characters, problem: problemText(problem) });
    }
  }
}
