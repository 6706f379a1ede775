/** Builds the web process unless the build at hand is of exactly these sources. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './setup.mjs';

const STAMP = join(ROOT, '.next', 'kenshin-sources-sha256');
const SOURCES = [
  'app',
  'components',
  'lib',
  'messages',
  'public',
  'db/*.ts',
  'next.config.ts',
  'proxy.ts',
  'package-lock.json',
  'tsconfig.json',
];

function sourcesHash() {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...SOURCES], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const hash = createHash('sha256');
  for (const file of files.split('\n').filter(Boolean).sort()) {
    if (!existsSync(join(ROOT, file))) continue;
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
  // A build that is cut off leaves no stamp, so the next one begins anew.
  rmSync(STAMP, { force: true });
  const code = await run('npx', ['next', 'build'], {
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', npm_config_loglevel: 'error' },
  });
  if (code !== 0) process.exit(code);
  mkdirSync(join(ROOT, '.next'), { recursive: true });
  writeFileSync(STAMP, hash);
}
