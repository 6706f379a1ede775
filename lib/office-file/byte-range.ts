/** Byte ranges of a request (RFC 9110, 14.1.2 and 14.2): one range of bytes; anything else asks for the whole. Pure. */

/** Bytes of a file, both included; `last` undefined: to its end. A `suffix` is its last bytes. */
export type AskedRange = { first: number; last?: number } | { suffix: number };

export interface ByteRange {
  first: number;
  last: number;
}

const ONE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The range that a request asks for; undefined for the whole file. With `If-Range` only the very file of its strong tag
 * is given in part.
 */
export function askedRange(
  range: string | undefined,
  ifRange: string | undefined,
  tag: string,
): AskedRange | undefined {
  const [, first = '', last = ''] = ONE_RANGE.exec(range ?? '') ?? [];
  if (ifRange !== undefined && ifRange !== tag) return undefined;
  if (first === '') return last === '' ? undefined : { suffix: Number(last) };
  if (last !== '' && Number(last) < Number(first)) return undefined;
  return { first: Number(first), ...(last !== '' && { last: Number(last) }) };
}

/** The bytes of a file of a length; undefined when it has none of them. */
export function rangeWithin(asked: AskedRange, length: number): ByteRange | undefined {
  const end = length - 1;
  if ('suffix' in asked) {
    if (asked.suffix === 0 || length === 0) return undefined;
    return { first: Math.max(0, length - asked.suffix), last: end };
  }
  if (asked.first > end) return undefined;
  return { first: asked.first, last: Math.min(asked.last ?? end, end) };
}

type Write = (bytes: Buffer) => Promise<void>;

/** Hands only the bytes of a range on. */
export function withinRange({ first, last }: ByteRange, write: Write): Write {
  let at = 0;
  return async (bytes) => {
    const from = Math.max(0, first - at);
    const to = Math.min(bytes.length, last + 1 - at);
    at += bytes.length;
    if (to > from) await write(bytes.subarray(from, to));
  };
}
