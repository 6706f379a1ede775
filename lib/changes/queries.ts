import { sql } from 'kysely';
import type { ChangeKind, ReadDb } from '../../db/schema.ts';

/** A change of the feed: days of meters, or a stretch of days in which the register of some areas is another now. */
export interface Change {
  position: ChangePosition;
  what: ChangeKind;
  /** With `days` element by element; of a change of the register the meters at the supply points concerned. */
  meterIds: number[];
  /** Null for a change of the register. */
  days: string[] | null;
  /** Of a change of the register the areas that had or have the meters; empty otherwise. */
  areaIds: number[];
  /** The stretch of such a change, both included; null where it has no beginning or no end. */
  firstDay: string | null;
  lastDay: string | null;
}

/** A place in the feed: transactions in the order in which they took their number, changes in the order of writing. */
export interface ChangePosition {
  /** xid8 as text. */
  transactionId: string;
  changeId: number;
}

const BEGINNING: ChangePosition = { transactionId: '0', changeId: 0 };

/**
 * A restored database brings positions of another server, whose transactions may have had higher numbers: such a position says
 * nothing, and its reader is at the beginning.
 */
export const OF_THIS_SERVER = sql`transaction_id < pg_snapshot_xmax(pg_current_snapshot())`;

/** Where a reader is in the utility of the transaction: after the last change that it is done with. */
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
 * The next changes after a position, at most so many rows; none that a transaction under way could still precede. What a
 * reader has read up to a position is therefore complete.
 */
export async function listChanges(
  db: ReadDb,
  utilityId: number,
  { after, limit }: { after: ChangePosition; limit: number },
): Promise<Change[]> {
  return readChanges(db, utilityId, { after, limit, committedOnly: true });
}

/**
 * All changes after a position that can be seen now, also those that a transaction under way may still precede: what a reader
 * at that position does not know yet. At most so many rows.
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
