/**
 * Product under test: the built web process, ingest with its broker, a fleet that reported 13 months through it, on a
 * database of this run. Playwright's global set-up; its return value stops all of it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoFirstDay, planDemo } from '../bin/demo/demo-fleet.ts';
import { createProcessTable } from '../bin/demo/process-table.ts';
import {
  ROOT,
  STATE,
  startIngestProcess,
  startWebProcess,
  startWorkerProcess,
} from '../bin/demo/product-processes.ts';
import { type DemoAccess, type DemoAccounts, seedDemo } from '../bin/seed.ts';
import { createDatabase } from '../db/client.ts';
import { startServer } from '../db/private-server/private-server.ts';
import { isShifted } from '../db/private-server/shifted-clock.ts';
import { cloneDatabase, type TestDatabase } from '../db/testing/database.ts';
import { readFleetFile, writeFleetFile } from '../ingest/simulator/fleet-file.ts';
import { addDays, dayOf } from '../lib/time.ts';
import { createRegister } from './register.ts';

const HOUSEHOLDS = 40;
const HISTORY_MONTHS = 13;
const HISTORY_TIMEOUT_MS = 5 * 60_000;

/** Households of the demo's plan that journeys use by name. */
const NAMED_HOUSEHOLDS = {
  movedIn: 1,
  missingHours: 2,
  neighbour: 6,
  foundAtDesk: 9,
  foundByPhone: 11,
  silent: 16,
  exchangedAtDesk: 20,
  exchangedByPhone: 21,
  exchangedOverFile: 22,
  editedAtDesk: 24,
  editedByPhone: 25,
  doubtfulAtDesk: 32,
  doubtfulByPhone: 34,
  looked: 35,
  movedOutAtDesk: 27,
  movedOutByPhone: 28,
  exchangedLateAtDesk: 29,
  exchangedLateByPhone: 30,
  refittedAtDesk: 36,
  refittedByPhone: 37,
  markedAtDesk: 38,
  markedByPhone: 39,
} as const;
/** Days of silence of the plan's silent terminal; these two are found again in the course of a journey. */
const SILENT_DAYS = 4;
const FOUND_AGAIN = [NAMED_HOUSEHOLDS.foundAtDesk, NAMED_HOUSEHOLDS.foundByPhone];

type HouseholdName = keyof typeof NAMED_HOUSEHOLDS;

interface Stoppable {
  stop(): Promise<void>;
}

async function startProduct(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'kenshin-e2e-'));
  const parts: Stoppable[] = [{ stop: async () => rmSync(folder, { recursive: true }) }];
  const stopAll = async (): Promise<void> => {
    for (const part of parts.reverse()) await part.stop();
  };
  try {
    const database = await openDatabase(parts);
    const files = { fleetFile: join(folder, 'fleet.json'), kekDirectory: join(folder, 'keys') };
    const accounts = await seedDemo({
      db: createDatabase(database.adminPool),
      accountsFile: join(folder, 'accounts.json'),
      apiKeyFile: join(folder, 'api-key.txt'),
      months: HISTORY_MONTHS,
      size: HOUSEHOLDS,
      now: new Date(),
      ...files,
    });
    await silence(files.fleetFile);
    const workspace = { processes: createProcessTable(join(folder, 'processes.json')), folder };
    const ingest = await startIngestProcess(workspace, {
      databaseUrl: database.ingestUrl,
      kekDirectory: files.kekDirectory,
    });
    parts.push(ingest);
    await reportHistory(workspace, ingest.mqttUrl);
    parts.push(await startWorkerProcess(workspace, { databaseUrl: database.workerUrl }));
    const web = await startWebProcess(workspace, { databaseUrl: database.webUrl });
    parts.push(web);
    const { households: registered, ...signIns } = accounts;
    announce({
      ...signIns,
      registered,
      url: web.url,
      adminUrl: database.adminUrl,
      mqttUrl: ingest.mqttUrl,
      fleetFile: files.fleetFile,
      households: await issueCodes(database.adminUrl),
    });
    return stopAll;
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function openDatabase(parts: Stoppable[]): Promise<TestDatabase> {
  let serverUrl = process.env.DATABASE_URL;
  if (!serverUrl) {
    const server = await startServer({
      stateDir: STATE,
      name: isShifted(process.env) ? 'test-shifted' : 'test',
      environment: process.env,
    });
    parts.push(server);
    serverUrl = server.adminUrl;
  }
  const database = await cloneDatabase(serverUrl);
  parts.push({ stop: () => database.close() });
  return database;
}

async function silence(fleetFile: string): Promise<void> {
  const fleet = await readFleetFile(fleetFile);
  const fromDay = addDays(dayOf(new Date()), -SILENT_DAYS);
  for (const index of FOUND_AGAIN) {
    fleet.terminals[index]!.faults = [{ kind: 'silent', rate: 1, amount: 1, fromDay }];
  }
  await writeFleetFile(fleetFile, fleet);
}

async function reportHistory(
  workspace: Parameters<typeof startIngestProcess>[0],
  mqttUrl: string,
): Promise<void> {
  const { folder, processes } = workspace;
  const fleet = await processes.start({
    name: 'fleet',
    args: [
      ...['--import', 'tsx', join(ROOT, 'ingest/simulator/main.ts'), '--history-only'],
      ...['--broker', mqttUrl, '--fleet', join(folder, 'fleet.json')],
      ...['--state', join(folder, 'fleet-state.json')],
    ],
    env: {},
    logFile: join(folder, 'log', 'fleet.log'),
    isReady: async () => true,
    readyTimeoutMs: 1_000,
  });
  const late = setTimeout(() => void fleet.stop(), HISTORY_TIMEOUT_MS);
  const code = await fleet.exited;
  clearTimeout(late);
  if (code !== 0) throw new Error(`the fleet could not report its history (exit code ${code})`);
}

/** Registration codes of the households that journeys sign in as. Issued once, because a new code ends an old one. */
async function issueCodes(adminUrl: string): Promise<Product['households']> {
  const today = dayOf(new Date());
  const plan = planDemo(HOUSEHOLDS, demoFirstDay(today, HISTORY_MONTHS), today);
  const register = createRegister(adminUrl);
  try {
    // One after another: each code is hashed, and a busy machine would keep the others waiting for a connection.
    const households: Partial<Record<string, Household>> = {};
    for (const [name, index] of Object.entries(NAMED_HOUSEHOLDS)) {
      const { customers, meters, terminalNumber } = plan[index]!;
      const { customerNumber } = customers.at(-1)!;
      households[name] = {
        customerNumber,
        formerCustomerNumber: customers.at(-2)?.customerNumber,
        registrationCode: await register.issueCode(customerNumber),
        meterSerial: meters.at(-1)!.serial,
        terminalNumber,
      };
    }
    return households as Product['households'];
  } finally {
    await register.close();
  }
}

/** Puts the product into the environment, which the workers inherit. */
function announce(product: Product): void {
  process.env.E2E_PRODUCT = JSON.stringify(product);
}

export interface Household {
  customerNumber: string;
  /** Customer number of the previous occupant. */
  formerCustomerNumber?: string | undefined;
  registrationCode: string;
  meterSerial: string;
  terminalNumber: string;
}

export interface Product extends Omit<DemoAccess, 'households'> {
  /** Seeded households with their registration codes. */
  registered: DemoAccounts['households'];
  url: string;
  /** URL of the run's database, past row security, for set-up and assertions. */
  adminUrl: string;
  mqttUrl: string;
  /** Path of the simulated terminals' secrets and keys. */
  fleetFile: string;
  households: Record<HouseholdName, Household>;
}

/** Product under test, as journeys read it. */
export function product(): Product {
  const text = process.env.E2E_PRODUCT;
  if (!text) throw new Error('the product was not started: run through Playwright');
  return JSON.parse(text) as Product;
}

// Playwright takes a module's default export as its global set-up.
export default startProduct;
