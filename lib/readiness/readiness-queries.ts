/** Whether a closing is ready: what it waits for, found without reading its rows, and its counts once it is. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { certain } from '../certain.ts';
import { type ClosingCounts, countRow, noCounts } from '../closing/closing-counts.ts';
import type { Closing } from '../closing/closing-day.ts';
import { getScope, streamClosingRows } from '../closing/closing-queries.ts';
import { dayOf } from '../time.ts';
import { type MissingReport, missingReports } from './readiness-sql.ts';

/** A closing day with one of its closings. */
export interface OneClosing {
  closingDay: number;
  closing: Closing;
}

/** An awaited report; the closing is not ready before it has arrived or is due. */
export type AwaitedReport = Pick<MissingReport, 'supplyPointId' | 'dueAt'>;

/**
 * An awaited report of a closing whose day has closed: the one that is due last. Undefined when none is, so that it is
 * ready. With `supplyPointId` only that of this supply point, which is a look-up. @throws DomainError `forbidden`
 */
export async function findAwaitedReport(
  db: ReadDb,
  actor: Actor,
  asked: OneClosing & { now: Date; supplyPointId?: number },
): Promise<AwaitedReport | undefined> {
  requireCapability(actor, 'closing.read');
  const reports = missingReports(asked, await getScope(db, actor));
  // In order, so that whether a reading was entered by hand is looked up of one report only, most often.
  const { rows } = await sql<AwaitedReport>`
    select m."supplyPointId", m."dueAt"
    from (select * from ${reports} r where r."dueAt" > ${asked.now}::timestamptz order by r."dueAt" desc, r."supplyPointId" offset 0) m
    where not exists (
      select from sound_day s
      where s.utility_id = m.utility_id and s.meter_id = m."meterId" and s.day = m.day and s.closing_hour = 24)
    limit 1`.execute(db);
  return rows[0];
}

/** What a mail says of a closing. */
export interface ClosingState {
  counts: ClosingCounts;
  /** Reports that are due and have not arrived. */
  overdue: number;
}

/** Counts of a closing's rows, by the query of all closings. @throws DomainError `forbidden` */
export async function getClosingState(
  db: ReadDb,
  actor: Actor,
  { closingDay, closing, now }: OneClosing & { now: Date },
): Promise<ClosingState> {
  requireCapability(actor, 'closing.read');
  const counts = noCounts();
  const selection = { closingDay, closings: [closing], now };
  for await (const row of streamClosingRows(db, actor, selection)) countRow(counts, row);
  const reports = missingReports({ closingDay, closing, now }, await getScope(db, actor));
  const { rows } = await sql<{ overdue: number }>`
    select count(*)::integer as overdue from ${reports} m where "dueAt" <= ${now}::timestamptz`.execute(
    db,
  );
  return { counts, overdue: certain(rows[0], 'a count').overdue };
}

/** A closing that a member of staff asked for, with what it waited for when it was looked at last. */
export interface AskedClosing {
  closingDay: number;
  closesOn: string;
  awaitedSupplyPointId: number | null;
}

/**
 * Closings of the actor's utility that have closed, that staff asked for and that are to be looked at now, the
 * earliest first. @throws DomainError `forbidden`
 */
export async function listAskedClosings(
  db: ReadDb,
  actor: Actor,
  { now }: { now: Date },
): Promise<AskedClosing[]> {
  requireCapability(actor, 'closing.read');
  const { rows } = await sql<AskedClosing>`
    select closing_day as "closingDay", closes_on as "closesOn", max(awaited_supply_point_id) as "awaitedSupplyPointId"
    from ready_mail
    where utility_id = ${actor.utilityId} and closes_on < ${dayOf(now)}::date
    group by closing_day, closes_on
    having bool_or(look_at is null or look_at <= ${now}::timestamptz)
    order by closes_on, closing_day`.execute(db);
  return rows;
}
