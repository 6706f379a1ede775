/** The parts of the demo, started in order and stopped in the opposite order. */
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
import { type DemoCase, listDemoCases, plannedOn, stageSilence } from './cases.ts';
import { planDemo } from './fleet.ts';
import type { RunningProcess } from './processes.ts';
import { caughtLine, progress, say } from './screen.ts';
import {
  type Place,
  ROOT,
  STATE,
  startIngestProcess,
  startMailServer,
  startWebProcess,
  startWorkerProcess,
} from './stack.ts';
import type { StartedDemo } from './started.ts';

const HISTORY_MONTHS = 13;
const HISTORY_TIMEOUT_MS = 15 * 60_000;

type Part = Pick<RunningProcess, 'name' | 'stop'> & { exited?: Promise<number | null> };

/** @param database name of the private server and its data directory. */
export function createDemo(place: Place, { database, now }: { database: string; now: Date }) {
  const parts: Part[] = [];
  let stopping = false;
  let adminUrl = '';

  /** A part that got ready after the stop began is stopped at once. */
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
      const seeded = await seed(place, opened, now);
      const ingest = await keep(
        startIngestProcess(place, {
          databaseUrl: opened.ingestUrl,
          kekDirectory: join(place.folder, 'keys'),
        }),
      );
      await keep(startFleet(place, ingest.mqttUrl));
      const mail = await keep(
        startMailServer(place, (caught, file) => say(caughtLine(caught, file))),
      );
      // After the history: until then all of its days would be missing.
      const worker = await keep(
        startWorkerProcess(place, { databaseUrl: opened.workerUrl, mailPort: mail.port }),
      );
      const cases = await stage(place, opened, now);
      const web = await keep(startWebProcess(place, { databaseUrl: opened.webUrl }));
      const { healthUrl: workerHealthUrl } = worker;
      return {
        ...{ url: web.url, healthUrl: ingest.healthUrl, workerHealthUrl, mailFolder: mail.folder },
        ...{ cases, ...seeded },
      };
    },
    /** Of a demo that was started: its database, as the role that owns the schema. */
    adminUrl: () => adminUrl,
    /** Resolves with the name of the first part that ends without being asked to. */
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

async function seed(place: Place, { adminUrl }: DatabasePart, now: Date): Promise<DemoAccess> {
  const pool = openPool(adminUrl, { applicationName: 'kenshin demo' });
  try {
    return await seedDemo({
      db: createDatabase(pool),
      kekDirectory: join(place.folder, 'keys'),
      fleetFile: join(place.folder, 'fleet.json'),
      accountsFile: join(place.folder, 'accounts.json'),
      apiKeyFile: join(place.folder, 'api-key.txt'),
      months: HISTORY_MONTHS,
      now,
    });
  } finally {
    await pool.end();
  }
}

/** Puts back the last contact of what is silent, and tells what of the demo is worth a look. */
async function stage(place: Place, { adminUrl }: DatabasePart, now: Date): Promise<DemoCase[]> {
  const fleet = await readFleetFile(join(place.folder, 'fleet.json'));
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

/** Ready once all history has been acknowledged; shows how far it is until then. */
async function startFleet(place: Place, mqttUrl: string): Promise<RunningProcess> {
  const logFile = join(place.folder, 'log', 'fleet.log');
  const log = followLog(logFile);
  return place.processes.start({
    name: 'fleet',
    args: [
      ...['--import', 'tsx', join(ROOT, 'ingest/simulator/main.ts'), '--broker', mqttUrl],
      ...['--fleet', join(place.folder, 'fleet.json')],
      ...['--state', join(place.folder, 'fleet-state.json')],
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

/** The whole JSON lines that were added to a log since the last look, from its present end on. */
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
