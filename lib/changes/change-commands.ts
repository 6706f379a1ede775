import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import {
  type Change,
  type ChangePosition,
  findPosition,
  listChanges,
  OF_THIS_SERVER,
} from './change-queries.ts';

/**
 * The next changes for a reader, at most `limit` rows. Another transaction of the same reader in this utility waits
 * until this one ends, so that no change is processed twice at the same time. Rows count as read once `moveReader` is
 * committed.
 */
export async function readNextChanges(
  tx: Tx,
  utilityId: number,
  { reader, limit }: { reader: string; limit: number },
): Promise<Change[]> {
  await tx
    .insertInto('change_position')
    .values({ utility_id: utilityId, reader, transaction_id: '0', change_id: 0 })
    .onConflict((conflict) => conflict.columns(['utility_id', 'reader']).doNothing())
    .execute();
  await sql`
    select from change_position where utility_id = ${utilityId} and reader = ${reader} for update
  `.execute(tx);
  // Resets a position of another server: once this server's transaction ids pass it, it would seem valid.
  await sql`
    update change_position set transaction_id = '0', change_id = 0
    where utility_id = ${utilityId} and reader = ${reader} and not (${OF_THIS_SERVER})
  `.execute(tx);
  const after = await findPosition(tx, utilityId, reader);
  return listChanges(tx, utilityId, { after, limit });
}

/** Records that a reader has processed all changes up to a position. */
export async function moveReader(
  tx: Tx,
  utilityId: number,
  { reader, position }: { reader: string; position: ChangePosition },
): Promise<void> {
  await tx
    .updateTable('change_position')
    .set({ transaction_id: position.transactionId, change_id: position.changeId })
    .where('utility_id', '=', utilityId)
    .where('reader', '=', reader)
    .execute();
}

/**
 * Removes changes that every reader has processed in this utility; without any reader, those that no running
 * transaction can precede. Returns the number of rows.
 */
export async function pruneChanges(tx: Tx, utilityId: number): Promise<number> {
  const { rows } = await sql<{ pruned: number }>`
    with slowest as materialized (
      select p.transaction_id, p.change_id
      from change_reader r
      left join (select * from change_position where utility_id = ${utilityId} and ${OF_THIS_SERVER}) p on p.reader = r.reader
      order by p.transaction_id nulls first, p.change_id nulls first limit 1
    ), gone as (
      delete from day_change c
      where c.utility_id = ${utilityId}
        and case when exists (select from slowest)
                 then exists (select from slowest s where (c.transaction_id, c.change_id) <= (s.transaction_id, s.change_id))
                 else c.transaction_id < pg_snapshot_xmin(pg_current_snapshot()) end
      returning 1
    )
    select count(*)::integer as pruned from gone
  `.execute(tx);
  return rows[0]?.pruned ?? 0;
}
