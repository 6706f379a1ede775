/** What the verdicts on a meter depend on: its size and dial, where it was fitted with which terminals, and its days. */
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { listEditedHours } from '../editing/edited-day-queries.ts';
import { type EditedHours, editedRegisters, NO_REGISTERS } from '../editing/edited-hours.ts';
import type { GasKind } from '../gas-kind.ts';
import { addDays } from '../time.ts';
import type { HourSpan, JudgedDay, JudgedFitting, MeterHistory } from './meter-verdicts.ts';

/** Changed days of a meter: the first and the last; null: its whole history. */
export interface MeterWindow {
  meterId: number;
  from: string | null;
  to: string | null;
}

interface RegisterRow {
  meterId: number;
  size: string;
  dialL: number;
  gasKind: GasKind;
  fittings: (Span & { terminals: Span[] })[];
}

/** Hours since 1970-01-01T00:00 JST; null without an end. */
interface Span {
  from: number;
  to: number | null;
}

interface DayRow extends JudgedDay {
  meterId: number;
}

/** Meters whose nearest day one statement looks up. */
const NEAREST_AT_ONCE = 50;

const hourOf = (instant: string) =>
  sql.raw(`round(extract(epoch from ${instant}) / 3600 + 9, 6)::double precision`);

/** What is put in the place of what is stored. */
interface HistoryAsIf {
  /** Edits by meter. */
  edits?: ReadonlyMap<number, readonly EditedHours[]>;
  /** Common table expressions that shadow `meter`, `meter_fitting` and `terminal_fitting`. */
  tables?: RawBuilder<unknown>;
}

/**
 * Histories of meters in their windows: the days of the window, and the nearest day with a register on either side. Whole
 * histories have the standing edits in them, or those of `asIf` in their place; a meter with edits is asked for as a whole.
 * Meters that are not registered, or were never fitted, are left out. Checks no right: for jobs and the verbs that
 * validate.
 */
export async function listHistories(
  db: ReadDb,
  utilityId: number,
  windows: readonly MeterWindow[],
  { edits, tables }: HistoryAsIf = {},
): Promise<Map<number, MeterHistory>> {
  const meterIds = windows.map(({ meterId }) => meterId);
  const register = await listRegister(db, utilityId, { meterIds, tables });
  const days = await listDays(
    db,
    utilityId,
    windows.filter(({ meterId }) => register.has(meterId)),
  );
  const whole = windows.filter(({ from }) => from === null).map(({ meterId }) => meterId);
  const edited = edits ?? (whole.length > 0 ? await listEditedHours(db, utilityId, whole) : NONE);
  const histories = new Map<number, MeterHistory>();
  for (const [meterId, { size, dialL, gasKind, fittings }] of register) {
    histories.set(meterId, {
      meter: { sizeM3PerHour: Number(size), dialL, gasKind },
      fittings: fittings.map(fittingOf),
      days: withEdits(days.get(meterId) ?? [], edited.get(meterId)),
    });
  }
  return histories;
}

const NONE: ReadonlyMap<number, readonly EditedHours[]> = new Map();

/** The days with their edits, in order; also those of which nothing was received. */
function withEdits(
  days: readonly JudgedDay[],
  edits: readonly EditedHours[] | undefined,
): readonly JudgedDay[] {
  if (!edits) return days;
  const received = new Map(days.map(({ day, indexL }) => [day, indexL]));
  const edited = edits.map((edit) => ({
    day: edit.day,
    ...editedRegisters(received.get(edit.day) ?? NO_REGISTERS, edit),
  }));
  const isEdited = new Set(edited.map(({ day }) => day));
  return [...days.filter(({ day }) => !isEdited.has(day)), ...edited].toSorted((a, b) =>
    a.day < b.day ? -1 : 1,
  );
}

function fittingOf({ terminals, ...span }: RegisterRow['fittings'][number]): JudgedFitting {
  return { ...spanOf(span), terminals: terminals.map(spanOf) };
}

function spanOf({ from, to }: Span): HourSpan {
  return { from, to: to ?? Number.POSITIVE_INFINITY };
}

async function listRegister(
  db: ReadDb,
  utilityId: number,
  { meterIds, tables }: { meterIds: readonly number[]; tables: HistoryAsIf['tables'] },
): Promise<Map<number, RegisterRow>> {
  const { rows } = await sql<RegisterRow>`
    ${tables ? sql`with ${tables}` : sql``}
    select m.meter_id as "meterId", m.size, m.dial_l as "dialL", m.gas_kind as "gasKind", f.fittings
    from meter m
    cross join lateral (
      select json_agg(json_build_object('from', ${hourOf('f.fitted_at')}, 'to', ${hourOf('f.removed_at')}, 'terminals', t.terminals)
                      order by f.fitted_at) as fittings
      from meter_fitting f
      cross join lateral (
        select coalesce(json_agg(json_build_object('from', ${hourOf('tf.from_at')}, 'to', ${hourOf('tf.to_at')})), '[]') as terminals
        from terminal_fitting tf
        where tf.utility_id = f.utility_id and tf.supply_point_id = f.supply_point_id
      ) t
      where f.utility_id = m.utility_id and f.meter_id = m.meter_id
    ) f
    where m.utility_id = ${utilityId} and m.meter_id = any (${[...meterIds]}::int[]) and f.fittings is not null
  `.execute(db);
  return new Map(rows.map((row) => [row.meterId, row]));
}

async function listDays(
  db: ReadDb,
  utilityId: number,
  windows: readonly MeterWindow[],
): Promise<Map<number, JudgedDay[]>> {
  const parts = windows.flatMap(({ meterId, from, to }) =>
    from === null || to === null ? [] : [{ meterId, from, to }],
  );
  const whole = windows.filter(({ from }) => from === null).map(({ meterId }) => meterId);
  const rows = [
    ...(whole.length > 0 ? await readDays(db, daysOf(utilityId, whole)) : []),
    ...(parts.length > 0 ? await listDaysAround(db, utilityId, parts) : []),
  ];
  const byMeter = new Map<number, JudgedDay[]>();
  for (const { meterId, ...day } of rows.toSorted((a, b) => (a.day < b.day ? -1 : 1))) {
    const days = byMeter.get(meterId);
    if (days) days.push(day);
    else byMeter.set(meterId, [day]);
  }
  return byMeter;
}

interface Part {
  meterId: number;
  from: string;
  to: string;
}

/**
 * The days of the windows and those beside them. Only where those have no register, the nearest days that have one are
 * looked up.
 */
async function listDaysAround(
  db: ReadDb,
  utilityId: number,
  parts: readonly Part[],
): Promise<DayRow[]> {
  const firstDays = parts.map(({ from }) => addDays(from, -1));
  const lastDays = parts.map(({ to }) => addDays(to, 1));
  const days = await readDays(
    db,
    sql`
      select d.* from unnest(${parts.map(({ meterId }) => meterId)}::int[], ${firstDays}::date[], ${lastDays}::date[]) as w (meter_id, first_day, last_day)
      cross join lateral (
        -- Kept apart by the offset: a join would not reach the key behind the view.
        select m.meter_id, m.day, m.index_l from meter_day m
        where m.utility_id = ${utilityId} and m.meter_id = w.meter_id and m.day between w.first_day and w.last_day offset 0
      ) d`,
  );
  const known = days.filter(({ indexL }) => indexL.some((index) => index !== null));
  const first = extremes(known, (day, than) => day < than);
  const last = extremes(known, (day, than) => day > than);
  const before = parts.filter(({ meterId, from }) => (first.get(meterId) ?? from) >= from);
  const after = parts.filter(({ meterId, to }) => (last.get(meterId) ?? to) <= to);
  return [
    ...days,
    ...(await listNearest(db, utilityId, { parts: before, side: 'before' })),
    ...(await listNearest(db, utilityId, {
      parts: await thoseWithLaterDays(db, utilityId, after),
      side: 'after',
    })),
  ];
}

function extremes(
  days: readonly DayRow[],
  isFurther: (day: string, than: string) => boolean,
): Map<number, string> {
  const found = new Map<number, string>();
  for (const { meterId, day } of days) {
    if (isFurther(day, found.get(meterId) ?? day) || !found.has(meterId)) found.set(meterId, day);
  }
  return found;
}

/** Windows after which their meter has days: none in a utility whose terminals have just reported. */
async function thoseWithLaterDays(
  db: ReadDb,
  utilityId: number,
  parts: readonly Part[],
): Promise<Part[]> {
  const [earliest] = parts.map(({ to }) => to).toSorted();
  if (earliest === undefined) return [];
  const { rows } = await sql<{ meterId: number }>`
    select distinct d.meter_id as "meterId" from meter_day d
    where d.utility_id = ${utilityId} and d.meter_id = any (${parts.map(({ meterId }) => meterId)}::int[])
      and d.day > ${addDays(earliest, 1)}::date
  `.execute(db);
  const later = new Set(rows.map(({ meterId }) => meterId));
  return parts.filter(({ meterId }) => later.has(meterId));
}

/** Meters and days are constants of the statement, so that each chunk is reached by its key. */
async function listNearest(
  db: ReadDb,
  utilityId: number,
  { parts, side }: { parts: readonly Part[]; side: 'before' | 'after' },
): Promise<DayRow[]> {
  const found: DayRow[] = [];
  for (let at = 0; at < parts.length; at += NEAREST_AT_ONCE) {
    const each = parts.slice(at, at + NEAREST_AT_ONCE).map(({ meterId, from, to }) => {
      const beyond =
        side === 'before'
          ? sql`d.day < ${addDays(from, -1)}::date`
          : sql`d.day > ${addDays(to, 1)}::date`;
      const order = side === 'before' ? sql`desc` : sql`asc`;
      return sql`(
        select d.meter_id, d.day, d.index_l from meter_day d
        where d.utility_id = ${utilityId} and d.meter_id = ${meterId} and d.closing_hour is not null and ${beyond}
        order by d.day ${order} limit 1)`;
    });
    found.push(...(await readDays(db, sql.join(each, sql` union all `))));
  }
  return found;
}

function daysOf(utilityId: number, meterIds: readonly number[]): RawBuilder<unknown> {
  return sql`
    select d.meter_id, d.day, d.index_l from meter_day d
    where d.utility_id = ${utilityId} and d.meter_id = any (${meterIds}::int[])`;
}

async function readDays(db: ReadDb, days: RawBuilder<unknown>): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`
    select x.meter_id as "meterId", x.day, x.index_l as "indexL" from (${days}) x
  `.execute(db);
  return rows;
}
