/**
 * Fields of a CSV file that people open in Excel (RFC 4180 quoting). Excel changes fields: 00123 becomes 123, sixteen
 * digits lose the last, 3-11 becomes a date, =… is evaluated. The text formula ="00123" is shown unchanged; importing
 * programs need the plain field instead.
 */

/** `excel`: identifiers as text formulas, unchanged in Excel. `plain`: as they are, for importing programs. */
export const IDENTIFIER_STYLES = ['excel', 'plain'] as const;
export type IdentifierStyle = (typeof IDENTIFIER_STYLES)[number];

const NEEDS_QUOTES = /[",\r\n]/;
/** Beginning of a field that a spreadsheet evaluates; a Japanese one also evaluates full-width signs. */
const COMPUTED = /^[=+\-@\t\r\n＝＋－−＠]/;

/** A field in RFC 4180 quoting. */
export function csvField(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * An identifier whose digits are kept as written; an empty one stays empty. A plain one that a spreadsheet would
 * evaluate (it may begin with a hyphen) is written like free text.
 */
export function identifierField(text: string, style: IdentifierStyle): string {
  if (text === '' || style === 'plain') return freeTextField(text, style);
  return csvField(textFormula(text));
}

/** Free text that must not be evaluated: a text formula for Excel, prefixed with an apostrophe for other programs. */
export function freeTextField(text: string, style: IdentifierStyle): string {
  if (!COMPUTED.test(text)) return csvField(text);
  return csvField(style === 'excel' ? textFormula(text) : `'${text}`);
}

function textFormula(text: string): string {
  return `="${text.replaceAll('"', '""')}"`;
}
