/** What one row of a closing was made of: its registers, and the reports of the days before it. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { reportDueAt, reportExpectedFrom } from '../readings/report-window.ts';
import { holdsDayEnd } from '../readings/report-window-sql.ts';
import { addDays, formatJst } from '../time.ts';
import { closingCalendar } from './closing-day.ts';
import { type ClosingSelection, closingFacts } from './closing-facts-sql.ts';
import { getScope } from './closing-queries.ts';
import {
  type ClosingFacts,
  type ClosingKind,
  type ClosingSegment,
  closingRow,
  closingSegments,
} from './closing-row.ts';
import { type ClosingExplanation, onWire } from './closing-wire.ts';
import { dayEnd } from './reading-at-sql.ts';

export interface ExplainedRow {
  closingDay: number;
  /** YYYY-MM */
  month: string;
  /** Customer number. */
  customer: string;
  /** Supply point number. */
  supplyPoint: string;
  kind: ClosingKind;
  now: Date;
}

/** Days shown, the closing day included. */
const DAYS = 5;

/** @throws DomainError `forbidden`; `not_found` for a row that the closing does not have, or has not yet */
export async function getClosingExplanation(
  db: ReadDb,
  actor: Actor,
  input: ExplainedRow,
): Promise<ClosingExplanation> {
  requireCapability(actor, 'closing.read');
  const facts = await findFacts(db, actor, input);
  if (!facts) {
    throw new DomainError('not_found', 'the closing has no such row', {
      ...{ closingDay: input.closingDay, month: input.month },
      ...{ customerNumber: input.customer, supplyPointNumber: input.supplyPoint },
    });
  }
  const segments = closingSegments(facts);
  const serials = await serialsOf(db, actor, segments);
  return {
    row: onWire(closingRow(facts)),
    asOf: input.now,
    meterId: facts.meterId,
    rounding: facts.rounding,
    segments: segments.map((segment) => ({
      meterSerial: serials.get(segment.meterId) ?? '',
      dialL: segment.dialL,
      fromL: segment.fromL,
      fromAt: instantText(segment.fromAtS),
      toL: segment.toL,
      toAt: instantText(segment.toAtS),
      takesBack: segment.takesBack ?? false,
    })),
    days: await listReportDays(db, facts, input.now),
  };
}

function instantText(seconds: number | null): string | null {
  return seconds === null ? null : formatJst(new Date(seconds * 1000));
}

async function findFacts(
  db: ReadDb,
  actor: Actor,
  { closingDay, month, customer, supplyPoint, kind, now }: ExplainedRow,
): Promise<ClosingFacts | undefined> {
  const { closings } = closingCalendar({ closingDay, fromMonth: month, toMonth: month }, now);
  if (closings.length === 0) return undefined;
  const selection: ClosingSelection = { closingDay, closings, customerNumber: customer, now };
  const { rows } = await sql<ClosingFacts>`
    select facts.* from (${closingFacts(selection, await getScope(db, actor))}) as facts
    where facts."supplyPointNumber" = ${supplyPoint} and facts.kind = ${kind}
      and closing_day_on(facts."supplyPointId", ${closings[0]?.closesOn ?? null}::date) = ${closingDay}::integer
    order by facts."closesOn" desc limit 1`.execute(db);
  return rows[0];
}

async function serialsOf(
  db: ReadDb,
  { utilityId }: Actor,
  segments: readonly ClosingSegment[],
): Promise<Map<number, string>> {
  if (segments.length === 0) return new Map();
  const rows = await db
    .selectFrom('meter')
    .where('utility_id', '=', utilityId)
    .where(
      'meter_id',
      'in',
      segments.map(({ meterId }) => meterId),
    )
    .select(['meter_id', 'serial'])
    .execute();
  return new Map(rows.map(({ meter_id, serial }) => [meter_id, serial]));
}

interface ReportDayRow {
  day: string;
  meterId: number | null;
  reportMinute: number | null;
  reportWindowMinutes: number | null;
  receivedAt: Date | null;
  indexL: number | null;
  /** The same without registers in doubt. */
  soundIndexL: number | null;
}

type ReportDay = ClosingExplanation['days'][number];

/** The reports of the days up to the closing, each of the meter and terminal at the end of its day. */
async function listReportDays(
  db: ReadDb,
  { supplyPointId, closesOn }: ClosingFacts,
  now: Date,
): Promise<ReportDay[]> {
  const days = Array.from({ length: DAYS }, (_, at) => addDays(closesOn, at + 1 - DAYS));
  const end = dayEnd(sql`q.day`);
  const { rows } = await sql<ReportDayRow>`
    select q.day::text as day, f.meter_id as "meterId", t.report_minute as "reportMinute",
      t.report_window_minutes as "reportWindowMinutes", d.received_at as "receivedAt", d.index_l[24] as "indexL", s.index_l[24] as "soundIndexL"
    from unnest(${days}::date[]) as q (day)
    left join meter_fitting f on f.utility_id = current_utility_id() and f.supply_point_id = ${supplyPointId}
      and ${holdsDayEnd(end, sql`f.fitted_at`, sql`f.removed_at`)}
    left join terminal_fitting e on e.utility_id = current_utility_id() and e.supply_point_id = ${supplyPointId}
      and ${holdsDayEnd(end, sql`e.from_at`, sql`e.to_at`)}
    left join terminal t on t.utility_id = e.utility_id and t.terminal_id = e.terminal_id
    left join lateral (
      select r.received_at, r.index_l from meter_day r
      where r.utility_id = f.utility_id and r.meter_id = f.meter_id and r.day = q.day limit 1
    ) d on true
    left join lateral (
      select r.index_l from sound_day r
      where r.utility_id = f.utility_id and r.meter_id = f.meter_id and r.day = q.day limit 1
    ) s on true
    order by q.day`.execute(db);
  return rows.map((row) => reportDay(row, now));
}

function reportDay(row: ReportDayRow, now: Date): ReportDay {
  const { day, reportMinute, reportWindowMinutes, receivedAt, indexL } = row;
  const window =
    reportMinute === null || reportWindowMinutes === null
      ? undefined
      : { reportMinute, reportWindowMinutes };
  const dueAt = window ? reportDueAt(day, window) : null;
  return {
    ...{ day, indexL, receivedAt, dueAt },
    expectedFrom: window ? reportExpectedFrom(day, window) : null,
    state: stateOf(row, { dueAt, now }),
  };
}

function stateOf(
  { meterId, receivedAt, indexL, soundIndexL }: ReportDayRow,
  { dueAt, now }: { dueAt: Date | null; now: Date },
): ReportDay['state'] {
  if (receivedAt !== null) {
    if (indexL === null) return 'incomplete';
    return soundIndexL === null ? 'doubtful' : 'arrived';
  }
  if (meterId === null || dueAt === null) return 'unexpected';
  return now < dueAt ? 'awaited' : 'missing';
}
