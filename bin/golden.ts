/**
 * `npm run golden`: writes db/schema.sql from a freshly migrated database; `--check` only compares and exits 1 on a
 * difference.
 */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { dumpSchema, GOLDEN_SCHEMA } from '../db/golden-schema.ts';
import { serverPrograms, startServer } from '../db/private-server/private-server.ts';
import { cloneDatabase } from '../db/testing/database.ts';
import { EXIT, runCommand } from './run-command.ts';
import { givenDatabaseUrl, untilStopped } from './with-database.ts';

const around = {
  environment: process.env,
  onProgress: (text: string) => console.error(text),
};
const stateDir = fileURLToPath(new URL('../.local', import.meta.url));

async function freshDump(): Promise<string> {
  const given = await givenDatabaseUrl();
  if (given) return dumpOf(given);
  const { adminUrl, stop } = await startServer({ stateDir, name: 'test', ...around });
  return untilStopped(stop, () => dumpOf(adminUrl));
}

async function dumpOf(serverUrl: string): Promise<string> {
  const database = await cloneDatabase(serverUrl);
  return untilStopped(database.close, async () =>
    dumpSchema(database.adminUrl, await serverPrograms(stateDir, around)),
  );
}

await runCommand({
  async main(args) {
    const fresh = await freshDump();
    if (!args.includes('--check')) {
      await writeFile(GOLDEN_SCHEMA, fresh);
      console.log('db/schema.sql written');
      return 0;
    }
    if ((await readFile(GOLDEN_SCHEMA, 'utf8').catch(() => '')) === fresh) {
      console.log('db/schema.sql is what the migrations make');
      return 0;
    }
    console.error(
      'db/schema.sql is not what the migrations make; run "npm run golden" and review:',
    );
    spawnSync('diff', ['-u', GOLDEN_SCHEMA, '-'], {
      input: fresh,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    return EXIT.failed;
  },
});
