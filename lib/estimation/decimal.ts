/** Exact decimal arithmetic on decimal text, for what multiplies billed volumes. Pure; no floating point. */

/** A decimal number as an integer of its last decimal: 2.45 is 245 with scale 2. */
export interface Decimal {
  units: bigint;
  /** Number of decimals. */
  scale: number;
}

/** @throws RangeError for text that is no decimal number */
export function parseDecimal(text: string): Decimal {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is no decimal number`);
  const [, sign = '', whole = '', part = ''] = match;
  const units = BigInt(whole + part);
  return { units: sign === '-' ? -units : units, scale: part.length };
}

export function formatDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The same number with `scale` decimals, cut towards zero. */
export function cutTo({ units, scale: from }: Decimal, scale: number): Decimal {
  if (scale >= from) return { units: units * 10n ** BigInt(scale - from), scale };
  return { units: units / 10n ** BigInt(from - scale), scale };
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}
