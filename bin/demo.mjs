/** `npm run demo [-- --check]`: installs what is missing, then runs bin/demo-run.ts. */
import { spawn } from 'node:child_process';
import { ensurePackages, ROOT, requireNode, TSX } from './setup.mjs';

const LOOK_EVERY_MS = 500;

try {
  requireNode();
  await ensurePackages();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const child = spawn(process.execPath, [...TSX, 'bin/demo-run.ts', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
// Ctrl-C reaches the child through the terminal; a SIGTERM to us is passed on. Both wait for its orderly end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGHUP', () => child.kill('SIGTERM'));
stopWithNpm();
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});

/** A SIGTERM to npm ends npm alone: this process is then another's child, and takes it as told to itself. */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event !== 'demo') return;
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    child.kill('SIGTERM');
  }, LOOK_EVERY_MS);
  child.once('exit', () => clearInterval(look));
}
