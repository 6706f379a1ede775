// Changes of supply points that people registered, and the records that rest on each.
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import type { Answer } from '../wire.ts';
import { CHANGE_KINDS, type RestingOnChange } from './register-change.ts';
import type { RegisterChangeWire } from './register-change-wire.ts';

/** A change that was registered, with the records that keep it from being undone. */
export type RegisterChanged = Answer<typeof RegisterChangeWire>;

/** Maximum number of listed changes of one supply point. */
const MAX_LISTED = 50;

/** Records that rest on a change, oldest first; empty when it may be undone. Errors: not_found, forbidden. */
export async function listRestingOnChange(
  db: ReadDb,
  actor: Actor,
  { changeId }: { changeId: number },
): Promise<RestingOnChange[]> {
  requireCapability(actor, 'meter.read');
  const stands = await db
    .selectFrom('register_change')
    .select('change_id')
    .where('utility_id', '=', actor.utilityId)
    .where('change_id', '=', changeId)
    .where('undone_at', 'is', null)
    .executeTakeFirst();
  if (!stands) throw noChange(changeId);
  return restingOn(db, changeId);
}

async function restingOn(db: ReadDb, changeId: number): Promise<RestingOnChange[]> {
  const { rows } = await sql<RestingOnChange>`
    select kind, at, named from resting_on_change(${changeId})`.execute(db);
  return rows;
}

function noChange(changeId: number): DomainError {
  return new DomainError('not_found', 'there is no such change, or it was undone', { changeId });
}

/** Changes of a supply point, latest first, at most 50, also those that were undone. Errors: forbidden. */
export async function listRegisterChanges(
  db: ReadDb,
  actor: Actor,
  { supplyPointId }: { supplyPointId: number },
): Promise<RegisterChanged[]> {
  requireCapability(actor, 'meter.read');
  const rows = await changes(db, actor)
    .where('supply_point_id', '=', supplyPointId)
    .orderBy('change_id', 'desc')
    .limit(MAX_LISTED)
    .execute();
  const listed: RegisterChanged[] = [];
  for (const row of rows) listed.push(await changedOf(db, row));
  return listed;
}

/** A change, also one that was undone. Errors: not_found, forbidden. */
export async function getRegisterChange(
  db: ReadDb,
  actor: Actor,
  { changeId }: { changeId: number },
): Promise<RegisterChanged> {
  requireCapability(actor, 'meter.read');
  const row = await changes(db, actor).where('change_id', '=', changeId).executeTakeFirst();
  if (!row) throw noChange(changeId);
  return changedOf(db, row);
}

function changes(db: ReadDb, actor: Actor) {
  return db
    .selectFrom('register_change')
    .where('utility_id', '=', actor.utilityId)
    .select(['change_id', 'supply_point_id', 'kind', 'holds_from', 'before', 'after'])
    .select(['made_at', 'actor_name', 'undone_at', 'undone_name']);
}

type ChangeRow = Awaited<ReturnType<ReturnType<typeof changes>['execute']>>[number];

async function changedOf(db: ReadDb, row: ChangeRow): Promise<RegisterChanged> {
  const kind = CHANGE_KINDS.find((each) => each === row.kind);
  if (!kind) throw new Error(`"${row.kind}" is no kind of change`);
  const { undone_at, undone_name } = row;
  return {
    ...{ changeId: row.change_id, supplyPointId: row.supply_point_id, kind },
    holdsFrom: row.holds_from,
    // Written by the functions of the database, with the names of the API.
    before: row.before as RegisterChanged['before'],
    after: row.after as RegisterChanged['after'],
    ...{ madeAt: row.made_at, madeBy: row.actor_name },
    undone: undone_at === null ? null : { at: undone_at, by: undone_name ?? '' },
    resting: undone_at === null ? await restingOn(db, row.change_id) : [],
  };
}
