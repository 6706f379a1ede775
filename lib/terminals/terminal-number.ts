import { randomInt } from 'node:crypto';

/** [TERM-3.1] 1 to 16 decimal digits; leading zeros count. */
export const TERMINAL_NUMBER = /^[0-9]{1,16}$/;

/** Made numbers begin so, apart from those that a maker prints on a terminal. */
const MADE = '77';
const DIGITS = 12;

/** A terminal number for a terminal that has none of its maker: 14 digits, drawn, so that no two utilities meet. */
export function newTerminalNumber(): string {
  return `${MADE}${String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0')}`;
}
