/**
 * Every file and folder that a rule of dependency-cruiser names must exist, because a rule about a missing file checks
 * nothing. Names are taken from the rules' regular expressions, one for each combination of alternatives.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ROOT } from '../setup.mjs';

const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})/;

/**
 * Alternatives of a regular expression, each without a group or "|": `a(b|c)` gives `ab` and `ac`. A look-ahead counts
 * as a group: what it excludes has to exist too.
 */
export function alternativesOf(pattern) {
  const { expressions, rest } = readAlternatives(pattern);
  if (rest !== '') throw new Error(`${pattern}: a bracket is not closed`);
  return expressions;
}

function readAlternatives(text) {
  const all = [];
  let current = [''];
  let rest = text;
  while (rest !== '' && rest[0] !== ')') {
    if (rest[0] === '|') {
      all.push(...current);
      current = [''];
      rest = rest.slice(1);
      continue;
    }
    const part = readPart(rest);
    current = current.flatMap((head) => part.expressions.map((tail) => head + tail));
    rest = part.rest;
  }
  return { expressions: [...all, ...current], rest };
}

function readPart(text) {
  if (text[0] === '(') return readGroup(text);
  const [atom] = /^(?:\[(?:\\.|[^\]])*\]|\\.|.)/s.exec(text);
  const [quantifier = ''] = QUANTIFIER.exec(text.slice(atom.length)) ?? [];
  return { expressions: [atom + quantifier], rest: text.slice(atom.length + quantifier.length) };
}

function readGroup(text) {
  const inner = readAlternatives(text.replace(/^\((?:\?[:=!])?/, ''));
  if (inner.rest[0] !== ')') throw new Error(`${text}: a bracket is not closed`);
  const rest = inner.rest.slice(1);
  const [quantifier = ''] = QUANTIFIER.exec(rest) ?? [];
  const isOptional = quantifier === '?' || quantifier === '*';
  return {
    expressions: isOptional ? [...inner.expressions, ''] : inner.expressions,
    rest: rest.slice(quantifier.length),
  };
}

/** Messages about rules that name what no file matches. Files are paths from the root, with "/". */
export function listStaleNames(rules, files) {
  return rules.flatMap(({ name, from, to }) =>
    [from.path, from.pathNot, to.path, to.pathNot]
      .flat()
      .filter((pattern) => pattern !== undefined)
      .flatMap((pattern) =>
        alternativesOf(pattern)
          .filter((expression) => !files.some((file) => new RegExp(expression).test(file)))
          .map((expression) => `${name}: no file matches ${expression}, a part of ${pattern}`),
      ),
  );
}

async function main(config) {
  const { default: cruiser } = await import(pathToFileURL(resolve(config)).href);
  const args = ['ls-files', '-co', '--exclude-standard'];
  const files = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const faults = listStaleNames(cruiser.forbidden, files.filter(Boolean));
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv[2] ?? `${ROOT}/.dependency-cruiser.mjs`);
}
