// PostgreSQL's binary format of a one-dimensional array of composites: a 20-byte array header, then each element as its
// length, its number of columns, and each column as type number, length and value. All numbers are big-endian.

/** Type numbers of the built-in types, the same in every database. */
export const OID = {
  int8: 20,
  int2: 21,
  int4: 23,
  int2Array: 1005,
  int4Array: 1007,
  date: 1082,
} as const;

const ARRAY_HEADER_BYTES = 20;
const NULL_LENGTH = -1;

/**
 * Builds such an array in one growing buffer that is reused for batch after batch. An element is begun, its columns are
 * written in the type's order, and it is ended.
 */
export class BinaryArray {
  readonly #elementOid: number;
  readonly #columns: number;
  readonly #elementMaxBytes: number;
  #buffer: Buffer;
  #view: DataView;
  #offset = ARRAY_HEADER_BYTES;
  #elementStart = 0;
  /** Number of elements. */
  count = 0;

  constructor(elementOid: number, columns: number, elementMaxBytes: number) {
    this.#elementOid = elementOid;
    this.#columns = columns;
    this.#elementMaxBytes = elementMaxBytes;
    this.#buffer = Buffer.allocUnsafeSlow(ARRAY_HEADER_BYTES + 16 * elementMaxBytes);
    this.#view = viewOf(this.#buffer);
  }

  /** Begins an element. @returns its offset, for `elementAt` */
  begin(): number {
    if (this.#offset + this.#elementMaxBytes > this.#buffer.length) this.#grow();
    this.#elementStart = this.#offset;
    this.#view.setInt32(this.#offset + 4, this.#columns);
    this.#offset += 8;
    this.count += 1;
    return this.#elementStart;
  }

  end(): void {
    this.#view.setInt32(this.#elementStart, this.#offset - this.#elementStart - 4);
  }

  int2(value: number | null): void {
    this.#column(OID.int2, value === null ? NULL_LENGTH : 2);
    if (value === null) return;
    this.#view.setInt16(this.#offset, value);
    this.#offset += 2;
  }

  int4(value: number | null, oid: number = OID.int4): void {
    this.#column(oid, value === null ? NULL_LENGTH : 4);
    if (value === null) return;
    this.#view.setInt32(this.#offset, value);
    this.#offset += 4;
  }

  /** A 64-bit integer from its halves. */
  int8(upper: number, lower: number): void {
    this.#column(OID.int8, 8);
    this.#view.setInt32(this.#offset, upper);
    this.#view.setInt32(this.#offset + 4, lower);
    this.#offset += 8;
  }

  /** 24 hourly values; an hour whose bit in the mask is clear (hour 1 is the highest of 24) is null. */
  hours(values: Int32Array | Int16Array, mask: number): void {
    const wide = values instanceof Int32Array;
    this.#column(wide ? OID.int4Array : OID.int2Array, 0);
    const start = this.#offset;
    const view = this.#view;
    writeArrayHeader(view, start, {
      hasNull: mask !== 0xffffff,
      elementOid: wide ? OID.int4 : OID.int2,
      length: 24,
    });
    let at = start + ARRAY_HEADER_BYTES;
    for (let hour = 0; hour < 24; hour += 1) {
      if ((mask & (0x800000 >> hour)) === 0) {
        view.setInt32(at, NULL_LENGTH);
        at += 4;
      } else if (wide) {
        view.setInt32(at, 4);
        view.setInt32(at + 4, values[hour]!);
        at += 8;
      } else {
        view.setInt32(at, 2);
        view.setInt16(at + 4, values[hour]!);
        at += 6;
      }
    }
    view.setInt32(start - 4, at - start);
    this.#offset = at;
  }

  /** The whole array; valid until `clear`. */
  bytes(): Buffer {
    if (this.count === 0) return emptyArray(this.#elementOid);
    writeArrayHeader(this.#view, 0, {
      hasNull: false,
      elementOid: this.#elementOid,
      length: this.count,
    });
    return this.#buffer.subarray(0, this.#offset);
  }

  /** An array of only the element that begins at `start`. */
  elementAt(start: number): Buffer {
    const length = 4 + this.#view.getInt32(start);
    const single = Buffer.allocUnsafe(ARRAY_HEADER_BYTES + length);
    writeArrayHeader(viewOf(single), 0, {
      hasNull: false,
      elementOid: this.#elementOid,
      length: 1,
    });
    this.#buffer.copy(single, ARRAY_HEADER_BYTES, start, start + length);
    return single;
  }

  clear(): void {
    this.count = 0;
    this.#offset = ARRAY_HEADER_BYTES;
  }

  #column(oid: number, length: number): void {
    this.#view.setInt32(this.#offset, oid);
    this.#view.setInt32(this.#offset + 4, length);
    this.#offset += 8;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
    this.#buffer.copy(larger, 0, 0, this.#offset);
    this.#buffer = larger;
    this.#view = viewOf(larger);
  }
}

/** An array without elements. */
export function emptyArray(elementOid: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeInt32BE(elementOid, 8);
  return bytes;
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** Number of dimensions, whether there are nulls, element type, length, and the first subscript. */
function writeArrayHeader(
  view: DataView,
  at: number,
  array: { hasNull: boolean; elementOid: number; length: number },
): void {
  view.setInt32(at, 1);
  view.setInt32(at + 4, array.hasNull ? 1 : 0);
  view.setInt32(at + 8, array.elementOid);
  view.setInt32(at + 12, array.length);
  view.setInt32(at + 16, 1);
}
