/** Decodes a text file of an office program or a Windows shell. */

/** Byte order marks of UTF-16, as in Excel's "Unicode text" and PowerShell 5's `>`. */
const BYTE_ORDER_MARKS = [
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/** Text of UTF-8, of UTF-16 with a byte order mark, or else of CP932; the mark is removed. */
export function textOfFile(bytes: Uint8Array): string {
  const marked = BYTE_ORDER_MARKS.find((mark) =>
    mark.bytes.every((byte, at) => bytes[at] === byte),
  );
  if (marked) return new TextDecoder(marked.encoding).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('shift_jis').decode(bytes);
  }
}
