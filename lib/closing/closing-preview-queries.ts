/** Preview of a closing file: counts, and a page of the same rows as in the file. */
import type { ReadDb } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability } from '../actor.ts';
import { listMissingOccupancies } from './closing-account-queries.ts';
import type { ClosingCounts, ClosingFilter } from './closing-counts.ts';
import { countRow, isShown, noCounts } from './closing-counts.ts';
import { closingCalendar, closingDate, latestClosing } from './closing-day.ts';
import { streamClosingRows } from './closing-queries.ts';
import type { ClosingRow } from './closing-row.ts';
import { type ClosingPreview, onWire, type RegisteredClosingDay } from './closing-wire.ts';
import { numberSearch } from './number-search.ts';
import { UsageSum } from './usage-total.ts';
import { countVacant } from './vacant-usage.ts';
import { listVacantStretches } from './vacant-usage-queries.ts';

/** Missing occupancies that are named. */
const NAMED = 20;

export interface PreviewInput {
  closingDay: number;
  /** YYYY-MM */
  month: string;
  show: ClosingFilter;
  /** Only rows with such a number, see numberSearch. */
  search?: string | undefined;
  /** Rows skipped before the page, among those shown. */
  offset: number;
  limit: number;
  now: Date;
}

/**
 * Counts of the whole closing, and of the rows that filter and search leave a page and their total.
 * @throws DomainError `forbidden`
 */
export async function getClosingPreview(
  db: ReadDb,
  actor: Actor,
  input: PreviewInput,
): Promise<ClosingPreview> {
  requireCapability(actor, 'closing.read');
  const { closingDay, month, now } = input;
  const period = { closingDay, fromMonth: month, toMonth: month };
  const { closings } = closingCalendar(period, now);
  const taken: Taken = { counts: noCounts(), total: 0, rows: [], sum: new UsageSum() };
  const isFound = numberSearch(input.search ?? '');
  const occupancies = new Set<number>();
  for await (const row of streamClosingRows(db, actor, { closingDay, closings, now })) {
    occupancies.add(row.occupancyId);
    countRow(taken.counts, row);
    if (isShown(row, input.show) && isFound(row)) take(taken, row, input);
  }
  const { toCheck, ...counts } = taken.counts;
  const [closing] = closings;
  const has = (occupancyId: number) => occupancies.has(occupancyId);
  const missing = closing
    ? await listMissingOccupancies(db, actor, { closingDay, closing, has })
    : [];
  return {
    closesOn: closingDate(month, closingDay),
    previousOn: closings[0]?.previousOn ?? null,
    closed: closings.length > 0,
    asOf: now,
    ready: closings.length > 0 && counts.quality.awaited === 0,
    counts,
    toCheck,
    vacant: countVacant(await listVacantStretches(db, actor, { closingDay, closings })),
    missing: {
      total: missing.length,
      occupancies: missing.slice(0, NAMED).map(({ occupancyId: _id, ...named }) => named),
    },
    total: taken.total,
    rows: taken.rows,
    totals: taken.sum.total(),
  };
}

interface Taken extends Pick<ClosingPreview, 'total' | 'rows'> {
  counts: ClosingCounts;
  sum: UsageSum;
}

/** Adds a row that the filter leaves to total and sum, and to the page or the rows skipped before it. */
function take(taken: Taken, row: ClosingRow, input: PreviewInput): void {
  if (taken.total >= input.offset && taken.rows.length < input.limit) {
    taken.rows.push(onWire(row));
  }
  taken.sum.add(row);
  taken.total += 1;
}

/** Closing days that the register contains, in order. @throws DomainError `forbidden` */
export async function listClosingDays(
  db: ReadDb,
  actor: Actor,
  now: Date,
): Promise<RegisteredClosingDay[]> {
  requireCapability(actor, 'closing.read');
  const rows = await db
    .selectFrom('supply_point')
    .where('utility_id', '=', actor.utilityId)
    .where('closed_on', 'is', null)
    .groupBy('closing_day')
    .orderBy('closing_day')
    .select((query) => ['closing_day', query.fn.countAll<number>().as('supply_points')])
    .execute();
  return rows.map(({ closing_day, supply_points }) => ({
    closingDay: closing_day,
    supplyPoints: supply_points,
    latest: latestClosing(closing_day, now),
  }));
}
