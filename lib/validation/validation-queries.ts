import type pg from 'pg';

/** Utilities with readings that are not validated; read before any utility is set. */
export async function listUtilitiesToValidate(db: Pick<pg.Pool, 'query'>): Promise<number[]> {
  const { rows } = await db.query<{ utilityId: number }>(
    'select u as "utilityId" from utilities_to_validate() u',
  );
  return rows.map(({ utilityId }) => utilityId);
}
