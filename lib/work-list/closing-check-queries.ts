/**
 * Rows of closings that are to be checked before billing and are not explained by a reading of the work-list: of each
 * closing day the latest closing, while nothing was issued of it. It costs as much as these closings.
 */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { checkReasons } from '../closing/closing-counts.ts';
import type { Closing } from '../closing/closing-day.ts';
import { listClosingDays } from '../closing/closing-preview-queries.ts';
import { streamClosingRows } from '../closing/closing-queries.ts';
import type { ClosingRow } from '../closing/closing-row.ts';
import { onWire } from '../closing/closing-wire.ts';
import type { Page } from '../list-page.ts';
import { MARK_RULES } from '../validation/reading-marks.ts';
import type { ClosingChecks } from './closing-check-wire.ts';
import { placedItems, workItems } from './work-list-sql.ts';

interface OpenClosing extends Closing {
  closingDay: number;
}

/**
 * A page of the rows of one of these closings, by customer; without a closing day, of that which closed first.
 * @throws DomainError `forbidden`
 */
export async function listClosingChecks(
  db: ReadDb,
  actor: Actor,
  { closingDay, now, offset, limit }: Page & { closingDay?: number | undefined; now: Date },
): Promise<ClosingChecks> {
  requireCapability(actor, 'closing.read');
  const open = await listOpenClosings(db, actor, now);
  const asked = open.find((each) => closingDay === undefined || each.closingDay === closingDay);
  const closings = open.map((each) => ({ closingDay: each.closingDay, closesOn: each.closesOn }));
  if (!asked) return { asOf: now, closings, shown: null, toCheck: 0, total: 0, rows: [] };
  const doubted = await listDoubtedPeriods(db, actor, now);
  const { closingDay: day, ...closing } = asked;
  const selection = { closingDay: day, closings: [closing], now };
  const rows: ClosingChecks['rows'] = [];
  let total = 0;
  let toCheck = 0;
  for await (const row of streamClosingRows(db, actor, selection)) {
    const reasons = checkReasons(row);
    if (reasons.length > 0) toCheck += 1;
    if (reasons.length === 0 || isExplained(row, closing, doubted)) continue;
    if (total >= offset && rows.length < limit) rows.push({ reasons, row: onWire(row) });
    total += 1;
  }
  const shown = { closingDay: day, closesOn: closing.closesOn };
  return { asOf: now, closings, shown, toCheck, total, rows };
}

/** Closings that have closed and of which nothing was issued, by their day. */
async function listOpenClosings(db: ReadDb, actor: Actor, now: Date): Promise<OpenClosing[]> {
  const days = await listClosingDays(db, actor, now);
  const issued = await db
    .selectFrom('closing_run')
    .where('utility_id', '=', actor.utilityId)
    .where('state', '=', 'issued')
    .where('customer_number', 'is', null)
    .select(['closing_day', 'closes_on'])
    .execute();
  const isIssued = new Set(issued.map((run) => `${run.closing_day} ${run.closes_on}`));
  return days
    .map(({ closingDay, latest }) => ({ closingDay, ...latest }))
    .filter(({ closingDay, closesOn }) => !isIssued.has(`${closingDay} ${closesOn}`))
    .toSorted((a, b) => (a.closesOn < b.closesOn ? -1 : 1));
}

interface DoubtedPeriod {
  fromOn: string;
  toOn: string;
}

/** Days of the items at each supply point. */
async function listDoubtedPeriods(
  db: ReadDb,
  actor: Actor,
  now: Date,
): Promise<Map<number, DoubtedPeriod[]>> {
  const { rows } = await sql<DoubtedPeriod & { supplyPointId: number }>`
    with ${workItems(actor.utilityId, undefined)}, ${placedItems({ now })}
    select p.supply_point_id as "supplyPointId", p.from_on as "fromOn", p.to_on as "toOn" from placed p`.execute(
    db,
  );
  const periods = new Map<number, DoubtedPeriod[]>();
  for (const { supplyPointId, ...period } of rows) {
    periods.set(supplyPointId, [...(periods.get(supplyPointId) ?? []), period]);
  }
  return periods;
}

/** Reasons that a reading in doubt gives. */
const OF_READINGS: ReadonlySet<string> = new Set(['index-fell', 'implausible', 'reading-doubtful']);

/** Reasons that are on the list as marks for attention. */
const OF_MARKS: ReadonlySet<string> = new Set(MARK_RULES);

/** True where all reasons are marks, which the list has, or those of readings, and an item of the list lies in the row's period. */
function isExplained(
  row: ClosingRow,
  { previousOn }: Closing,
  doubted: ReadonlyMap<number, readonly DoubtedPeriod[]>,
): boolean {
  const reasons = checkReasons(row).filter((reason) => !OF_MARKS.has(reason));
  if (reasons.length === 0) return true;
  if (!reasons.every((reason) => OF_READINGS.has(reason))) return false;
  // The previous reading may be older than the closing before.
  const since = row.previousAt === null ? previousOn : row.previousAt.slice(0, 10);
  const from = since < previousOn ? since : previousOn;
  const periods = doubted.get(row.supplyPointId) ?? [];
  return periods.some(({ fromOn, toOn }) => fromOn <= row.closesOn && toOn >= from);
}
