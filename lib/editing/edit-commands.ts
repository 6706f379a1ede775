// Acts on edits of readings. Each is a function of the database, which checks the person's right again, computes what the edit
// moves, and writes the audit and the feed of changes (db/migrations/0033_reading_edits.sql).
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { explainRefusal, refusedBy } from '../constraint-errors.ts';
import { conflictingField, DomainError, invalidField } from '../errors.ts';
import { getEditPlan } from './edit-plan-queries.ts';
import type { EditState, ReadingEditInput } from './reading-edit.ts';

/** An edit that was made. */
export interface EditMade {
  editId: number;
  /** `standing`, or `proposed` where it moves more than the utility's limit. */
  state: EditState;
  /** Litres. */
  movedL: number;
}

const CHANGED = 'the readings changed meanwhile: look at the day again';

/** Errors of the database when another transaction came first, after the checks. */
const EDIT_REFUSALS = {
  reading_edit_meter: CHANGED,
  reading_edit_dial: CHANGED,
  reading_edit_fitted: CHANGED,
  reading_edit_stored: CHANGED,
  reading_edit_proposed: 'this edit is not proposed any more: somebody decided on it meanwhile',
  reading_edit_own:
    'the second look is another person’s: somebody else with the right has to decide',
  reading_edit_open: 'this edit neither stands nor is proposed any more',
} as const;

/**
 * Makes an edit of a meter's hour or JST day. `acknowledgedClosings` names exactly the issued closings that it concerns.
 * Errors: those of getEditPlan; conflict (an issued closing is not named; the message names it), invalid_input (a named closing
 * was not issued).
 */
export async function editReading(
  tx: Tx,
  actor: Actor,
  input: ReadingEditInput & { meterId: number; now: Date },
): Promise<EditMade> {
  requireCapability(actor, 'reading.edit');
  const { reason, note, acknowledgedClosings, ...subject } = input;
  const { meterId, day, kind, hours, indexL } = await getEditPlan(tx, actor, subject);
  const { rows } = await refused(() =>
    sql<EditMade>`
      select edit_id as "editId", state, moved_l as "movedL"
      from edit_reading(${meterId}, ${day}::date, ${kind}, ${hours}::smallint[], ${indexL}::integer[], ${reason}, ${note},
                        ${[...acknowledgedClosings]}::date[], ${actorName(actor)})`.execute(tx),
  );
  const [made] = rows;
  if (!made) throw new Error('edit_reading yielded no row');
  return made;
}

/** A decision on an edit. */
export interface EditDecision {
  editId: number;
  acknowledgedClosings: readonly string[];
}

/**
 * The second person's look at a proposed edit: it stands from now on, or is refused. Errors: conflict (it is not proposed, it
 * is the actor's own, the readings changed), not_found, forbidden.
 */
export async function secondEdit(
  tx: Tx,
  actor: Actor,
  { editId, agreed, acknowledgedClosings }: EditDecision & { agreed: boolean },
): Promise<{ state: EditState }> {
  requireCapability(actor, 'reading.edit');
  await requireEdit(tx, actor, editId);
  const { rows } = await refused(() =>
    sql<{ state: EditState }>`
      select second_edit(${editId}, ${agreed}, ${[...acknowledgedClosings]}::date[], ${actorName(actor)}) as state`.execute(
      tx,
    ),
  );
  const [row] = rows;
  if (!row) throw new Error('second_edit yielded no row');
  return row;
}

/**
 * Takes a standing edit back, or withdraws a proposed one: its hours count as they were received. Errors: conflict (it neither
 * stands nor is proposed), not_found, forbidden.
 */
export async function takeBackEdit(
  tx: Tx,
  actor: Actor,
  { editId, acknowledgedClosings }: EditDecision,
): Promise<void> {
  requireCapability(actor, 'reading.edit');
  await requireEdit(tx, actor, editId);
  await refused(() =>
    sql`select take_back_edit(${editId}, ${[...acknowledgedClosings]}::date[], ${actorName(actor)})`.execute(
      tx,
    ),
  );
}

/** Sets from how many litres on an edit needs a second person; the operator's. Errors: forbidden. */
export async function setSecondLook(
  tx: Tx,
  actor: Actor,
  { secondLookL }: { secondLookL: number },
): Promise<void> {
  requireCapability(actor, 'register.write');
  await sql`select set_second_look(${secondLookL}, ${actorName(actor)})`.execute(tx);
}

async function requireEdit(tx: Tx, { utilityId }: Actor, editId: number): Promise<void> {
  const found = await tx
    .selectFrom('reading_edit')
    .select('edit_id')
    .where('utility_id', '=', utilityId)
    .where('edit_id', '=', editId)
    .executeTakeFirst();
  if (!found) throw new DomainError('not_found', 'there is no such edit', { editId });
}

function refused<T>(act: () => Promise<T>): Promise<T> {
  return explainRefusal(EDIT_REFUSALS, () => act().catch(explainIssued));
}

/** Translates violations about issued closings. @throws DomainError for these, otherwise `error` itself */
function explainIssued(error: unknown): never {
  const { constraint = '', detail = '' } = refusedBy(error) ?? {};
  const field = 'acknowledgedClosings';
  const closings = detail.split(' ').join(', ');
  if (constraint === 'reading_edit_issued') {
    const message = `the closing of ${closings} was issued: the difference will stand in the next one; name it here where that is meant`;
    throw conflictingField(field, message, 'closing-issued');
  }
  if (constraint === 'reading_edit_not_issued') {
    throw invalidField(
      field,
      `no closing of ${closings} that this concerns was issued: leave it out`,
    );
  }
  throw error;
}
