/**
 * Every path that a document names must exist: code spans that look like paths, and relative links. Names of code that
 * follow a path in parentheses, such as "`lib/time.ts` (`dayOf`, `instantOf`)", must occur in that file.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../setup.mjs';

const FOLDERS = 'app|components|lib|db|ingest|e2e|bin|bench|docs|messages|public|\\.ci';
const SPAN = new RegExp(`^(?:${FOLDERS})/[^\\s\`]*$`);
const ROOT_FILE = /^[\w.-]+\.(?:md|json|ts|mjs)$/;
/** Paths that exist only after a command or at run time, and patterns. */
const NOT_A_PATH = /[<>{}…|]|^(?:next-env\.d\.ts)$/;
const PATH_WITH_NAMES = /`([^`\n]+)`\s+\(((?:`[^`\n]+`(?:,\s+)?)+)\)/g;
const NAME = /^#?[A-Za-z_$][\w$]*$/;

/**
 * Lines about what a document names and the checkout lacks. `exists` tells whether a path from the root does, `read`
 * returns the text of a file.
 */
export function listStaleReferences(file, text, { exists, read }) {
  const prose = text.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ' '));
  const at = (index) => `${file}:${text.slice(0, index).split('\n').length}`;
  const paths = [...namedPaths(file, prose)]
    .filter(([, path]) => !exists(path) && !exists(join(dirname(file), path)))
    .map(([index, path]) => `${at(index)} names ${path}, which does not exist`);
  const names = [...namedCode(prose)]
    .filter(([, path]) => exists(path))
    .filter(([, path, name]) => !hasName(read(path), name))
    .map(([index, path, name]) => `${at(index)} names ${name}, which ${path} does not have`);
  return [...paths, ...names];
}

function* namedPaths(file, prose) {
  for (const { index, 1: span } of prose.matchAll(/`([^`\n]+)`/g)) {
    if (NOT_A_PATH.test(span)) continue;
    if (SPAN.test(span) || ROOT_FILE.test(span)) yield [index, span];
  }
  for (const { index, 1: link } of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    const target = link.split('#')[0];
    if (!target || /^[a-z]+:/.test(target)) continue;
    yield [index, normalize(join(dirname(file), target))];
  }
}

function* namedCode(prose) {
  for (const { index, 1: path, 2: names } of prose.matchAll(PATH_WITH_NAMES)) {
    if (!SPAN.test(path) || NOT_A_PATH.test(path) || !/\.\w+$/.test(path)) continue;
    for (const [, name] of names.matchAll(/`([^`\n]+)`/g)) {
      if (NAME.test(name)) yield [index, path, name];
    }
  }
}

function hasName(text, name) {
  const escaped = name.replace(/[$]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`).test(text);
}

function listFiles(pattern) {
  const args = ['ls-files', '-co', '--exclude-standard', '--', pattern];
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
}

function exists(path) {
  const clean = path.replace(/[:#]\d+(?:-\d+)?$/, '').replace(/\/$/, '');
  if (clean.includes('*')) return listFiles(clean).length > 0;
  return existsSync(join(ROOT, clean));
}

function main() {
  const read = (path) => readFileSync(join(ROOT, path), 'utf8');
  const faults = listFiles('*.md').flatMap((file) =>
    listStaleReferences(file, read(file), { exists, read }),
  );
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
