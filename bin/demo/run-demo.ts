/**
 * The demo: a private database, one utility, ingest, web, worker and a simulated fleet that first reports 13 months of
 * history and then continues live. `--check` does the same unattended and reports by its exit code whether all of it
 * works.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startDatabase, startServer } from '../../db/private-server/private-server.ts';
import { describeFault } from '../run-command.ts';
import { givenDatabaseUrl } from '../with-database.ts';
import { checkDemo } from './check-demo.ts';
import { createDemo } from './demo-parts.ts';
import { greet, say } from './demo-screen.ts';
import { createProcessTable, localFolder } from './process-table.ts';
import { ROOT, STATE } from './product-processes.ts';
import type { StartedDemo } from './started-demo.ts';

/** `--apart`: a demo with its own database and folder, made anew each time, for checks at another date. */
const NAME = process.argv.includes('--apart') ? 'apart' : 'demo';
const FOLDER = localFolder(ROOT, `${NAME}-run`);
/** Addresses of the running demo; the file exists only while it runs. */
const STARTED_FILE = join(FOLDER, 'started.json');

async function main(stop: AbortController): Promise<number> {
  await givenDatabaseUrl();
  const onlyCheck = process.argv.includes('--check');
  const now = new Date();
  const processes = createProcessTable(join(FOLDER, 'processes.json'));
  const other = processes.findEarlier('demo');
  if (other !== undefined) return meetRunningDemo(other, { onlyCheck, now });
  rmSync(STARTED_FILE, { force: true });
  const left = await processes.endLeftovers();
  if (left.length > 0) say(`ended what a killed demo left behind: ${left.join(', ')}`);
  if (NAME === 'apart') await removeApart();
  processes.add('demo', process.pid);

  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  const interrupted = new Promise<'interrupted'>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve('interrupted'));
  });
  const demo = createDemo({ processes, folder: FOLDER }, { database: NAME, now });
  try {
    const started = await Promise.race([demo.start(), interrupted]);
    if (started === 'interrupted') return 130;
    writeFileSync(STARTED_FILE, JSON.stringify(started), { mode: 0o600 });
    if (onlyCheck) {
      return await checkDemo(started, { now, withAdminUrl: (fn) => fn(demo.adminUrl()) });
    }
    greet(started);
    const ended = await Promise.race([interrupted, demo.firstToEnd()]);
    if (ended === 'interrupted') return 0;
    say(
      `${ended} ended by itself; its log is in ${join(FOLDER, 'log')}. Start again: npm run demo`,
    );
    return 1;
  } finally {
    say('stopping …');
    rmSync(STARTED_FILE, { force: true });
    await demo.stop();
    processes.remove(process.pid);
  }
}

async function removeApart(): Promise<void> {
  const { adminUrl, stop } = await startServer({
    stateDir: STATE,
    name: NAME,
    environment: process.env,
    onProgress: say,
  });
  const client = new pg.Client({ connectionString: adminUrl });
  try {
    await client.connect();
    await client.query('drop database if exists kenshin with (force)');
  } finally {
    await client.end();
    await stop();
  }
  for (const name of readdirSync(FOLDER)) {
    if (name !== 'log') rmSync(join(FOLDER, name), { recursive: true });
  }
}

async function meetRunningDemo(
  pid: number,
  { onlyCheck, now }: { onlyCheck: boolean; now: Date },
): Promise<number> {
  const started = readStarted();
  if (!started) {
    say(`the demo of this checkout is just starting (process ${pid}); try again in a minute`);
    return 1;
  }
  if (onlyCheck) return checkDemo(started, { now, withAdminUrl });
  say(`the demo of this checkout runs already (process ${pid})`);
  greet(started);
  return 1;
}

/** Calls `fn` with the server of DATABASE_URL, or else of this checkout; a running demo may share it. */
async function withAdminUrl<T>(fn: (adminUrl: string) => Promise<T>): Promise<T> {
  if (process.env.DATABASE_URL) return fn(process.env.DATABASE_URL);
  const options = { stateDir: STATE, name: NAME, environment: process.env, onProgress: say };
  const { adminUrl, stop } = await startDatabase(options);
  try {
    return await fn(adminUrl);
  } finally {
    await stop();
  }
}

function readStarted(): StartedDemo | undefined {
  try {
    // Only a started demo writes the file, and writes it whole.
    return JSON.parse(readFileSync(STARTED_FILE, 'utf8')) as StartedDemo;
  } catch {
    return undefined;
  }
}

// Closed or full standard output ends the demo in order, because it cannot be seen any more.
const stop = new AbortController();
let lostOutput: Error | undefined;
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error) => {
  lostOutput ??= error;
  stop.abort();
});
main(stop).then(
  (code) => {
    if (lostOutput) console.error(describeFault(lostOutput));
    process.exit(lostOutput ? 1 : code);
  },
  (error: unknown) => {
    console.error(`\n${describeFault(error)}`);
    process.exit(1);
  },
);
