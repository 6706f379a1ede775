import { type Kysely, sql } from 'kysely';
import { createDatabase, openPool, serveUtility } from '../db/client.ts';
import type { Database, ReadDb, Tx } from '../db/schema.ts';
import type { SystemActor } from '../lib/actor.ts';
import { recordAct } from '../lib/audit/audit-commands.ts';
import { certain } from '../lib/certain.ts';
import { DomainError } from '../lib/errors.ts';
import { acceptName } from '../lib/plain-name.ts';
import { requireUtilityCode } from '../lib/utility-code.ts';

/** Utility of the demo. */
export const DEMO_UTILITY = { code: 'demo', name: 'デモガス株式会社' } as const;

/**
 * Id of the utility with this code; a missing one is created. Needs the role that owns the schema: the application's
 * can neither list utilities nor create them.
 */
export async function ensureUtility(
  admin: Kysely<Database>,
  utility: { code: string; name: string },
): Promise<number> {
  const known = await findUtilityId(admin, utility.code);
  if (known !== undefined) return known;
  await admin.transaction().execute((tx) => createUtility(tx, utility, (id) => setupActor(id)));
  return certain(await findUtilityId(admin, utility.code), `utility ${utility.code}`);
}

function setupActor(utilityId: number): SystemActor {
  return { kind: 'system', utilityId, name: 'setup' };
}

/**
 * Creates a utility, recorded in its audit, and binds the rest of the transaction to it; returns the actor, or
 * undefined when the code is taken. Needs the role that owns the schema.
 * @throws DomainError `invalid_input` for an invalid code or name
 */
export async function createUtility(
  tx: Tx,
  { code, name }: { code: string; name: string },
  actorOf: (utilityId: number) => SystemActor,
): Promise<SystemActor | undefined> {
  requireUtilityCode(code);
  const utility = { code, name: acceptName('name', name) };
  const created = await tx
    .insertInto('utility')
    .values(utility)
    .onConflict((conflict) => conflict.column('code').doNothing())
    .returning('utility_id')
    .executeTakeFirst();
  if (!created) return undefined;
  const { utility_id: utilityId } = created;
  await becomeApplication(tx, utilityId);
  const actor = actorOf(utilityId);
  const subject = `utility:${utilityId}`;
  await recordAct(tx, actor, { act: 'utility.created', subject, detail: { ...utility } });
  return actor;
}

async function findUtilityId(admin: Kysely<Database>, code: string): Promise<number | undefined> {
  return (await listUtilities(admin)).find((utility) => utility.code === code)?.utilityId;
}

/**
 * The utility that a command works on: the one with the code; without a code the only one there is.
 * @throws DomainError `invalid_input` when there are several and no code was given, `not_found` with the existing codes
 */
export function chosenUtility<U extends { code: string }>(
  utilities: readonly U[],
  code: string | undefined,
): U {
  const found =
    code === undefined && utilities.length === 1
      ? utilities[0]
      : utilities.find((utility) => utility.code === code);
  if (found) return found;
  if (utilities.length === 0) {
    throw new DomainError(
      'not_found',
      'there is no utility yet: begin with "npm run -s operate -- utility create"',
    );
  }
  throw code === undefined
    ? new DomainError(
        'invalid_input',
        `say which utility: --utility CODE (there is: ${codesOf(utilities)})`,
      )
    : new DomainError(
        'not_found',
        `there is no utility "${code}" (there is: ${codesOf(utilities)})`,
      );
}

function codesOf(utilities: readonly { code: string }[]): string {
  return utilities.map((utility) => utility.code).join(', ') || 'none yet';
}

/** Id of the utility by the rule of `chosenUtility`, read in the role that owns the schema. */
export async function chooseUtilityId(adminUrl: string, code: string | undefined): Promise<number> {
  const pool = openPool(adminUrl, { applicationName: 'kenshin command', max: 1 });
  const admin = createDatabase(pool);
  try {
    return chosenUtility(await listUtilities(admin), code).utilityId;
  } finally {
    await admin.destroy();
  }
}

/** Utility of a replay; without an id it is yet to be created. */
export interface ReplayUtility {
  code: string;
  utilityId: number | undefined;
}

/**
 * Utility of a replay, by the rule of `chosenUtility`. A missing one is to be created when `create` says so; the demo's
 * also when no code was given and the database has no utility.
 * @throws DomainError as `chosenUtility`, and `invalid_input` for an invalid code
 */
export async function chooseReplayUtility(
  admin: Kysely<Database>,
  { code, create }: { code: string | undefined; create: boolean },
): Promise<ReplayUtility> {
  if (code !== undefined) requireUtilityCode(code);
  const utilities = await listUtilities(admin);
  if (code === undefined && utilities.length === 0) {
    return { code: DEMO_UTILITY.code, utilityId: undefined };
  }
  if (code !== undefined && !utilities.some((utility) => utility.code === code)) {
    if (create) return { code, utilityId: undefined };
    throw new DomainError(
      'not_found',
      `there is no utility "${code}" (there is: ${codesOf(utilities)}): correct --utility, or give --create-utility to make it`,
    );
  }
  return chosenUtility(utilities, code);
}

/** Runs one transaction in the application role, bound by row security, on a connection whose role is not. */
export function actAsApplication<T>(
  admin: Kysely<Database>,
  utilityId: number,
  fn: (tx: Tx) => Promise<T>,
): Promise<T> {
  return admin.transaction().execute(async (tx) => {
    await becomeApplication(tx, utilityId);
    return fn(tx);
  });
}

/** The same, read-only: writes are refused. */
export function readAsApplication<T>(
  admin: Kysely<Database>,
  utilityId: number,
  fn: (db: ReadDb) => Promise<T>,
): Promise<T> {
  return admin
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      await becomeApplication(tx, utilityId);
      return fn(tx);
    });
}

/** Binds the rest of a transaction to the application role and one utility. */
export async function becomeApplication(tx: Tx, utilityId: number): Promise<void> {
  await sql`set local role kenshin_app`.execute(tx);
  await serveUtility(tx, utilityId);
}

export interface KnownUtility {
  utilityId: number;
  code: string;
  name: string;
  createdAt: Date;
}

/** All utilities in the order of their codes, read in the look-up role, which bypasses row security. */
export function listUtilities(admin: Kysely<Database>): Promise<KnownUtility[]> {
  return admin.transaction().execute(async (tx) => {
    await sql`set local role kenshin_lookup`.execute(tx);
    const { rows } = await sql<KnownUtility>`
      select utility_id as "utilityId", code, name, created_at as "createdAt" from utility order by code`.execute(
      tx,
    );
    return rows;
  });
}
