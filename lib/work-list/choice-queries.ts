/** What each decision on an item would bill. Nothing is written. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { listSupplyPointClosings } from '../closing/closing-as-if-queries.ts';
import { closingCalendar } from '../closing/closing-day.ts';
import type { ClosingRow } from '../closing/closing-row.ts';
import { effectOfEdit } from '../editing/edit-effect-queries.ts';
import { listEditedHours } from '../editing/edited-day-queries.ts';
import { type EditedHours, withEdit } from '../editing/edited-hours.ts';
import { instantOf, monthOf } from '../time.ts';
import type { WorkChoices } from './choice-wire.ts';
import { type ChoiceEdit, choiceEdits, MOST_EDITS, WORK_CHOICES } from './choices.ts';
import { readWorkItem } from './work-item-queries.ts';
import type { WorkItem } from './work-list-wire.ts';

interface OfItem {
  meterId: number;
  fromOn: string;
  now: Date;
}

/**
 * The decisions on an item with the edits that each makes, and the row of the item's closing as it is and as each
 * decision would make it.
 * @throws DomainError `forbidden`; `not_found` where nothing is in doubt there any more
 */
export async function getWorkChoices(
  db: ReadDb,
  actor: Actor,
  input: OfItem,
): Promise<WorkChoices> {
  requireCapability(actor, 'reading.edit');
  const { item, ofItem } = await readWorkItem(db, actor, input);
  const before = (await listEditedHours(db, actor.utilityId, [item.meterId])).get(item.meterId);
  const row = await findClosingRow(db, actor, item, input.now);
  const choices: WorkChoices['choices'] = [];
  let soFarL: number | null = null;
  for (const choice of WORK_CHOICES) {
    const edits = choiceEdits(ofItem, choice);
    if (edits.length === 0 || edits.length > MOST_EDITS) continue;
    const asked = { item, edits, before: before ?? [], row, now: input.now };
    const { soFar, ...effect } = await effectOf(db, actor, asked);
    soFarL = soFar.before;
    choices.push({ choice, ...effect, soFarL: soFar.after });
  }
  const isTooLong = choiceEdits(ofItem, 'confirmed').length > MOST_EDITS;
  return { asOf: input.now, isTooLong, now: row ? billed(row) : null, soFarL, choices };
}

interface Asked {
  item: WorkItem;
  edits: readonly ChoiceEdit[];
  before: readonly EditedHours[];
  row: ClosingRow | undefined;
  now: Date;
}

async function effectOf(db: ReadDb, actor: Actor, { item, edits, before, row, now }: Asked) {
  const { meterId, customerNumber } = item;
  const last = edits.at(-1);
  const { effect } = await effectOfEdit(db, actor, {
    ...{ meterId, day: last?.day ?? item.toOn, hours: last?.hours ?? [24], now },
    edits: { before, after: edits.reduce(withChoice, before) },
  });
  const changed = effect.closings.find(
    (each) => each.closesOn === row?.closesOn && each.customerNumber === customerNumber,
  );
  const { period } = effect;
  const isOpen = period.closesOn === item.closing.closesOn;
  const moves: Awaited<ReturnType<typeof movesOf>>[] = [];
  for (const edit of edits) moves.push(await movesOf(db, actor, meterId, edit));
  return {
    edits: edits.map(({ day, kind, hourEnding, indexL }, at) => ({
      ...{ day, kind, hourEnding },
      // Of a single hour the register that the person saw.
      indexL: hourEnding === null ? null : (indexL[0] ?? null),
      issued: moves[at]?.issued ?? [],
    })),
    billed: row ? billed(changed ? { ...row, ...changed.after } : row) : null,
    soFar: {
      before: isOpen ? period.before.usageL : null,
      after: isOpen ? period.after.usageL : null,
    },
    furtherClosings: effect.closings.filter((each) => each !== changed).length,
    doubted: effect.doubted.length,
    needsSecond: moves.some(({ needsSecond }) => needsSecond),
  };
}

function withChoice(edits: readonly EditedHours[], edit: ChoiceEdit): readonly EditedHours[] {
  const { day, kind, hours, indexL } = edit;
  const none = { day, hours: [], kinds: [], indexL: [] };
  const of = edits.find((each) => each.day === day) ?? none;
  const made = { day, hours, kinds: hours.map(() => kind), indexL };
  return [...edits.filter((each) => each.day !== day), withEdit(of, made)].toSorted((a, b) =>
    a.day < b.day ? -1 : 1,
  );
}

/** Issued closings to which an edit belongs, and whether it moves more than one person may. */
async function movesOf(
  db: ReadDb,
  { utilityId }: Actor,
  meterId: number,
  { day, kind, hours, indexL }: ChoiceEdit,
): Promise<{ issued: string[]; needsSecond: boolean }> {
  const instants = hours.map((hour) => instantOf(day, hour));
  const { rows } = await sql<{ issued: string[] | null; needsSecond: boolean }>`
    select (select array_agg(c::text order by c) from issued_closings_at(${meterId}, ${instants}::timestamptz[]) c) as issued,
      edit_moves(${meterId}, ${day}::date, ${kind}, ${hours}::smallint[], ${indexL}::integer[]) > u.second_look_l as "needsSecond"
    from utility u where u.utility_id = ${utilityId}`.execute(db);
  const [row] = rows;
  return { issued: row?.issued ?? [], needsSecond: row?.needsSecond ?? false };
}

/** The customer's row of the item's closing; undefined before it has closed, and of a vacant place. */
async function findClosingRow(
  db: ReadDb,
  actor: Actor,
  item: WorkItem,
  now: Date,
): Promise<ClosingRow | undefined> {
  const { closingDay, closesOn } = item.closing;
  const month = monthOf(closesOn);
  const { closings } = closingCalendar({ closingDay, fromMonth: month, toMonth: month }, now);
  if (closings.length === 0) return undefined;
  const { supplyPointNumber } = item;
  const { supply_point_id: supplyPointId } = await db
    .selectFrom('supply_point')
    .where('utility_id', '=', actor.utilityId)
    .where('number', '=', supplyPointNumber)
    .select('supply_point_id')
    .executeTakeFirstOrThrow();
  const place = { supplyPointId, supplyPointNumber, closingDay, closings, now };
  const rows = await listSupplyPointClosings(db, actor, place);
  return rows.find(({ customerNumber }) => customerNumber === item.customerNumber);
}

function billed({ closesOn, indexL, usageL, usageM3, quality, remarks }: ClosingRow) {
  return { closesOn, indexL, usageL, usageM3, quality, remarks };
}
