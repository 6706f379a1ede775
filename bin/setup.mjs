/** What a fresh machine lacks before any of our TypeScript can run. Plain JavaScript, no dependency. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const TSX = ['--import', 'tsx'];

const MINIMUM_NODE = [20, 19];
const STAMP = join(ROOT, 'node_modules', '.kenshin-lock-sha256');

/** Runs a command in the checkout; resolves with its exit code (1 when it was ended by a signal). */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  throw new Error(
    `Node ${MINIMUM_NODE.join('.')} or later is needed, this is ${process.versions.node}. Node 24 is recommended.`,
  );
}

/** Installs the locked dependencies unless exactly these are there already. */
export async function ensurePackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  console.log('Installing npm packages …');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new Error('npm ci failed; its message stands above.');
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, lock);
}

export function findChromium() {
  return ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
}

/** Installs Debian's Chromium where root can, else says which command does. */
export async function ensureChromium() {
  if (findChromium()) return;
  const command = 'apt-get install -y --no-install-recommends chromium';
  if (process.getuid?.() !== 0) {
    throw new Error(`The browser tests need Chromium. Run once as root: ${command}`);
  }
  console.log('Installing Chromium …');
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const known = spawnSync('apt-cache', ['show', 'chromium'], { stdio: 'ignore' }).status === 0;
  if (!known) await run('apt-get', ['-q', 'update'], { ...quiet, stdio: 'ignore' });
  const code = await run('apt-get', ['-q', ...command.split(' ').slice(1)], {
    ...quiet,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (code !== 0 || !findChromium()) throw new Error(`Chromium could not be installed: ${command}`);
}
