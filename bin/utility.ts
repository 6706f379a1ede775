import { type Kysely, sql } from 'kysely';
import type { Database, Tx } from '../db/schema.ts';

/**
 * The id of the utility with this code; it is created where there is none. Needs the role that owns the schema: the
 * application's may not create utilities.
 */
export async function ensureUtility(
  admin: Kysely<Database>,
  utility: { code: string; name: string },
): Promise<number> {
  await admin
    .insertInto('utility')
    .values(utility)
    .onConflict((conflict) => conflict.column('code').doNothing())
    .execute();
  const { utility_id } = await admin
    .selectFrom('utility')
    .select('utility_id')
    .where('code', '=', utility.code)
    .executeTakeFirstOrThrow();
  return utility_id;
}

/** One transaction as the application role, bound by row security, though the connection's role is not. */
export function actAsApplication<T>(
  admin: Kysely<Database>,
  utilityId: number,
  fn: (tx: Tx) => Promise<T>,
): Promise<T> {
  return admin.transaction().execute(async (tx) => {
    await sql`set local role kenshin_app`.execute(tx);
    await sql`select set_config('app.utility_id', ${String(utilityId)}, true)`.execute(tx);
    return fn(tx);
  });
}
