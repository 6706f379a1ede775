/**
 * Splits a migration into statements, so that an error can name the line of its statement. Understands quotes, dollar
 * quotes and comments; not `begin atomic` bodies, which migrations do not use.
 */

export interface SqlStatement {
  text: string;
  /** Line of the statement's first word, from 1. */
  line: number;
}

/** Tokens within which a script is not split, and the separators. */
const OPAQUE =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|;/g;

/** Statements of a script in order, without their semicolons and without the comments before them. */
export function splitStatements(script: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let start = 0;
  const close = (end: number): void => {
    const begin = firstWord(script, start, end);
    if (begin < end) {
      const line = script.slice(0, begin).split('\n').length;
      statements.push({ text: script.slice(begin, end).trimEnd(), line });
    }
    start = end + 1;
  };
  for (const match of script.matchAll(OPAQUE)) {
    if (match[0] === ';') close(match.index);
  }
  close(script.length);
  return statements;
}

function firstWord(script: string, from: number, end: number): number {
  const blank = /(?:\s|--[^\n]*|\/\*[\s\S]*?\*\/)*/y;
  blank.lastIndex = from;
  blank.exec(script);
  return Math.min(blank.lastIndex, end);
}
