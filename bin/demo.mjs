/** `npm run demo [-- --check]`: installs what is missing, then runs bin/demo/run-demo.ts. */
import { spawn } from 'node:child_process';
import { ensurePackages, ROOT, requireNode, TSX } from './setup.mjs';
import { onEndOfNpm } from './stop-with-npm.mjs';

try {
  requireNode();
  await ensurePackages();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const child = spawn(process.execPath, [...TSX, 'bin/demo/run-demo.ts', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
// Ctrl-C reaches the child through the terminal; SIGTERM is passed on. Both wait for the child's orderly end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGHUP', () => child.kill('SIGTERM'));
const leave = onEndOfNpm('demo', () => child.kill('SIGTERM'));
child.once('exit', (code) => {
  leave();
  process.exitCode = code ?? 1;
});
