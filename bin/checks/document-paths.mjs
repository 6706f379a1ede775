/** Every path that a document names must exist: code spans that look like paths, and relative links. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '../setup.mjs';

const FOLDERS = 'app|components|lib|db|ingest|e2e|bin|bench|docs|messages|public|\\.ci';
const SPAN = new RegExp(`^(?:${FOLDERS})/[^\\s\`]*$`);
const ROOT_FILE = /^[\w.-]+\.(?:md|json|ts|mjs)$/;
/** Paths that exist only after a command or at run time, and patterns. */
const NOT_A_PATH = /[<>{}…|]|^(?:next-env\.d\.ts)$/;

function listFiles(pattern) {
  const args = ['ls-files', '-co', '--exclude-standard', '--', pattern];
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
}

function exists(path) {
  const clean = path.replace(/[:#]\d+(?:-\d+)?$/, '').replace(/\/$/, '');
  if (clean.includes('*')) return listFiles(clean).length > 0;
  return existsSync(join(ROOT, clean));
}

function* namedPaths(file, text) {
  const prose = text.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ' '));
  for (const match of prose.matchAll(/`([^`\n]+)`/g)) {
    const span = match[1];
    if (NOT_A_PATH.test(span)) continue;
    if (SPAN.test(span) || ROOT_FILE.test(span)) yield [match.index, span];
  }
  for (const match of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    const target = match[1].split('#')[0];
    if (!target || /^[a-z]+:/.test(target)) continue;
    yield [match.index, normalize(join(dirname(file), target))];
  }
}

const documents = listFiles('*.md');
let missing = 0;
for (const file of documents) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  for (const [at, path] of namedPaths(file, text)) {
    if (exists(path) || existsSync(join(ROOT, dirname(file), path))) continue;
    missing += 1;
    console.log(
      `${file}:${text.slice(0, at).split('\n').length} names ${path}, which does not exist`,
    );
  }
}
process.exitCode = missing === 0 ? 0 : 1;
