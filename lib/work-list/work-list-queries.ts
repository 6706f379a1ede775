/** The work-list: items by harm or by closing, page by page, and one item with the days around it. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { invalidField } from '../errors.ts';
import { countOpenMarks } from '../validation/mark-queries.ts';
import { formatPlace, parsePlace, type WorkOrder, type WorkRule } from './work-list.ts';
import { hasRule, isFound, placedItems, type WorkFilter, workItems } from './work-list-sql.ts';
import type { WorkItem, WorkList } from './work-list-wire.ts';

export interface WorkListInput extends WorkFilter {
  order: WorkOrder;
  /** `next` of the page before. */
  after?: string | undefined;
  limit: number;
}

type ItemRow = Omit<WorkItem, 'closing'> & {
  closingDay: number;
  closesOn: string;
  closingState: WorkItem['closing']['state'];
};

/**
 * A page of the items, and the counts of all. A verdict that does not hold any more, because its value was replaced and is
 * not judged yet, is still counted for that while.
 * @throws DomainError `forbidden`, `invalid_input`
 */
export async function listWork(db: ReadDb, actor: Actor, input: WorkListInput): Promise<WorkList> {
  requireCapability(actor, 'meter.read');
  const counts = await countWork(db, actor, input);
  // One more than the page shows whether another follows.
  const rows = await workRows(db, actor, { ...input, limit: input.limit + 1 });
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  return {
    asOf: input.now,
    ...counts,
    ...(await countBeside(db, actor)),
    rows: shown,
    next: last
      ? formatPlace({
          ...{ litres: last.litresInDoubt, closesOn: last.closing.closesOn },
          ...{ meterId: last.meterId, fromOn: last.fromOn },
        })
      : null,
  };
}

/** The item of a meter that begins on a day, as it is now. Errors: forbidden. */
export async function findWorkItem(
  db: ReadDb,
  actor: Actor,
  { meterId, fromOn, now }: { meterId: number; fromOn: string; now: Date },
): Promise<WorkItem | undefined> {
  requireCapability(actor, 'meter.read');
  const rows = await workRows(db, actor, { meterId, now, order: 'litres', limit: 1, fromOn });
  return rows[0];
}

/** What else the page has to be decided, for the number in the menu. */
async function countBeside(
  db: ReadDb,
  actor: Actor,
): Promise<Pick<WorkList, 'openMarks' | 'proposedEdits'>> {
  const { count } = await db
    .selectFrom('reading_edit')
    .where('utility_id', '=', actor.utilityId)
    .where('state', '=', 'proposed')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return { openMarks: await countOpenMarks(db, actor), proposedEdits: Number(count) };
}

type Counts = Pick<WorkList, 'total' | 'litresInDoubt' | 'byRule'>;

async function countWork(db: ReadDb, actor: Actor, filter: WorkFilter): Promise<Counts> {
  const { rows } = await sql<{
    total: number;
    litresInDoubt: string;
    byRule: Partial<Record<WorkRule, number>> | null;
  }>`
    with ${workItems(actor.utilityId, filter.meterId)}, ${placedItems(filter)},
    found as (select p.* from placed p where ${isFound(filter)})
    select count(*) filter (where ${hasRule(filter.rule)})::integer as total,
      coalesce(sum(p.litres) filter (where ${hasRule(filter.rule)}), 0)::text as "litresInDoubt",
      (select json_object_agg(r.rule, r.items)
       from (select u.rule, count(*) as items from found f cross join lateral unnest(f.rules) u (rule) group by u.rule) r) as "byRule"
    from found p`.execute(db);
  const [counts] = rows;
  return {
    total: counts?.total ?? 0,
    litresInDoubt: Number(counts?.litresInDoubt ?? 0),
    byRule: counts?.byRule ?? {},
  };
}

async function workRows(
  db: ReadDb,
  actor: Actor,
  input: WorkListInput & { fromOn?: string },
): Promise<WorkItem[]> {
  const { rows } = await sql<ItemRow>`
    with ${workItems(actor.utilityId, input.meterId)}, ${placedItems(input)}
    select p.meter_id as "meterId", p.from_on as "fromOn", p.to_on as "toOn", p.rule, p.rules, p.registers, p.steps,
      p.litres as "litresInDoubt", p.serial as "meterSerial", p.supply_point_number as "supplyPointNumber",
      p.customer_number as "customerNumber", p.terminal_number as "terminalNumber", p.area_id as "areaId",
      p.area_name as "areaName", p.closing_day as "closingDay", p.closes_on as "closesOn", p.closing_state as "closingState",
      p.waits
    from placed p
    where ${isFound(input)} and ${hasRule(input.rule)} and ${isAfter(input)}
      and ${input.fromOn === undefined ? sql`true` : sql`p.from_on = ${input.fromOn}::date`}
    order by ${input.order === 'closing' ? sql`p.closes_on, -p.litres` : sql`-p.litres`}, p.meter_id, p.from_on
    limit ${input.limit}`.execute(db);
  return rows.map(({ closingDay, closesOn, closingState, ...item }) => ({
    ...item,
    closing: { closingDay, closesOn, state: closingState },
  }));
}

function isAfter({ after, order }: WorkListInput) {
  if (after === undefined) return sql`true`;
  const place = parsePlace(after);
  if (!place) throw invalidField('after', 'it is not the `next` of a page');
  const { litres, closesOn, meterId, fromOn } = place;
  return order === 'closing'
    ? sql`(p.closes_on, -p.litres, p.meter_id, p.from_on) > (${closesOn}::date, -${litres}::integer, ${meterId}::integer, ${fromOn}::date)`
    : sql`(-p.litres, p.meter_id, p.from_on) > (-${litres}::integer, ${meterId}::integer, ${fromOn}::date)`;
}
