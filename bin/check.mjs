/** `npm run check`: all static checks. Takes seconds, needs no database. */
import { spawn } from 'node:child_process';
import { ensurePackages, ROOT, requireNode } from './setup.mjs';

requireNode();
await ensurePackages();

const FOLDERS = ['app', 'components', 'lib', 'db', 'ingest', 'e2e', 'bin', 'bench'];
// Exports that only tests use are allowed, so the production run looks at files and packages only.
const KNIP_PRODUCTION = [
  'knip',
  '--production',
  '--include',
  'files,dependencies,unlisted,unresolved',
];
const CHECKS = [
  ['format and lint', 'npx', ['biome', 'check', '--error-on-warnings', '.']],
  ['types', 'npx', ['tsc', '--noEmit']],
  ['imports', 'npx', ['depcruise', '--config', '.dependency-cruiser.mjs', ...FOLDERS]],
  ['names in the rules about imports', 'node', ['bin/checks/dependency-rules.mjs']],
  ['unused code and packages', 'npx', ['knip']],
  ['unused in production', 'npx', KNIP_PRODUCTION],
  ['paths and names in documents', 'node', ['bin/checks/document-paths.mjs']],
  ['suites that read the clock', 'node', ['bin/checks/clock-suites.mjs']],
  ['files that read the clock', 'node', ['bin/checks/clock-edges.mjs']],
  ['non-null assertions', 'node', ['bin/checks/non-null-assertions.mjs']],
  ['lines of functions', 'node', ['bin/checks/function-length.mjs']],
  ['invisible characters', 'node', ['bin/checks/unseen-characters.mjs']],
  ['words of comments', 'node', ['bin/checks/comment-words.mjs']],
];

function check([name, command, args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, npm_config_loglevel: 'error' },
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stderr.on('data', (text) => {
      output += text;
    });
    child.once('error', (error) => resolve({ name, ok: false, output: String(error) }));
    child.once('exit', (code) => resolve({ name, ok: code === 0, output }));
  });
}

let failed = 0;
for (const result of await Promise.all(CHECKS.map(check))) {
  console.log(`${result.ok ? 'ok    ' : 'FAILED'} ${result.name}`);
  if (!result.ok) {
    failed += 1;
    console.log(result.output.trimEnd());
  }
}
process.exitCode = failed === 0 ? 0 : 1;
