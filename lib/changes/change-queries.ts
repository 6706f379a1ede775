import { sql } from 'kysely';
import type { ChangeKind, ReadDb } from '../../db/schema.ts';

/** A change of the feed: days of meters, or a period in which the register of some areas is different. */
export interface Change {
  position: ChangePosition;
  what: ChangeKind;
  /** Parallel to `days`; for a change of the register, the meters at the supply points concerned. */
  meterIds: number[];
  /** Null for a change of the register. */
  days: string[] | null;
  /** For a change of the register, the areas that had or have the meters; otherwise empty. */
  areaIds: number[];
  /** First and last day of the period, both included; null without a begin or an end. */
  firstDay: string | null;
  lastDay: string | null;
}

/** Position in the feed, ordered by the transactions' numbers, then in the order of writing. */
export interface ChangePosition {
  /** xid8 as text. */
  transactionId: string;
  changeId: number;
}

const BEGINNING: ChangePosition = { transactionId: '0', changeId: 0 };

/**
 * False for positions of another server, which a restored database contains and whose transaction numbers may be
 * higher: such a position is meaningless, and its reader starts from the beginning.
 */
export const OF_THIS_SERVER = sql`transaction_id < pg_snapshot_xmax(pg_current_snapshot())`;

/** Position of a reader in the transaction's utility: after the last change that it has processed. */
export async function findPosition(
  db: ReadDb,
  utilityId: number,
  reader: string,
): Promise<ChangePosition> {
  const { rows } = await sql<ChangePosition>`
    select transaction_id::text as "transactionId", change_id as "changeId" from change_position
    where utility_id = ${utilityId} and reader = ${reader} and ${OF_THIS_SERVER}
  `.execute(db);
  return rows[0] ?? BEGINNING;
}

/**
 * The next changes after a position, at most `limit` rows, up to those that a running transaction could still precede.
 * So everything before a read position is complete.
 */
export async function listChanges(
  db: ReadDb,
  utilityId: number,
  { after, limit }: { after: ChangePosition; limit: number },
): Promise<Change[]> {
  return readChanges(db, utilityId, { after, limit, committedOnly: true });
}

/**
 * All visible changes after a position, including those that a running transaction may still precede: what a reader at
 * that position does not know yet. At most `limit` rows.
 */
export async function listUnreadChanges(
  db: ReadDb,
  utilityId: number,
  { after, limit }: { after: ChangePosition; limit: number },
): Promise<Change[]> {
  return readChanges(db, utilityId, { after, limit, committedOnly: false });
}

interface ChangeRow extends Omit<Change, 'position' | 'areaIds'> {
  transactionId: string;
  changeId: number;
  areaIds: number[] | null;
}

async function readChanges(
  db: ReadDb,
  utilityId: number,
  { after, limit, committedOnly }: { after: ChangePosition; limit: number; committedOnly: boolean },
): Promise<Change[]> {
  const committed = committedOnly
    ? sql`and transaction_id < pg_snapshot_xmin(pg_current_snapshot())`
    : sql``;
  const { rows } = await sql<ChangeRow>`
    select transaction_id::text as "transactionId", change_id as "changeId", what, meter_ids as "meterIds",
           days::text[] as days, area_ids as "areaIds", first_day as "firstDay", last_day as "lastDay"
    from day_change
    where utility_id = ${utilityId}
      and (transaction_id, change_id) > (${after.transactionId}::xid8, ${after.changeId}::bigint) ${committed}
    order by transaction_id, change_id limit ${limit}
  `.execute(db);
  return rows.map(({ transactionId, changeId, areaIds, ...change }) => ({
    ...change,
    areaIds: areaIds ?? [],
    position: { transactionId, changeId },
  }));
}
