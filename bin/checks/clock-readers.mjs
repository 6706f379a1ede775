/** Which suites read the clock: found by following their relative imports through the checkout's own files. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '../setup.mjs';

const SUITE = /\.(?:test\.tsx?|spec\.ts)$/;
/** The clock of the process, and the clock of the database where a statement in the source names it. */
const CLOCK = /new Date\(\)|Date\.now\b|\bnow\(\)|\bcurrent_date\b|\bclock_timestamp\(\)/;
const IMPORT = /(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;
/** A clock that is handed in under that name is none that is read. */
const HANDED_IN = /(?<!\bDate)\.#?now\(\)|^\s*now\(\): .*$/gm;

function listSources() {
  const args = ['ls-files', '-co', '--exclude-standard', '--', '*.ts', '*.tsx', '*.mjs'];
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
}

/** True when the text reads a clock instead of being handed one. */
export function readsClock(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '').replace(HANDED_IN, '');
  return CLOCK.test(code);
}

/** @returns the suites that read the clock by themselves or through an import, sorted, each with the modules that do. */
export function findClockSuites(durationsOnly) {
  const files = new Map(listSources().map((file) => [file, readSource(file)]));
  const readers = new Set(
    [...files]
      .filter(([file, text]) => !durationsOnly.includes(file) && readsClock(text))
      .map(([file]) => file),
  );
  const importsOf = (file) =>
    [...(files.get(file) ?? '').matchAll(IMPORT)]
      .map(([, target]) => normalize(join(dirname(file), target)))
      .filter((target) => files.has(target));
  return [...files.keys()]
    .filter((file) => SUITE.test(file))
    .map((suite) => ({
      suite,
      through: [...reachable(suite, importsOf)].filter((file) => readers.has(file)),
    }))
    .filter(({ through }) => through.length > 0)
    .sort((a, b) => (a.suite < b.suite ? -1 : 1));
}

/** Modules on the list of durations that no longer read a clock, or are gone. */
export function findIdle(durationsOnly) {
  const files = new Set(listSources());
  return durationsOnly.filter((file) => !files.has(file) || !readsClock(readSource(file)));
}

function readSource(file) {
  try {
    return readFileSync(join(ROOT, file), 'utf8');
  } catch {
    // Deleted, and not yet so in the index.
    return '';
  }
}

function reachable(start, importsOf) {
  const seen = new Set();
  const waiting = [start];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    waiting.push(...importsOf(file));
  }
  return seen;
}
