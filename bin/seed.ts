/**
 * Seeds the demo utility: two areas, households with meters and terminals, accounts. The fleet's file is for the
 * simulator, the accounts' file for signing in, a third holds an API key; all are readable by their owner only. A
 * second call keeps everything. A lost file is written again with new credentials; so is the fleet when its state
 * (fleet-state.json beside the fleet's file) is lost, damaged or older than what the database holds.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database, Tx } from '../db/schema.ts';
import {
  type Fleet,
  type FleetTerminal,
  safeJson,
  writeFleetFile,
  writeWhole,
} from '../ingest/simulator/fleet-file.ts';
import { beginFleetState } from '../ingest/simulator/fleet-state.ts';
import { setMailAddress } from '../lib/accounts/account-commands.ts';
import {
  createAccount,
  issueRegistrationCode,
  setPassword,
} from '../lib/accounts/credential-commands.ts';
import type { SystemActor } from '../lib/actor.ts';
import { certain } from '../lib/certain.ts';
import type { Kek } from '../lib/keys/kek.ts';
import { exchangeMeter } from '../lib/register/exchange-commands.ts';
import { fitMeter, registerMeter } from '../lib/register/meter-commands.ts';
import {
  moveIn,
  moveOut,
  registerArea,
  registerSupplyPoint,
} from '../lib/register/supply-point-commands.ts';
import {
  fitTerminal,
  registerTerminal,
  reissueTerminal,
  type TerminalCredentials,
} from '../lib/terminals/terminal-commands.ts';
import { dayOf, instantOf } from '../lib/time.ts';
import { DEMO_AREAS, type DemoHousehold, demoFirstDay, planDemo } from './demo/demo-fleet.ts';
import { DEMO_HOUSEHOLDS } from './demo/staged-cases.ts';
import { ensureKek } from './kek-file.ts';
import { ensureDemoKey } from './seed-api-key.ts';
import { holdsFleet, listUsedCounters, stateFileOf } from './seed-fleet.ts';
import { actAsApplication, DEMO_UTILITY, ensureUtility } from './utility.ts';

const STAFF = [
  { login: 'admin', role: 'admin', displayName: '管理者' },
  { login: 'analyst', role: 'analyst', displayName: '供給管理係' },
  { login: 'billing', role: 'billing', displayName: '検針・請求係' },
] as const;
const SIZE = 200;

const DemoAccounts = z.object({
  utilityCode: z.string(),
  staff: z.array(z.object({ login: z.string(), role: z.string(), password: z.string() })),
  households: z
    .array(
      z.object({ customerNumber: z.string(), registrationCode: z.string(), shows: z.string() }),
    )
    .min(1),
});

const EarlierAccounts = z.object({ utilityCode: z.string(), consumer: z.object({}) });

/** Accounts of the demo. */
export type DemoAccounts = z.infer<typeof DemoAccounts>;

/** Credentials of the demo: the accounts, and an API key that reads its collection. */
export interface DemoAccess extends DemoAccounts {
  apiKey: string;
}

export interface SeedOptions {
  /** Connection of the role that owns the schema. */
  db: Kysely<Database>;
  /** Folder of the key-encryption keys; a missing key of the demo utility is created. */
  kekDirectory: string;
  fleetFile: string;
  accountsFile: string;
  apiKeyFile: string;
  /** Whole months of history before the present one. */
  months: number;
  /** Number of households. */
  size?: number;
  /** Present instant of the demo: its history ends the day before. */
  now: Date;
}

export async function seedDemo(options: SeedOptions): Promise<DemoAccess> {
  const { db, fleetFile, accountsFile, apiKeyFile } = options;
  for (const file of [fleetFile, accountsFile, apiKeyFile]) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  }
  const kek = await ensureKek(options.kekDirectory, DEMO_UTILITY.code);
  const utilityId = await ensureUtility(db, DEMO_UTILITY);
  const actor: SystemActor = { kind: 'system', utilityId, name: 'seed' };
  return actAsApplication(db, utilityId, async (tx) => {
    // Files are written before the commit: a crash in between leaves files of an unknown fleet, which the next call
    // replaces, and never terminals whose secrets are lost.
    const seeded = await findFirstDay(tx, utilityId);
    if (!seeded || !(await holdsFleet(tx, { fleetFile, size: options.size ?? SIZE, kek }))) {
      const fleet = seeded
        ? await reissueFleet(tx, actor, { options, kek, firstDay: seeded })
        : await registerFleet(tx, actor, { options, kek });
      const used = await listUsedCounters(tx, utilityId);
      await beginFleetState(stateFileOf(fleetFile), fleet.id, used);
      await writeFleetFile(fleetFile, fleet);
    }
    const { now } = options;
    const apiKey = await ensureDemoKey(tx, actor, { file: apiKeyFile, now });
    const known = await readAccounts(accountsFile);
    if (seeded && known) {
      await ensureMailAddresses(tx, actor);
      return { ...known, apiKey };
    }
    const accounts = await issueAccounts(tx, actor, { size: options.size ?? SIZE, now });
    await ensureMailAddresses(tx, actor);
    await writeWhole(accountsFile, `${JSON.stringify(accounts, undefined, 1)}\n`);
    return { ...accounts, apiKey };
  });
}

/** First day of the seeded fleet; undefined when the utility has none yet. */
async function findFirstDay(tx: Tx, utilityId: number): Promise<string | undefined> {
  const { first } = await tx
    .selectFrom('supply_point as p')
    .innerJoin('area as a', (join) =>
      join.onRef('a.utility_id', '=', 'p.utility_id').onRef('a.area_id', '=', 'p.area_id'),
    )
    .select(({ fn }) => fn.min('p.opened_on').as('first'))
    .where('p.utility_id', '=', utilityId)
    .where('a.code', '=', DEMO_AREAS[0].code)
    .executeTakeFirstOrThrow();
  return first ?? undefined;
}

async function registerFleet(
  tx: Tx,
  actor: SystemActor,
  { options, kek }: { options: SeedOptions; kek: Kek },
): Promise<Fleet> {
  const { now } = options;
  const today = dayOf(now);
  const firstDay = demoFirstDay(today, options.months);
  const areaIds = new Map<string, number>();
  for (const area of DEMO_AREAS) areaIds.set(area.code, await registerArea(tx, actor, area));
  const terminals: FleetTerminal[] = [];
  for (const household of planDemo(options.size ?? SIZE, firstDay, today)) {
    const supplyPointId = await registerSupplyPoint(tx, actor, {
      number: household.supplyPointNumber,
      areaId: certain(areaIds.get(household.areaCode), `area ${household.areaCode}`),
      closingDay: household.closingDay,
      openedOn: firstDay,
    });
    await registerCustomers(tx, actor, supplyPointId, household);
    await registerMeters(tx, actor, { supplyPointId, now }, household);
    const credentials = await registerTerminal(tx, actor, {
      number: household.terminalNumber,
      model: household.gasKind === 'city' ? 'us' : 'jo',
      reportMinute: household.reportMinute,
      reportWindowMinutes: household.windowMinutes,
      kek,
    });
    const number = household.terminalNumber;
    await fitTerminal(tx, actor, { now, number, supplyPointId, fromAt: instantOf(firstDay, 0) });
    terminals.push(fleetTerminal(household, credentials));
  }
  return { version: 1, id: randomUUID(), firstDay, terminals };
}

async function reissueFleet(
  tx: Tx,
  actor: SystemActor,
  { options, kek, firstDay }: { options: SeedOptions; kek: Kek; firstDay: string },
): Promise<Fleet> {
  const { now } = options;
  const terminals: FleetTerminal[] = [];
  for (const household of planDemo(options.size ?? SIZE, firstDay, dayOf(now))) {
    const number = household.terminalNumber;
    const issued = await reissueTerminal(tx, actor, { number, kek, now });
    terminals.push(fleetTerminal(household, issued));
  }
  return { version: 1, id: randomUUID(), firstDay, terminals };
}

async function registerCustomers(
  tx: Tx,
  actor: SystemActor,
  supplyPointId: number,
  { customers }: DemoHousehold,
): Promise<void> {
  let earlier: string | undefined;
  for (const { customerNumber, fromOn } of customers) {
    if (earlier) await moveOut(tx, actor, { customerNumber: earlier, toOn: fromOn });
    await moveIn(tx, actor, { supplyPointId, customerNumber, fromOn });
    earlier = customerNumber;
  }
}

async function registerMeters(
  tx: Tx,
  actor: SystemActor,
  { supplyPointId, now }: { supplyPointId: number; now: Date },
  { meters, gasKind }: DemoHousehold,
): Promise<void> {
  let removed: DemoHousehold['meters'][number] | undefined;
  for (const meter of meters) {
    const { serial, size, dialL, startIndexL, fittedAt } = meter;
    await registerMeter(tx, actor, { serial, gasKind, size, dialL });
    if (removed) {
      await exchangeMeter(tx, actor, {
        now,
        supplyPointId,
        exchangedAt: fittedAt,
        finalIndexL: removed.finalIndexL,
        newSerial: serial,
        startIndexL,
      });
    } else {
      await fitMeter(tx, actor, { now, serial, supplyPointId, fittedAt, startIndexL });
    }
    removed = meter;
  }
}

function fleetTerminal(household: DemoHousehold, issued: TerminalCredentials): FleetTerminal {
  const { seed, areaSeed, gasKind, reportMinute, windowMinutes, faults } = household;
  return {
    number: household.terminalNumber,
    secret: issued.secret,
    key: issued.key.toString('hex'),
    generation: issued.generation,
    seed,
    areaSeed,
    gasKind,
    reportMinute,
    windowMinutes,
    meters: household.meters.map((meter) => ({
      serial: meter.serial,
      dialL: meter.dialL,
      fittedAt: meter.fittedAt.toISOString(),
      removedAt: meter.removedAt?.toISOString(),
      startIndexL: meter.startIndexL,
    })),
    faults,
  };
}

async function issueAccounts(
  tx: Tx,
  actor: SystemActor,
  { size, now }: { size: number; now: Date },
): Promise<DemoAccounts> {
  const staff: DemoAccounts['staff'] = [];
  for (const { login, role, displayName } of STAFF) {
    const password = `demo-${randomBytes(9).toString('base64url')}`;
    const account = await tx
      .selectFrom('account')
      .select('account_id')
      .where('utility_id', '=', actor.utilityId)
      .where('login', '=', login)
      .executeTakeFirst();
    if (account) await setPassword(tx, actor, { accountId: account.account_id, password, now });
    else await createAccount(tx, actor, { login, role, displayName, password });
    staff.push({ login, role, password });
  }
  const households: DemoAccounts['households'] = [];
  const plan = planDemo(size, '2000-01-01', '2000-01-02');
  for (const { index, shows } of DEMO_HOUSEHOLDS) {
    const customerNumber = plan[index]?.customers.at(-1)?.customerNumber;
    if (customerNumber === undefined) continue;
    const registrationCode = await issueRegistrationCode(tx, actor, { customerNumber, now });
    households.push({ customerNumber, registrationCode, shows });
  }
  return { utilityCode: DEMO_UTILITY.code, staff, households };
}

/** Sets a mail address for the demo's accounts without one, in a reserved domain (RFC 2606). */
async function ensureMailAddresses(tx: Tx, actor: SystemActor): Promise<void> {
  for (const { login } of STAFF) {
    const account = await tx
      .selectFrom('account')
      .select(['account_id', 'mail_address'])
      .where('utility_id', '=', actor.utilityId)
      .where('login', '=', login)
      .executeTakeFirst();
    if (!account || account.mail_address !== null) continue;
    const address = `${login}@demo-gas.example`;
    await setMailAddress(tx, actor, { accountId: account.account_id, address });
  }
}

async function readAccounts(file: string): Promise<DemoAccounts | undefined> {
  if (!existsSync(file)) return undefined;
  const content = safeJson(await readFile(file, 'utf8'));
  const result = DemoAccounts.safeParse(content);
  if (result.success) return result.data;
  // Format of versions before 0.2, with one household: all get new passwords.
  if (EarlierAccounts.safeParse(content).success) return undefined;
  throw new Error(`${file} is damaged: delete it, and the accounts get new passwords`);
}
