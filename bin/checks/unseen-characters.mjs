/** No text file of the checkout contains an invisible character, or one that changes the direction of text. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../setup.mjs';

/**
 * Format characters (byte order mark, zero-width and bidirectional ones, soft hyphen), controls but for tab and line
 * ends, blanks that are neither the space nor the Japanese one, line and paragraph separators, fillers and joiners.
 */
const UNSEEN =
  /[\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u17B4\u17B5\u3164\uFFA0]|\u034F|(?![\t\n\r])\p{Cc}|(?![ \u3000])\p{Zs}/gu;

/** Positions of such characters: line and column from 1, and the code point to write as an escape. */
export function listUnseen(text) {
  return [...text.matchAll(UNSEEN)].map(({ 0: character, index }) => {
    const lines = text.slice(0, index).split('\n');
    const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
    return { line: lines.length, column: lines.at(-1).length + 1, code };
  });
}

function main() {
  const args = ['ls-files', '-coz', '--exclude-standard'];
  const files = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  let found = 0;
  for (const file of files.filter(Boolean)) {
    const bytes = readText(file);
    if (bytes === undefined) continue;
    for (const { line, column, code } of listUnseen(bytes)) {
      found += 1;
      console.log(`${file}:${line}:${column} holds U+${code}: write it as an escape`);
    }
  }
  process.exitCode = found === 0 ? 0 : 1;
}

/** Text of a file; undefined for one that is removed but still listed, and for bytes that are not UTF-8 (pictures). */
function readText(file) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      readFileSync(join(ROOT, file)),
    );
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
