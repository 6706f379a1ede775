/**
 * Completes package-lock.json with the platform-only optional packages that a registry may lack,
 * since `npm ci` refuses a lock in which an optional dependency has no entry. Run after each change of dependencies.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

const PLATFORMS = { windows: 'win32', win32: 'win32', wasm32: 'wasm32' };
for (const os of [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
])
  PLATFORMS[os] = os;
const PROCESSORS = /^(arm64|x64|arm|ia32|ppc64|s390x|riscv64|loong64|mips64el|wasm32)/;

const file = join(ROOT, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** True when Node's resolution, the package's folder and then each folder above, finds the name in the lock. */
function isLocked(from, name) {
  for (
    let at = from;
    ;
    at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : ''
  ) {
    if (lock.packages[at ? `${at}/node_modules/${name}` : `node_modules/${name}`]) return true;
    if (!at) return false;
  }
}

function stanza(name, range, dev) {
  const words = name.split(/[/-]/);
  const os = words.find((word) => PLATFORMS[word]);
  const cpu = words.map((word) => PROCESSORS.exec(word)?.[1]).find(Boolean);
  const version = /^\^?(\d[^\s]*)$/.exec(range)?.[1];
  if (!os || !version) return undefined;
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(dev && { dev }),
    optional: true,
    os: [PLATFORMS[os]],
  };
}

let added = 0;
for (const [at, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(at, name)) continue;
    const missing = stanza(name, range, entry.dev);
    if (!missing) {
      console.log(`left out: ${name} ${range}`);
      continue;
    }
    lock.packages[`node_modules/${name}`] = missing;
    added += 1;
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`added ${added}`);
