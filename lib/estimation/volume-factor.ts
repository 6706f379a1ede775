/**
 * Volume factor (圧力換算係数): gas that is delivered above the maximum pressure is denser than the meter's volume says. The
 * factor multiplies the billed volume of a period; the register is never changed. A supply point's factor is data of
 * the utility, with validity by day; a period has the factor with which it begins. Pure, exact decimals.
 */
import { cutTo, formatDecimal, multiply, parseDecimal } from './decimal.ts';

/** A factor of a supply point. */
export interface VolumeFactor {
  /** Decimal text, at most six decimals. */
  factor: string;
  /** JST day from which it is valid. */
  fromOn: string;
  /** From where it is: pressure, contract. */
  basis: string;
}

/**
 * The volume of a register, m³ as decimal text, multiplied and cut to the decimals it had, as billed volumes are: 44 ×
 * 1.0197 = 44.8668 → 44.
 */
export function convertedM3(registerM3: string, factor: string): string {
  const volume = parseDecimal(registerM3);
  return formatDecimal(cutTo(multiply(volume, parseDecimal(factor)), volume.scale));
}

/**
 * Factor of a delivery `kpa` kilopascals above atmospheric pressure, (101.325 + kPa) / (101.325 + 0.981), cut to four
 * decimals; decimal text. Source: retail terms of a city-gas supplier (docs/estimation.md).
 * @throws RangeError for text that is no decimal number
 */
export function pressureFactor(kpa: string): string {
  const scale = 6;
  const { units } = cutTo(parseDecimal(kpa), scale);
  const absolute = 101_325_000n + units;
  return formatDecimal({ units: (absolute * 10_000n) / 102_306_000n, scale: 4 });
}
