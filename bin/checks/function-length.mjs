/**
 * A function has 60 lines at most, counted as they stand in the file, from its first word to its closing bracket: functions
 * and methods of every kind, components and constructors too. Those of tests are their tables and stories, and not counted.
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

/** The functions of a source that are too long, each with the line, from 1, on which it begins, and its lines. */
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
