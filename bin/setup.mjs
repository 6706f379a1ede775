/** Installs what a fresh machine lacks before TypeScript can run. Plain JavaScript without dependencies. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const TSX = ['--import', 'tsx'];

const MINIMUM_NODE = [20, 19];
const TICK_MS = 15_000;
const STAMP = join(ROOT, 'node_modules', '.kenshin-lock-sha256');

/** Runs a command in the checkout; resolves with its exit code (1 when it was ended by a signal). */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs `work` and prints repeatedly that it is running, with the time since its begin. */
export async function during(what, work, print = console.log) {
  const started = performance.now();
  print(`${what} …`);
  const ticker = setInterval(() => {
    print(`${what} … (for ${Math.round((performance.now() - started) / 1000)} s)`);
  }, TICK_MS);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  throw new Error(
    `Node ${MINIMUM_NODE.join('.')} or later is needed, this is ${process.versions.node}. Node 26 is recommended.`,
  );
}

/** Installs the locked dependencies unless exactly these are installed. */
export async function ensurePackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  const code = await during('installing npm packages', () =>
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
  );
  if (code !== 0) throw new Error('npm ci failed; its message stands above.');
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, lock);
}

export function findChromium() {
  return ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
}

/** Installs Debian's Chromium as root, else prints the command that does. */
export async function ensureChromium() {
  if (findChromium()) return;
  await installForTests('chromium', 'The browser tests need Chromium.');
  if (!findChromium()) throw new Error('Chromium is not where Debian puts it: /usr/bin/chromium');
}

function findFaketime() {
  const folders = readdirSync('/usr/lib').filter((name) => name.includes('-linux-gnu'));
  return folders
    .map((name) => join('/usr/lib', name, 'faketime', 'libfaketime.so.1'))
    .find((path) => existsSync(path));
}

/** Installs Debian's libfaketime as root, else prints the command that does. @returns the path of the library. */
export async function ensureFaketime() {
  if (!findFaketime()) {
    await installForTests('libfaketime', 'The tests at other dates need libfaketime.');
  }
  const library = findFaketime();
  if (library) return library;
  throw new Error('libfaketime is not where Debian puts it: /usr/lib/*/faketime/libfaketime.so.1');
}

async function installForTests(name, reason) {
  const command = `apt-get install -y --no-install-recommends ${name}`;
  if (process.getuid?.() !== 0) throw new Error(`${reason} Run once as root: ${command}`);
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const code = await during(`installing ${name}`, async () => {
    const known = spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0;
    if (!known) await run('apt-get', ['-q', 'update'], { ...quiet, stdio: 'ignore' });
    return run('apt-get', ['-q', ...command.split(' ').slice(1)], {
      ...quiet,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  });
  if (code !== 0) throw new Error(`${name} could not be installed: ${command}`);
}
