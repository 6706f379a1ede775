// Edits of readings: of a meter, and those that wait for a second person. Instants are Dates, registers litres.
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { certain } from '../certain.ts';
import { DomainError } from '../errors.ts';
import type { Page } from '../list-page.ts';
import type { ReadingEdit } from './edit-wire.ts';
import type { EditReason, EditState } from './reading-edit.ts';

/** Maximum number of listed edits of one meter. */
const MAX_LISTED = 200;

/** All edits of a meter's readings, latest first, at most 200. Errors: forbidden. */
export async function listMeterEdits(
  db: ReadDb,
  actor: Actor,
  { meterId }: { meterId: number },
): Promise<ReadingEdit[]> {
  requireCapability(actor, 'meter.read');
  const rows = await edits(db, actor)
    .where('e.meter_id', '=', meterId)
    .orderBy('e.edit_id', 'desc')
    .limit(MAX_LISTED)
    .execute();
  return rows.map((row) => editOf(row, actor));
}

/** Edits of the utility in a state, latest first, with their number. Errors: forbidden. */
export async function listEdits(
  db: ReadDb,
  actor: Actor,
  { state, limit, offset }: Page & { state: EditState },
): Promise<{ total: number; rows: ReadingEdit[] }> {
  requireCapability(actor, 'meter.read');
  const { total } = await db
    .selectFrom('reading_edit')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('utility_id', '=', actor.utilityId)
    .where('state', '=', state)
    .executeTakeFirstOrThrow();
  const rows = await edits(db, actor)
    .where('e.state', '=', state)
    .orderBy('e.edit_id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
  return { total: Number(total), rows: rows.map((row) => editOf(row, actor)) };
}

/** One edit. Errors: not_found, forbidden. */
export async function getEdit(
  db: ReadDb,
  actor: Actor,
  { editId }: { editId: number },
): Promise<ReadingEdit> {
  requireCapability(actor, 'meter.read');
  const row = await edits(db, actor).where('e.edit_id', '=', editId).executeTakeFirst();
  if (!row) throw new DomainError('not_found', 'there is no such edit', { editId });
  return editOf(row, actor);
}

type EditRow = Awaited<ReturnType<ReturnType<typeof edits>['execute']>>[number];

function edits(db: ReadDb, { utilityId }: Actor) {
  return db
    .selectFrom('reading_edit as e')
    .leftJoin('meter as m', (join) =>
      join.onRef('m.utility_id', '=', 'e.utility_id').onRef('m.meter_id', '=', 'e.meter_id'),
    )
    .where('e.utility_id', '=', utilityId)
    .selectAll('e')
    .select('m.serial');
}

function editOf(row: EditRow, actor: Actor): ReadingEdit {
  return {
    editId: row.edit_id,
    meterId: row.meter_id,
    meterSerial: row.serial ?? '',
    day: row.day,
    kind: row.kind,
    hours: row.hours.map((hourEnding, at) => ({
      hourEnding,
      receivedL: row.received_l[at] ?? null,
      indexL: certain(row.index_l[at], 'the register of an edit'),
    })),
    // The table's constraint has the reasons of lib/editing/reading-edit.ts.
    reason: row.reason as EditReason,
    note: row.note,
    movedL: Number(row.moved_l),
    state: row.state,
    madeBy: row.made_name,
    madeAt: row.made_at,
    isOwn: row.made_by === actorName(actor),
    secondedBy: row.seconded_name,
    secondedAt: row.seconded_at,
    takenBackBy: row.taken_back_name,
    takenBackAt: row.taken_back_at,
    supersededBy: row.superseded_by,
    supersededAt: row.superseded_at,
  };
}
