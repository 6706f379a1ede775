/**
 * Register values that meters and radio modules send in place of a reading. A register may also reach such a value by
 * counting, so a code is an error only where it cannot be reached from the registers beside it (`judgeRegisters`). Zero is
 * none of them: a new meter stands at it.
 * Sources: findings of the field (all-ones codes of 16, 24 and 32 bits, digits all nine).
 */
import type { GasKind } from '../gas-kind.ts';

interface ErrorCodes {
  /** Kinds of gas whose meters send them. */
  gasKinds: readonly GasKind[];
  meaning: string;
  /** Litres. */
  indexesL: readonly number[];
}

const ERROR_CODES: readonly ErrorCodes[] = [
  {
    gasKinds: ['city', 'lp'],
    meaning: 'all bits set, in 16, 24 and 31 bits, and one less (no value)',
    indexesL: [65_535, 65_534, 16_777_215, 16_777_214, 2_147_483_647, 2_147_483_646],
  },
  {
    gasKinds: ['city', 'lp'],
    meaning: 'all digits nine, of six to nine digits',
    indexesL: [999_999, 9_999_999, 99_999_999, 999_999_999],
  },
  {
    gasKinds: ['lp'],
    meaning: 'all digits nine with a fourth decimal that was cut off',
    indexesL: [9_999_999, 99_999_990],
  },
];

const CODES: Record<GasKind, ReadonlySet<number>> = {
  city: codesOf('city'),
  lp: codesOf('lp'),
};

function codesOf(gasKind: GasKind): Set<number> {
  const kinds = ERROR_CODES.filter((codes) => codes.gasKinds.includes(gasKind));
  return new Set(kinds.flatMap(({ indexesL }) => indexesL));
}

/** True for a value that a meter for this gas may send in place of a reading. */
export function isErrorCode(indexL: number, gasKind: GasKind): boolean {
  return CODES[gasKind].has(indexL);
}
