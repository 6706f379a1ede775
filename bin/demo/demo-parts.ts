/** Parts of the demo, started in order and stopped in reverse. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, openPool } from '../../db/client.ts';
import { urlOfRole } from '../../db/database-url.ts';
import { migrate } from '../../db/migrate.ts';
import { startDatabase } from '../../db/private-server/private-server.ts';
import { readFleetFile } from '../../ingest/simulator/fleet-file.ts';
import { dayOf } from '../../lib/time.ts';
import { type DemoAccess, seedDemo } from '../seed.ts';
import { during } from '../setup.mjs';
import { DEMO_UTILITY, ensureUtility } from '../utility.ts';
import { planDemo } from './demo-fleet.ts';
import { caughtLine, progress, say } from './demo-screen.ts';
import type { RunningProcess } from './process-table.ts';
import {
  ROOT,
  STATE,
  startIngestProcess,
  startMailServer,
  startWebProcess,
  startWorkerProcess,
  type Workspace,
} from './product-processes.ts';
import { type DemoCase, listDemoCases, plannedOn, stageSilence } from './staged-cases.ts';
import type { StartedDemo } from './started-demo.ts';

const HISTORY_MONTHS = 13;
const HISTORY_TIMEOUT_MS = 15 * 60_000;

type Part = Pick<RunningProcess, 'name' | 'stop'> & { exited?: Promise<number | null> };

/** @param database name of the private server and its data directory. */
export function createDemo(
  workspace: Workspace,
  { database, now }: { database: string; now: Date },
) {
  const parts: Part[] = [];
  let stopping = false;
  let adminUrl = '';

  /** Registers a started part; one that became ready after the stop began is stopped at once. */
  async function keep<T extends Part>(starting: Promise<T>): Promise<T> {
    const part = await starting;
    if (stopping) {
      await part.stop();
      throw new Error('the demo is stopping');
    }
    parts.push(part);
    return part;
  }

  return {
    async start(): Promise<StartedDemo> {
      const [opened] = await Promise.all([keep(openDatabase(database)), build()]);
      adminUrl = opened.adminUrl;
      const seeded = await seed(workspace, opened, now);
      const ingest = await keep(
        startIngestProcess(workspace, {
          databaseUrl: opened.ingestUrl,
          kekDirectory: join(workspace.folder, 'keys'),
        }),
      );
      await keep(startFleet(workspace, ingest.mqttUrl));
      const mail = await keep(
        startMailServer(workspace, (caught, file) => say(caughtLine(caught, file))),
      );
      // After the history, until which all of its days would count as missing.
      const worker = await keep(
        startWorkerProcess(workspace, { databaseUrl: opened.workerUrl, mailPort: mail.port }),
      );
      const cases = await stage(workspace, opened, now);
      const web = await keep(startWebProcess(workspace, { databaseUrl: opened.webUrl }));
      const { healthUrl: workerHealthUrl } = worker;
      return {
        ...{ url: web.url, healthUrl: ingest.healthUrl, workerHealthUrl, mailFolder: mail.folder },
        ...{ cases, ...seeded },
      };
    },
    /** Address of the started demo's database, as the role that owns the schema. */
    adminUrl: () => adminUrl,
    /** Resolves with the name of the first part that ends unexpectedly. */
    firstToEnd(): Promise<string> {
      return Promise.race(
        parts.flatMap((part) => (part.exited ? [part.exited.then(() => part.name)] : [])),
      );
    },
    async stop(): Promise<void> {
      stopping = true;
      for (const part of parts.reverse()) await part.stop();
    },
  };
}

interface DatabasePart extends Part {
  adminUrl: string;
  webUrl: string;
  ingestUrl: string;
  workerUrl: string;
}

async function openDatabase(name: string): Promise<DatabasePart> {
  const given = process.env.DATABASE_URL;
  if (given) {
    await migrate(given, (name) => say(`migrating: ${name}`));
    return {
      name: 'database',
      adminUrl: given,
      webUrl: urlOfRole(given, 'kenshin_web'),
      ingestUrl: urlOfRole(given, 'kenshin_ingest'),
      workerUrl: urlOfRole(given, 'kenshin_worker'),
      stop: async () => {},
    };
  }
  const server = await startDatabase({
    stateDir: STATE,
    name,
    environment: process.env,
    onProgress: say,
  });
  return { name: 'database', ...server };
}

async function build(): Promise<void> {
  const output: Buffer[] = [];
  const child = spawn(process.execPath, ['bin/build.mjs'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (text: Buffer) => output.push(text));
  child.stderr.on('data', (text: Buffer) => output.push(text));
  const [code] = await during('building the pages', () => once(child, 'close'), say);
  if (code !== 0) throw new Error(`${Buffer.concat(output)}\nthe pages could not be built`);
  say('pages built');
}

async function seed(
  workspace: Workspace,
  { adminUrl }: DatabasePart,
  now: Date,
): Promise<DemoAccess> {
  const pool = openPool(adminUrl, { applicationName: 'kenshin demo' });
  try {
    return await seedDemo({
      db: createDatabase(pool),
      kekDirectory: join(workspace.folder, 'keys'),
      fleetFile: join(workspace.folder, 'fleet.json'),
      accountsFile: join(workspace.folder, 'accounts.json'),
      apiKeyFile: join(workspace.folder, 'api-key.txt'),
      months: HISTORY_MONTHS,
      now,
    });
  } finally {
    await pool.end();
  }
}

/** Stages the silent terminals, and returns the cases to look at. */
async function stage(
  workspace: Workspace,
  { adminUrl }: DatabasePart,
  now: Date,
): Promise<DemoCase[]> {
  const fleet = await readFleetFile(join(workspace.folder, 'fleet.json'));
  const day = plannedOn(fleet) ?? dayOf(now);
  const plan = planDemo(fleet.terminals.length, fleet.firstDay, day);
  const pool = openPool(adminUrl, { applicationName: 'kenshin demo' });
  try {
    const db = createDatabase(pool);
    await stageSilence(db, await ensureUtility(db, DEMO_UTILITY), plan);
  } finally {
    await pool.end();
  }
  return listDemoCases(plan, day);
}

/** Ready once all history is acknowledged; prints the progress until then. */
async function startFleet(workspace: Workspace, mqttUrl: string): Promise<RunningProcess> {
  const logFile = join(workspace.folder, 'log', 'fleet.log');
  const log = followLog(logFile);
  return workspace.processes.start({
    name: 'fleet',
    args: [
      ...['--import', 'tsx', join(ROOT, 'ingest/simulator/main.ts'), '--broker', mqttUrl],
      ...['--fleet', join(workspace.folder, 'fleet.json')],
      ...['--state', join(workspace.folder, 'fleet-state.json')],
    ],
    env: {},
    logFile,
    isReady: async () => {
      for (const event of log.newEvents()) {
        if (event.event === 'progress')
          progress('day reports acknowledged', event.reported, event.due);
        if (event.event === 'live') return true;
      }
      return false;
    },
    readyTimeoutMs: HISTORY_TIMEOUT_MS,
  });
}

type FleetEvent =
  | { event: 'progress'; reported: number; due: number }
  | { event: 'live' }
  | { event: 'backlog-sent' | 'fault' };

/** Complete JSON lines added to a log since the last call, beginning at its present end. */
function followLog(file: string): { newEvents(): FleetEvent[] } {
  let offset = existsSync(file) ? readFileSync(file).length : 0;
  let rest = '';
  return {
    newEvents() {
      if (!existsSync(file)) return [];
      const descriptor = openSync(file, 'r');
      const added = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - offset));
      offset += readSync(descriptor, added, 0, added.length, offset);
      closeSync(descriptor);
      const lines = (rest + added.toString()).split('\n');
      rest = lines.pop() ?? '';
      return lines.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text));
    },
  };
}
