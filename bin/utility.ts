import { type Kysely, sql } from 'kysely';
import { serveUtility } from '../db/client.ts';
import type { Database, Tx } from '../db/schema.ts';
import type { SystemActor } from '../lib/actor.ts';
import { recordAct } from '../lib/audit/commands.ts';
import { DomainError } from '../lib/errors.ts';
import { requireUtilityCode } from '../lib/keys/kek-provider.ts';

/** The utility of the demo. */
export const DEMO_UTILITY = { code: 'demo', name: 'デモガス株式会社' } as const;

/**
 * The id of the utility with this code; it is created where there is none. Needs the role that owns the schema: the
 * application's may neither look for utilities nor create them.
 */
export async function ensureUtility(
  admin: Kysely<Database>,
  utility: { code: string; name: string },
): Promise<number> {
  const known = await findUtilityId(admin, utility.code);
  if (known !== undefined) return known;
  await admin.transaction().execute((tx) => createUtility(tx, utility, (id) => setupActor(id)));
  return (await findUtilityId(admin, utility.code))!;
}

function setupActor(utilityId: number): SystemActor {
  return { kind: 'system', utilityId, name: 'setup' };
}

/**
 * Creates a utility, an act of its audit, and binds the rest of the transaction to it; yields the actor, or undefined when the
 * code is taken. Needs the role that owns the schema.
 */
export async function createUtility(
  tx: Tx,
  utility: { code: string; name: string },
  actorOf: (utilityId: number) => SystemActor,
): Promise<SystemActor | undefined> {
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

/** A utility that a command works for; without an id it is still to be created. */
export interface ChosenUtility {
  code: string;
  utilityId: number | undefined;
}

/**
 * The utility that is meant: of the code; without one the only utility there is, else the demo's. One that is not there is
 * left to be created only when that is asked for, or when no code was given and the database has no utility at all.
 * @throws DomainError `invalid_input` for what is no code, `not_found` with the codes that there are
 */
export async function chooseUtility(
  admin: Kysely<Database>,
  { code, create }: { code: string | undefined; create: boolean },
): Promise<ChosenUtility> {
  if (code !== undefined) requireUtilityCode(code);
  const utilities = await listUtilities(admin);
  const [first, second] = utilities;
  const only = second === undefined ? first?.code : undefined;
  const meant = code ?? only ?? DEMO_UTILITY.code;
  const found = utilities.find((utility) => utility.code === meant);
  if (found) return { code: meant, utilityId: found.utilityId };
  if (create || (code === undefined && utilities.length === 0)) {
    return { code: meant, utilityId: undefined };
  }
  const codes = utilities.map((utility) => utility.code).join(', ') || 'none yet';
  throw new DomainError(
    'not_found',
    `there is no utility "${meant}" (there is: ${codes}): correct --utility, or give --create-utility to make it`,
  );
}

/** One transaction as the application role, bound by row security, though the connection's role is not. */
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

/** Every utility in the order of the codes, as the look-up role, which may see past row security. */
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
