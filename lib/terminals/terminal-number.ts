import { randomInt } from 'node:crypto';

/** [TERM-3.1] 1 to 16 decimal digits; leading zeros count. */
export const TERMINAL_NUMBER = /^[0-9]{1,16}$/;

/** Prefix of generated numbers, which makers do not use. */
const MADE = '77';
const DIGITS = 12;

/** A random number for a terminal without a maker's: 14 digits, so that numbers of two utilities do not collide. */
export function newTerminalNumber(): string {
  return `${MADE}${String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0')}`;
}
