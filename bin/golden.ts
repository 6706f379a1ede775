/** `npm run golden`: writes db/schema.sql from a freshly migrated database; with --check it only compares, and exits 1 when they differ. */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { serverPrograms, startServer } from '../db/embedded.ts';
import { dumpSchema, GOLDEN_SCHEMA } from '../db/golden-schema.ts';
import { cloneDatabase } from '../db/testing-database.ts';

const around = {
  environment: process.env,
  onProgress: (text: string) => console.error(text),
};
const stateDir = fileURLToPath(new URL('../.local', import.meta.url));

async function freshDump(): Promise<string> {
  const server = process.env.DATABASE_URL
    ? undefined
    : await startServer({ stateDir, name: 'test', ...around });
  try {
    const database = await cloneDatabase(server?.adminUrl ?? process.env.DATABASE_URL!);
    try {
      return await dumpSchema(database.adminUrl, await serverPrograms(stateDir, around));
    } finally {
      await database.close();
    }
  } finally {
    await server?.stop();
  }
}

const fresh = await freshDump();
if (!process.argv.includes('--check')) {
  await writeFile(GOLDEN_SCHEMA, fresh);
  console.log('db/schema.sql written');
} else if ((await readFile(GOLDEN_SCHEMA, 'utf8').catch(() => '')) === fresh) {
  console.log('db/schema.sql is what the migrations make');
} else {
  console.error('db/schema.sql is not what the migrations make; run "npm run golden" and review:');
  spawnSync('diff', ['-u', GOLDEN_SCHEMA, '-'], {
    input: fresh,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  process.exitCode = 1;
}
