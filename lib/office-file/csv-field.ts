/**
 * Fields of a CSV file that people open in Excel (RFC 4180 quoting).
 * Excel takes a field apart: 00123 becomes 123, sixteen digits lose their last, 3-11 becomes a date, =… is computed.
 * A text formula ="00123" is shown as it is; importers that are no spreadsheet want the plain field instead.
 */

/** `excel`: identifiers as text formulas, intact when opened in Excel. `plain`: as they are, for importing programs. */
export const IDENTIFIER_STYLES = ['excel', 'plain'] as const;
export type IdentifierStyle = (typeof IDENTIFIER_STYLES)[number];

const NEEDS_QUOTES = /[",\r\n]/;
/** A field that begins so is computed by a spreadsheet; a Japanese one takes the full-width signs for the others. */
const COMPUTED = /^[=+\-@\t\r\n＝＋－−＠]/;

/** A field as RFC 4180 writes it. */
export function csvField(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A number or code whose digits count as written; an empty one stays empty. A plain one that a spreadsheet would compute
 * (a number may begin with a hyphen) is written as free text is.
 */
export function identifierField(text: string, style: IdentifierStyle): string {
  if (text === '' || style === 'plain') return freeTextField(text, style);
  return csvField(textFormula(text));
}

/** Free text, which must not be computed: as a text formula for Excel, behind an apostrophe for other programs. */
export function freeTextField(text: string, style: IdentifierStyle): string {
  if (!COMPUTED.test(text)) return csvField(text);
  return csvField(style === 'excel' ? textFormula(text) : `'${text}`);
}

function textFormula(text: string): string {
  return `="${text.replaceAll('"', '""')}"`;
}
