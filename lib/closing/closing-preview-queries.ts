/** Preview of a closing file: counts, and a page of the same rows as in the file. */
import type { ReadDb } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability } from '../actor.ts';
import { closingCalendar, closingDate, latestClosing } from './closing-day.ts';
import { streamClosingRows } from './closing-queries.ts';
import type { ClosingCounts, ClosingFilter, ClosingRow } from './closing-row.ts';
import { countRow, isShown, noCounts } from './closing-row.ts';
import type { ClosingPreview, RegisteredClosingDay } from './closing-wire.ts';
import { countVacant } from './vacant-usage.ts';
import { listVacantStretches } from './vacant-usage-queries.ts';

export interface PreviewInput {
  closingDay: number;
  /** YYYY-MM */
  month: string;
  show: ClosingFilter;
  /** Rows skipped before the page, among those shown. */
  offset: number;
  limit: number;
  now: Date;
}

/** @throws DomainError `forbidden` */
export async function getClosingPreview(
  db: ReadDb,
  actor: Actor,
  input: PreviewInput,
): Promise<ClosingPreview> {
  requireCapability(actor, 'closing.read');
  const { closingDay, month, now } = input;
  const period = { closingDay, fromMonth: month, toMonth: month };
  const { closings } = closingCalendar(period, now);
  const taken: Taken = { counts: noCounts(), total: 0, rows: [] };
  for await (const row of streamClosingRows(db, actor, { closingDay, closings })) {
    take(taken, row, input);
  }
  const { toCheck, ...counts } = taken.counts;
  return {
    closesOn: closingDate(month, closingDay),
    previousOn: closings[0]?.previousOn ?? null,
    closed: closings.length > 0,
    counts,
    toCheck,
    vacant: countVacant(await listVacantStretches(db, actor, { closingDay, closings })),
    total: taken.total,
    rows: taken.rows,
  };
}

type Taken = Pick<ClosingPreview, 'total' | 'rows'> & { counts: ClosingCounts };

function take(taken: Taken, row: ClosingRow, input: PreviewInput): void {
  countRow(taken.counts, row);
  if (!isShown(row, input.show)) return;
  if (taken.total >= input.offset && taken.rows.length < input.limit) {
    const { supplyPointId: _supplyPoint, occupancyId: _occupancy, ...onWire } = row;
    taken.rows.push(onWire);
  }
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
