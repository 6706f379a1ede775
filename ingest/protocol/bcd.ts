// Decimal digit strings on the wire: two digits a byte, right-aligned, unused nibbles on the left are 0xF. So '0012'
// and '12' are different byte strings, as they are different numbers.

const PAD = 0xf;
const ASCII_ZERO = 0x30;

/** Packs digits [TERM-4.5]; a RangeError when they are not 1 to 2 × `byteLength` decimal digits. */
export function encodeBcd(digits: string, byteLength: number): Buffer {
  if (!/^[0-9]+$/.test(digits) || digits.length > byteLength * 2) {
    throw new RangeError(`expected 1 to ${byteLength * 2} decimal digits, not "${digits}"`);
  }
  return Buffer.from(digits.padStart(byteLength * 2, 'f'), 'hex');
}

/** Unpacks digits; undefined when a nibble is not a digit or padding follows a digit. */
export function decodeBcd(
  bytes: Uint8Array,
  offset: number,
  byteLength: number,
): string | undefined {
  let digits = '';
  for (let nibble = 0; nibble < byteLength * 2; nibble += 1) {
    const byte = bytes[offset + (nibble >> 1)] ?? 0xff;
    const value = nibble & 1 ? byte & 0xf : byte >> 4;
    if (value === PAD && digits === '') continue;
    if (value > 9) return undefined;
    digits += String.fromCharCode(ASCII_ZERO + value);
  }
  return digits === '' ? undefined : digits;
}

/** A terminal number, 1 to 16 decimal digits, as its eight bytes in nonces and key derivation. */
export function terminalBcd(terminalNumber: string): Buffer {
  return encodeBcd(terminalNumber, 8);
}
