/** Builds the web process, unless the present build was made from exactly these sources. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './setup.mjs';

const STAMP = join(ROOT, '.next', 'kenshin-sources-sha256');
const FOLDERS = ['app', 'components', 'lib', 'db', 'messages', 'public'];
const FILES = [
  'next.config.ts',
  'proxy.ts',
  'instrumentation.ts',
  'package-lock.json',
  'tsconfig.json',
];

function listSources() {
  const inFolders = FOLDERS.flatMap((folder) => {
    if (!existsSync(join(ROOT, folder))) return [];
    return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length + 1));
  });
  return [...inFolders, ...FILES].sort();
}

function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of listSources()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

const hash = sourcesHash();
if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) {
  console.log('The build is up to date.');
} else {
  // An interrupted build leaves no stamp, so the next one starts from scratch.
  rmSync(STAMP, { force: true });
  const code = await run('npx', ['next', 'build'], {
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', npm_config_loglevel: 'error' },
  });
  if (code !== 0) process.exit(code);
  mkdirSync(join(ROOT, '.next'), { recursive: true });
  writeFileSync(STAMP, hash);
}
