/**
 * Search of closing rows by a number: customer, supply point, terminal or meter serial. Full and half width, capitals,
 * hyphens and spaces make no difference; leading zeros may be left out or added. Pure.
 */
import type { ClosingRow } from './closing-row.ts';

type Numbered = Pick<
  ClosingRow,
  'customerNumber' | 'supplyPointNumber' | 'terminalNumber' | 'meterSerial'
>;

/** Hyphens, dashes, the long-vowel mark that Japanese keyboards give for them, and spaces. */
const SEPARATORS = /[\p{Pd}\u2212\u30fc\s]/gu;
const LEADING_ZEROS = /^0+/;

/** The text as it is compared: half width, small letters, without separators. */
function comparableNumber(text: string): string {
  return text.normalize('NFKC').replace(SEPARATORS, '').toLowerCase();
}

/**
 * Predicate of the rows that a search finds: one of their numbers contains the text, or begins with it when the leading
 * zeros of both are left out. A text without letters and digits finds every row.
 */
export function numberSearch(text: string): (row: Numbered) => boolean {
  const wanted = comparableNumber(text);
  if (wanted === '') return () => true;
  const significant = wanted.replace(LEADING_ZEROS, '');
  const isFound = (value: string | null): boolean => {
    if (value === null) return false;
    const number = comparableNumber(value);
    if (number.includes(wanted)) return true;
    return significant !== '' && number.replace(LEADING_ZEROS, '').startsWith(significant);
  };
  return (row) =>
    isFound(row.customerNumber) ||
    isFound(row.supplyPointNumber) ||
    isFound(row.terminalNumber) ||
    isFound(row.meterSerial);
}
