/** Marks for attention (注意) with their meters, by harm. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { type Page, readPage } from '../list-page.ts';
import { escapeLike } from '../meters/meter-queries.ts';
import type { MARK_STATES, ReadingMarkAnswer, ReadingMarks } from './mark-wire.ts';
import type { MarkRule } from './reading-marks.ts';

export interface MarkFilter {
  state: (typeof MARK_STATES)[number];
  rule?: MarkRule | undefined;
  meterId?: number | undefined;
  /** Part of a customer or supply point number or meter serial. */
  search?: string | undefined;
}

/** A page of the marks: open ones by litres, seen ones latest first. Errors: forbidden. */
export async function listMarks(
  db: ReadDb,
  actor: Actor,
  { limit, offset, ...filter }: MarkFilter & Page,
): Promise<ReadingMarks> {
  requireCapability(actor, 'meter.read');
  const placed = placedMarks(actor.utilityId, filter);
  const { rows: counts } = await sql<{ rule: MarkRule; count: number }>`
    select p.rule, count(*)::integer as count from (${placed}) p where ${isFound(filter)} group by p.rule`.execute(
    db,
  );
  const order = filter.state === 'open' ? sql`p.litres desc` : sql`p."seenAt" desc`;
  const page = await readPage({ limit, offset }, async (part) => {
    const { rows } = await sql<ReadingMarkAnswer & { total: number }>`
      select p.*, count(*) over ()::integer as total from (${placed}) p
      where ${isFound(filter)} and (${filter.rule ?? null}::text is null or p.rule = ${filter.rule ?? null})
      order by ${order}, p."meterId", p.rule, p."fromOn" limit ${part.limit} offset ${part.offset}`.execute(
      db,
    );
    return rows;
  });
  return {
    total: page.total,
    byRule: Object.fromEntries(counts.map(({ rule, count }) => [rule, count])),
    rows: page.rows.map(({ total: _total, ...row }) => row),
  };
}

/** Number of marks that are not seen yet. Errors: forbidden. */
export async function countOpenMarks(db: ReadDb, actor: Actor): Promise<number> {
  requireCapability(actor, 'meter.read');
  const { count } = await db
    .selectFrom('reading_mark')
    .where('utility_id', '=', actor.utilityId)
    .where('stands', '=', true)
    .where('seen_at', 'is', null)
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function placedMarks(utilityId: number, { state, meterId }: MarkFilter) {
  return sql`
    select r.meter_id as "meterId", r.rule, r.from_on as "fromOn", r.to_on as "toOn", r.litres, r.facts, m.serial as "meterSerial",
      s.number as "supplyPointNumber", o.customer_number as "customerNumber", r.marked_at as "markedAt", r.seen_name as "seenName",
      r.seen_at as "seenAt", r.note
    from reading_mark r
    join meter m on m.utility_id = r.utility_id and m.meter_id = r.meter_id
    left join lateral (
      select f.supply_point_id from meter_fitting f
      where f.utility_id = r.utility_id and f.meter_id = r.meter_id and (f.fitted_at at time zone 'Asia/Tokyo')::date <= r.to_on
      order by f.fitted_at desc limit 1
    ) f on true
    left join supply_point s on s.utility_id = r.utility_id and s.supply_point_id = f.supply_point_id
    left join lateral (
      select p.customer_number from occupancy p
      where p.utility_id = r.utility_id and p.supply_point_id = f.supply_point_id
        and p.from_on <= r.to_on and (p.to_on is null or p.to_on > r.from_on)
      order by p.from_on desc limit 1
    ) o on true
    where r.utility_id = ${utilityId}::integer and r.stands and r.seen_at is ${state === 'open' ? sql`null` : sql`not null`}
      and (${meterId ?? null}::integer is null or r.meter_id = ${meterId ?? null})`;
}

function isFound({ search }: MarkFilter) {
  const wanted = (search ?? '').normalize('NFKC').replace(/[\p{Pd}−ー\s]/gu, '');
  if (wanted === '') return sql`true`;
  const pattern = `%${escapeLike(wanted)}%`;
  const like = (column: string) => sql`replace(${sql.ref(column)}, '-', '') ilike ${pattern}`;
  return sql`(${like('p.customerNumber')} or ${like('p.supplyPointNumber')} or ${like('p.meterSerial')})`;
}
