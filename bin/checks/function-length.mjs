/**
 * Functions have at most 60 lines, counted in the file from the first word to the closing bracket: functions and
 * methods of every kind, components and constructors. Functions of tests are not counted.
 */
import { fileURLToPath } from 'node:url';
import { parse, readSources, walk } from './syntax.mjs';

const MAX_LINES = 60;
const FUNCTIONS = new Set([
  'ArrowFunctionExpression',
  'ClassMethod',
  'Constructor',
  'FunctionDeclaration',
  'FunctionExpression',
  'GetterProperty',
  'MethodProperty',
  'PrivateMethod',
  'SetterProperty',
]);
const SUITE = /\.(?:test|spec)\.tsx?$|^e2e\//;

/** Functions that are too long, each with its first line, from 1, and its number of lines. */
export function longFunctions(text, file) {
  const { tree, lineAt } = parse(text, file);
  const long = [];
  walk(tree, ({ type, span }) => {
    if (!FUNCTIONS.has(type)) return;
    const line = lineAt(span.start);
    const lines = lineAt(span.end - 1) - line + 1;
    if (lines > MAX_LINES) long.push({ line, lines });
  });
  return long;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of readSources()) {
    if (SUITE.test(file)) continue;
    for (const { line, lines } of longFunctions(text, file)) {
      console.log(`${file}:${line} is a function of ${lines} lines: ${MAX_LINES} at most`);
      process.exitCode = 1;
    }
  }
}
