/** Previews: what an edit would change before it is made, and what deciding on one would change. Nothing is written. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { certain } from '../certain.ts';
import { DomainError } from '../errors.ts';
import { listFittedMeters } from '../usage/usage-line-queries.ts';
import { type EditWarning, editWarnings } from './edit-effect.ts';
import { effectOfEdit } from './edit-effect-queries.ts';
import { type EditOf, type EditPlan, getEditPlan } from './edit-plan-queries.ts';
import { getEdit } from './edit-queries.ts';
import type { EditPreview } from './edit-wire.ts';
import { listEditedHours } from './edited-day-queries.ts';
import { type EditedHours, NO_REGISTERS, withEdit, withoutHours } from './edited-hours.ts';

/** What an edit would change. Errors: those of getEditPlan; forbidden. */
export async function previewEdit(db: ReadDb, actor: Actor, input: EditOf): Promise<EditPreview> {
  const plan = await getEditPlan(db, actor, input);
  return previewOf(db, actor, plan, input.now);
}

async function previewOf(
  db: ReadDb,
  actor: Actor,
  plan: EditPlan,
  now: Date,
): Promise<EditPreview> {
  const { meterId, day, kind, hours, indexL } = plan;
  const before = (await listEditedHours(db, actor.utilityId, [meterId])).get(meterId) ?? [];
  const edit = { day, hours, kinds: hours.map(() => kind), indexL };
  const edits = { before, after: changedDay(before, day, (of) => withEdit(of, edit)) };
  const { effect, states, place } = await effectOfEdit(db, actor, {
    ...{ meterId, day, hours, edits, now },
  });
  const meters = await listFittedMeters(db, { utilityId: actor.utilityId, ...place });
  const meter = certain(
    meters.find((each) => each.meterId === meterId),
    'the fitted meter',
  );
  return {
    ...{ meterId, day, kind, supplyPointNumber: place.supplyPointNumber },
    ...withReceived(effect, plan.received),
    ...(await secondLook(db, actor, plan)),
    warnings: editWarnings({ ...plan, meter, ...states }),
  };
}

/**
 * What deciding on an edit would change: of a proposed one that it stands, of a standing one that it is taken back. Errors:
 * not_found, conflict (it is decided), forbidden.
 */
export async function previewDecision(
  db: ReadDb,
  actor: Actor,
  { editId, now }: { editId: number; now: Date },
): Promise<EditPreview> {
  requireCapability(actor, 'reading.edit');
  const edit = await getEdit(db, actor, { editId });
  const { meterId, day, kind, state } = edit;
  const received = await receivedOf(db, actor, edit);
  const hours = edit.hours.map(({ hourEnding }) => hourEnding);
  if (state === 'proposed') {
    const indexL = edit.hours.map((hour) => hour.indexL);
    return previewOf(db, actor, { meterId, day, kind, hours, indexL, received }, now);
  }
  if (state !== 'standing') {
    throw new DomainError('conflict', 'this edit neither stands nor is proposed any more');
  }
  const before = (await listEditedHours(db, actor.utilityId, [meterId])).get(meterId) ?? [];
  const own = await ownHours(db, actor, edit);
  const edits = { before, after: changedDay(before, day, (of) => withoutHours(of, own)) };
  const change = { meterId, day, hours: own, edits, now };
  const { effect, place } = await effectOfEdit(db, actor, change);
  const warnings: EditWarning[] = effect.doubted.length > 0 ? ['neighbours-doubtful'] : [];
  return {
    ...{ meterId, day, kind, supplyPointNumber: place.supplyPointNumber },
    ...withReceived(effect, received),
    // Back to what was received, which needs no second person.
    ...{ movedL: edit.movedL, secondLookL: await limitOf(db, actor), needsSecond: false },
    warnings,
  };
}

function changedDay(
  edits: readonly EditedHours[],
  day: string,
  change: (of: EditedHours) => EditedHours,
): EditedHours[] {
  const none = { day, hours: [], kinds: [], indexL: [] };
  const of = edits.find((each) => each.day === day) ?? none;
  return [...edits.filter((each) => each.day !== day), change(of)];
}

type Effect = Awaited<ReturnType<typeof effectOfEdit>>['effect'];

function withReceived(effect: Effect, received: readonly (number | null)[]) {
  return {
    ...effect,
    hours: effect.hours.map(({ hourEnding, before, after }) => ({
      ...{ hourEnding, receivedL: received[hourEnding - 1] ?? null },
      ...{ beforeL: before, afterL: after },
    })),
  };
}

async function secondLook(
  db: ReadDb,
  actor: Actor,
  { meterId, day, kind, hours, indexL }: EditPlan,
) {
  const { rows } = await sql<{ movedL: number }>`
    select edit_moves(${meterId}, ${day}::date, ${kind}, ${hours}::smallint[], ${indexL}::integer[]) as "movedL"`.execute(
    db,
  );
  const movedL = rows[0]?.movedL ?? 0;
  const secondLookL = await limitOf(db, actor);
  return { movedL, secondLookL, needsSecond: movedL > secondLookL };
}

async function limitOf(db: ReadDb, { utilityId }: Actor): Promise<number> {
  const { second_look_l } = await db
    .selectFrom('utility')
    .select('second_look_l')
    .where('utility_id', '=', utilityId)
    .executeTakeFirstOrThrow();
  return second_look_l;
}

async function receivedOf(
  db: ReadDb,
  { utilityId }: Actor,
  { meterId, day }: { meterId: number; day: string },
): Promise<readonly (number | null)[]> {
  const row = await db
    .selectFrom('meter_day')
    .select('index_l')
    .where('utility_id', '=', utilityId)
    .where('meter_id', '=', meterId)
    .where('day', '=', day)
    .executeTakeFirst();
  return row?.index_l ?? NO_REGISTERS;
}

/** Hours that a standing edit still has: others may have been edited again since. */
async function ownHours(
  db: ReadDb,
  { utilityId }: Actor,
  { editId, meterId, day }: { editId: number; meterId: number; day: string },
): Promise<number[]> {
  const { rows } = await sql<{ hour: number }>`
    select u.hour from edited_day e cross join lateral unnest(e.hours, e.edit_ids) u (hour, edit_id)
    where e.utility_id = ${utilityId} and e.meter_id = ${meterId} and e.day = ${day}::date and u.edit_id = ${editId}
    order by u.hour`.execute(db);
  return rows.map(({ hour }) => hour);
}
