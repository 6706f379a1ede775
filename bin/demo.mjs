/** `npm run demo [-- --check]`: installs what is missing, then runs bin/demo-run.ts. */
import { spawn } from 'node:child_process';
import { ensurePackages, ROOT, requireNode, TSX } from './setup.mjs';

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
// Ctrl-C reaches the child through the terminal; a SIGTERM to npm or to us is passed on. Both wait for its orderly end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGHUP', () => child.kill('SIGTERM'));
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
