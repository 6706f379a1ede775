/** What the verdicts on a meter depend on: its size and dial, where it was fitted with which terminals, and its days. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { GasKind } from '../gas-kind.ts';
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

const hourOf = (instant: string) =>
  sql.raw(`round(extract(epoch from ${instant}) / 3600 + 9, 6)::double precision`);

/**
 * Histories of meters in their windows: the days of the window, and the nearest day with a register on either side.
 * Meters that are not registered, or were never fitted, are left out. Checks no right: for jobs and the verbs that
 * validate.
 */
export async function listHistories(
  db: ReadDb,
  utilityId: number,
  windows: readonly MeterWindow[],
): Promise<Map<number, MeterHistory>> {
  const register = await listRegister(
    db,
    utilityId,
    windows.map(({ meterId }) => meterId),
  );
  const days = await listDays(
    db,
    utilityId,
    windows.filter(({ meterId }) => register.has(meterId)),
  );
  const histories = new Map<number, MeterHistory>();
  for (const [meterId, { size, dialL, gasKind, fittings }] of register) {
    histories.set(meterId, {
      meter: { sizeM3PerHour: Number(size), dialL, gasKind },
      fittings: fittings.map(fittingOf),
      days: days.get(meterId) ?? [],
    });
  }
  return histories;
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
  meterIds: readonly number[],
): Promise<Map<number, RegisterRow>> {
  const { rows } = await sql<RegisterRow>`
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
    where m.utility_id = ${utilityId} and m.meter_id = any (${meterIds}::int[]) and f.fittings is not null
  `.execute(db);
  return new Map(rows.map((row) => [row.meterId, row]));
}

async function listDays(
  db: ReadDb,
  utilityId: number,
  windows: readonly MeterWindow[],
): Promise<Map<number, JudgedDay[]>> {
  const ofMeter = sql`d.utility_id = ${utilityId} and d.meter_id = w.meter_id`;
  const columns = sql`d.day, d.index_l as "indexL"`;
  const { rows } = await sql<DayRow>`
    select w.meter_id as "meterId", x.*
    from unnest(${windows.map(({ meterId }) => meterId)}::int[], ${windows.map(({ from }) => from)}::date[],
                ${windows.map(({ to }) => to)}::date[]) as w (meter_id, first_day, last_day)
    cross join lateral (
      (select ${columns} from meter_day d
       where ${ofMeter} and d.day < w.first_day and d.closing_hour is not null order by d.day desc limit 1)
      union all
      (select ${columns} from meter_day d
       where ${ofMeter} and d.day >= coalesce(w.first_day, '-infinity') and d.day <= coalesce(w.last_day, 'infinity'))
      union all
      (select ${columns} from meter_day d
       where ${ofMeter} and d.day > w.last_day and d.closing_hour is not null order by d.day limit 1)
    ) x
    order by w.meter_id, x.day
  `.execute(db);
  const byMeter = new Map<number, JudgedDay[]>();
  for (const { meterId, ...day } of rows) {
    const days = byMeter.get(meterId);
    if (days) days.push(day);
    else byMeter.set(meterId, [day]);
  }
  return byMeter;
}
