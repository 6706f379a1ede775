/** Finds sources and suites that read the clock, directly or through an import. */
import { dirname, join, normalize } from 'node:path';
import { parse, readSources, walk } from './syntax.mjs';

const SUITE = /\.(?:test\.tsx?|spec\.ts)$/;
/** SQL expressions that read the database's clock. */
const SQL_CLOCK =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\)|\bcurrent_(?:date|time|timestamp)\b/i;

/** Lines, from 1, on which a source reads the clock of the process or of the database. */
export function clockReadings(text, file) {
  const { tree, lineAt } = parse(text, file);
  const lines = [];
  walk(tree, (node) => {
    if (isReading(node)) lines.push(lineAt(node.span.start));
  });
  return lines;
}

function isReading(node) {
  if (node.type === 'NewExpression') return isName(node.callee, 'Date') && !node.arguments?.length;
  if (node.type === 'CallExpression') return isName(node.callee, 'Date');
  if (node.type === 'MemberExpression') {
    return isName(node.object, 'Date') && isName(node.property, 'now');
  }
  if (node.type === 'StringLiteral') return SQL_CLOCK.test(node.value);
  return node.type === 'TemplateElement' && SQL_CLOCK.test(node.raw);
}

function isName(node, name) {
  return node?.type === 'Identifier' && node.value === name;
}

/**
 * @param sources texts by path
 * @returns the suites that read the clock by themselves or through an import, sorted, each with the modules that do
 */
export function findClockSuites(durationsOnly, sources = readSources()) {
  const readers = new Set();
  const imports = new Map();
  for (const [file, text] of sources) {
    const counts = !durationsOnly.includes(file);
    if (counts && clockReadings(text, file).length > 0) readers.add(file);
    const targets = importsOf(text, file).map((target) => normalize(join(dirname(file), target)));
    imports.set(
      file,
      targets.filter((target) => sources.has(target)),
    );
  }
  return [...sources.keys()]
    .filter((file) => SUITE.test(file))
    .map((suite) => ({
      suite,
      through: [...reachable(suite, imports)].filter((file) => readers.has(file)),
    }))
    .filter(({ through }) => through.length > 0)
    .sort((a, b) => (a.suite < b.suite ? -1 : 1));
}

/** Modules of the list of durations that no longer read a clock or no longer exist. */
export function findIdle(durationsOnly) {
  const sources = readSources();
  return durationsOnly.filter((file) => !clockReadings(sources.get(file) ?? '', file).length);
}

/** Relative paths that a source loads at run time; type imports load nothing. */
function importsOf(text, file) {
  const targets = [];
  walk(parse(text, file).tree, (node) => {
    if (node.typeOnly) return;
    if (node.source?.type === 'StringLiteral') targets.push(node.source.value);
    if (node.type === 'CallExpression' && node.callee.type === 'Import') {
      targets.push(node.arguments[0]?.expression.value);
    }
  });
  return targets.filter((target) => target?.startsWith('.'));
}

function reachable(start, imports) {
  const seen = new Set();
  const waiting = [start];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    waiting.push(...(imports.get(file) ?? []));
  }
  return seen;
}
