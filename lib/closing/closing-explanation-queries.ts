/** What one row of a closing was made of: its registers, and the reports of the days before it. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { listDecisions } from '../estimation/decision-queries.ts';
import { rowFigures } from '../estimation/figure-kinds.ts';
import { reportDueAt, reportExpectedFrom } from '../readings/report-window.ts';
import { holdsDayEnd } from '../readings/report-window-sql.ts';
import { addDays, formatJst } from '../time.ts';
import { closingCalendar } from './closing-day.ts';
import { type ClosingSelection, closingFacts } from './closing-facts-sql.ts';
import { getScope } from './closing-queries.ts';
import { type ClosingFacts, type ClosingKind, closingRow } from './closing-row.ts';
import { type ClosingExplanation, onWire } from './closing-wire.ts';
import { dayEnd } from './reading-at-sql.ts';
import { type ClosingSegment, closingSegments, withEstimate } from './row-period.ts';

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
  const facts = await findClosingFacts(db, actor, input);
  if (!facts) {
    throw new DomainError('not_found', 'the closing has no such row', {
      ...{ closingDay: input.closingDay, month: input.month },
      ...{ customerNumber: input.customer, supplyPointNumber: input.supplyPoint },
    });
  }
  const row = closingRow(facts);
  const segments = closingSegments(withEstimate(facts).read);
  const entered = await listEnteredHours(db, actor, segments);
  const serials = await serialsOf(db, actor, segments);
  return {
    row: onWire(row),
    asOf: input.now,
    meterId: facts.meterId,
    supplyPointId: facts.supplyPointId,
    rounding: facts.rounding,
    segments: segments.map((segment) => ({
      meterSerial: serials.get(segment.meterId) ?? '',
      dialL: segment.dialL,
      fromL: segment.fromL,
      fromAt: instantText(segment.fromAtS),
      toL: segment.toL,
      toAt: instantText(segment.toAtS),
      fromEntered: isEnteredAt(entered, segment.meterId, segment.fromAtS),
      toEntered: isEnteredAt(entered, segment.meterId, segment.toAtS),
      takesBack: segment.takesBack ?? false,
    })),
    days: await listReportDays(db, facts, input.now),
    figures: rowFigures(facts, row).map(({ meterId, ...figure }) => ({
      ...figure,
      meterSerial: meterId === null ? null : (serials.get(meterId) ?? ''),
    })),
    decisions: await listDecisions(db, actor, facts),
  };
}

function instantText(seconds: number | null): string | null {
  return seconds === null ? null : formatJst(new Date(seconds * 1000));
}

/** Facts of a row of a closing; undefined where the closing does not have it. */
export async function findClosingFacts(
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

/** Instants (seconds since 1970) of the segments' ends whose register was entered by hand, by meter. */
async function listEnteredHours(
  db: ReadDb,
  { utilityId }: Actor,
  segments: readonly ClosingSegment[],
): Promise<Map<number, Set<number>>> {
  const ends = segments.flatMap(({ meterId, fromAtS, toAtS }) =>
    [fromAtS, toAtS].flatMap((atS) => (atS === null ? [] : [{ meterId, atS }])),
  );
  const { rows } = await sql<{ meterId: number; atS: number }>`
    select a.meter_id as "meterId", a.at_s as "atS"
    from unnest(${ends.map(({ meterId }) => meterId)}::integer[], ${ends.map(({ atS }) => atS)}::double precision[]) a (meter_id, at_s)
    join edited_day e on e.utility_id = ${utilityId} and e.meter_id = a.meter_id
    cross join lateral unnest(e.entered_hours) h (hour)
    where hour_instant(e.day, h.hour::integer) = to_timestamp(a.at_s)`.execute(db);
  const byMeter = new Map<number, Set<number>>();
  for (const { meterId, atS } of rows) {
    byMeter.set(meterId, (byMeter.get(meterId) ?? new Set()).add(atS));
  }
  return byMeter;
}

function isEnteredAt(
  entered: Map<number, Set<number>>,
  meterId: number,
  atS: number | null,
): boolean {
  return atS !== null && (entered.get(meterId)?.has(atS) ?? false);
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
  /** The same as it counts. */
  soundIndexL: number | null;
  /** The edit that holds for it. */
  edit: 'struck' | 'entered' | 'confirmed' | null;
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
      t.report_window_minutes as "reportWindowMinutes", d.received_at as "receivedAt", d.index_l[24] as "indexL", s.index_l[24] as "soundIndexL", y.kind as edit
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
    left join lateral (
      select u.kind from edited_day e cross join lateral unnest(e.hours, e.kinds, e.index_l) u (hour, kind, index_l)
      where e.utility_id = f.utility_id and e.meter_id = f.meter_id and e.day = q.day and u.hour = 24
        and (u.kind = 'entered' or u.index_l = d.index_l[24])
    ) y on true
    order by q.day`.execute(db);
  return rows.map((row) => reportDay(row, now));
}

function reportDay(row: ReportDayRow, now: Date): ReportDay {
  const { day, reportMinute, reportWindowMinutes, receivedAt, edit } = row;
  const indexL = edit === 'entered' ? row.soundIndexL : row.indexL;
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
  { meterId, receivedAt, indexL, soundIndexL, edit }: ReportDayRow,
  { dueAt, now }: { dueAt: Date | null; now: Date },
): ReportDay['state'] {
  if (edit === 'entered' || edit === 'struck') return edit;
  if (receivedAt !== null) {
    if (indexL === null) return 'incomplete';
    return soundIndexL === null ? 'doubtful' : 'arrived';
  }
  if (meterId === null || dueAt === null) return 'unexpected';
  return now < dueAt ? 'awaited' : 'missing';
}
