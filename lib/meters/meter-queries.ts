import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import type { GasKind } from '../gas-kind.ts';
import { type Page, readPage } from '../list-page.ts';
import { findTerminalRefusals } from '../readings/refusal-queries.ts';
import type { RefusalSummary } from '../readings/refusals.ts';
import { linkOf } from '../terminals/terminal-link.ts';
import type { TerminalModel } from '../terminals/terminal-model.ts';
import type { MeterSort } from './meter-sort.ts';
import type { MeterDetail, MeterPage, MeterRow } from './meter-wire.ts';

/**
 * Meters fitted now, found by a part of customer number, terminal number or serial. @throws DomainError `forbidden`.
 */
export async function listMeters(
  db: ReadDb,
  actor: Actor,
  input: {
    query?: string | undefined;
    areaId?: number | undefined;
    sort: MeterSort;
    descending: boolean;
    limit: number;
    offset: number;
    now: Date;
  },
): Promise<MeterPage> {
  requireCapability(actor, 'meter.read');
  const { total, rows } = await readPage(input, (page) => meterRows(db, { ...input, page }));
  return { total, rows: rows.map(({ total: _, ...meter }) => meter) };
}

interface MetersInput {
  query?: string | undefined;
  areaId?: number | undefined;
  sort: MeterSort;
  descending: boolean;
  now: Date;
  page: Page;
}

async function meterRows(
  db: ReadDb,
  input: MetersInput,
): Promise<(MeterRow & { total: number })[]> {
  const { page } = input;
  const order = sql.raw(
    `${SORT_COLUMNS[input.sort]} ${input.descending ? 'desc' : 'asc'} nulls last`,
  );
  const { rows } = await sql<MeterRow & { total: number }>`
    select m.meter_id as "meterId", m.serial as "meterSerial", m.gas_kind as "gasKind", a.name as "areaName",
           s.number as "supplyPointNumber", o.customer_number as "customerNumber", t.number as "terminalNumber",
           ts.last_seen_at as "lastSeenAt", ts.battery_mv as "batteryMv", ts.signal_dbm as "signalDbm",
           count(*) over () as total
    from meter_fitting f
    join meter m on m.meter_id = f.meter_id
    join supply_point s on s.supply_point_id = f.supply_point_id
    join area a on a.area_id = s.area_id
    ${beside(sql`s.supply_point_id`, input.now)}
    where f.fitted_at <= ${input.now} and (f.removed_at is null or f.removed_at > ${input.now})
      and ${input.areaId === undefined ? sql`true` : sql`s.area_id = ${input.areaId}`}
      and ${matches(input.query)}
    order by ${order}, m.meter_id
    limit ${page.limit} offset ${page.offset}
  `.execute(db);
  return rows;
}

/** One meter with what is fitted at its supply point. @throws DomainError `forbidden`, `not_found`. */
export async function getMeter(
  db: ReadDb,
  actor: Actor,
  input: { meterId: number; now: Date },
): Promise<MeterDetail> {
  requireCapability(actor, 'meter.read');
  const { rows } = await sql<DetailRow>`
    select m.meter_id, m.serial, m.gas_kind, m.size, m.dial_l, m.verification_expires_on,
           f.removed_at is null or f.removed_at > ${input.now} as fitted, s.supply_point_id, s.number as supply_point_number,
           s.closing_day, a.area_id, a.name as area_name, a.pressure_min_pa, a.pressure_max_pa, o.customer_number,
           t.number as terminal_number, t.model, t.report_minute, t.report_window_minutes, ts.last_seen_at,
           ts.battery_mv, ts.signal_dbm, ts.link, ts.firmware, ts.clock_offset_s,
           (select day from meter_day d where d.meter_id = m.meter_id order by day limit 1) as first_day,
           (select day from meter_day d where d.meter_id = m.meter_id order by day desc limit 1) as last_day
    from meter m
    join lateral (
      select * from meter_fitting f where f.meter_id = m.meter_id order by fitted_at desc limit 1
    ) f on true
    join supply_point s on s.supply_point_id = f.supply_point_id
    join area a on a.area_id = s.area_id
    ${beside(sql`s.supply_point_id`, input.now)}
    where m.meter_id = ${input.meterId}
  `.execute(db);
  const row = rows[0];
  if (!row) {
    throw new DomainError('not_found', 'there is no such meter, or it was never fitted', {
      meterId: input.meterId,
    });
  }
  const number = row.terminal_number;
  const refusals = await findTerminalRefusals(db, number === null ? [] : [number], {
    day: undefined,
    now: input.now,
  });
  const refused = refusals.get(number ?? '')?.summary ?? null;
  return detailOf(row, { fittings: await listFittings(db, row.supply_point_id), refused });
}

/** Joins `o`, `t` and `ts`: customer number, terminal and terminal state of a supply point at an instant. */
export function beside(supplyPointId: RawBuilder<unknown>, at: Date) {
  return sql`
    left join occupancy o on o.supply_point_id = ${supplyPointId}
      and o.from_on <= (${at}::timestamptz at time zone 'Asia/Tokyo')::date
      and (o.to_on is null or o.to_on > (${at}::timestamptz at time zone 'Asia/Tokyo')::date)
    left join terminal_fitting tf on tf.supply_point_id = ${supplyPointId}
      and tf.from_at <= ${at} and (tf.to_at is null or tf.to_at > ${at})
    left join terminal t on t.terminal_id = tf.terminal_id
    left join terminal_state ts on ts.terminal_id = t.terminal_id`;
}

const SORT_COLUMNS: Record<MeterSort, string> = {
  customerNumber: 'o.customer_number',
  terminalNumber: 't.number',
  meterSerial: 'm.serial',
  area: 'a.code',
  lastSeenAt: 'ts.last_seen_at',
  batteryMv: 'ts.battery_mv',
  signalDbm: 'ts.signal_dbm',
};

function matches(query: string | undefined) {
  if (query === undefined || query === '') return sql`true`;
  const pattern = `%${escapeLike(query)}%`;
  return sql`(o.customer_number ilike ${pattern} or t.number like ${pattern} or m.serial like ${pattern})`;
}

/** The text with LIKE wildcards escaped. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}

interface DetailRow {
  meter_id: number;
  serial: string;
  gas_kind: GasKind;
  size: string;
  dial_l: number;
  verification_expires_on: string | null;
  fitted: boolean;
  supply_point_id: number;
  supply_point_number: string;
  closing_day: number;
  area_id: number;
  area_name: string;
  pressure_min_pa: number;
  pressure_max_pa: number;
  customer_number: string | null;
  terminal_number: string | null;
  model: TerminalModel | null;
  report_minute: number | null;
  report_window_minutes: number | null;
  last_seen_at: Date | null;
  battery_mv: number | null;
  signal_dbm: number | null;
  link: number | null;
  firmware: number | null;
  clock_offset_s: number | null;
  first_day: string | null;
  last_day: string | null;
}

async function listFittings(db: ReadDb, supplyPointId: number): Promise<MeterDetail['fittings']> {
  return db
    .selectFrom('meter_fitting as f')
    .innerJoin('meter as m', (join) =>
      join.onRef('m.utility_id', '=', 'f.utility_id').onRef('m.meter_id', '=', 'f.meter_id'),
    )
    .where('f.supply_point_id', '=', supplyPointId)
    .orderBy('f.fitted_at', 'desc')
    .select([
      'f.meter_id as meterId',
      'm.serial as meterSerial',
      'f.fitted_at as fittedAt',
      'f.removed_at as removedAt',
      'f.start_index_l as startIndexL',
      'f.final_index_l as finalIndexL',
    ])
    .execute();
}

function detailOf(
  row: DetailRow,
  { fittings, refused }: { fittings: MeterDetail['fittings']; refused: RefusalSummary | null },
): MeterDetail {
  return {
    meterId: row.meter_id,
    meterSerial: row.serial,
    gasKind: row.gas_kind,
    sizeM3PerHour: Number(row.size),
    dialL: row.dial_l,
    verificationExpiresOn: row.verification_expires_on,
    fitted: row.fitted,
    supplyPointId: row.supply_point_id,
    supplyPointNumber: row.supply_point_number,
    area: {
      areaId: row.area_id,
      name: row.area_name,
      lowPa: row.pressure_min_pa,
      highPa: row.pressure_max_pa,
    },
    closingDay: row.closing_day,
    customerNumber: row.customer_number,
    terminal: terminalOf(row, refused),
    fittings,
    firstDay: row.first_day,
    lastDay: row.last_day,
  };
}

function terminalOf(row: DetailRow, refused: RefusalSummary | null): MeterDetail['terminal'] {
  if (row.terminal_number === null || row.model === null) return null;
  return {
    terminalNumber: row.terminal_number,
    model: row.model,
    reportMinute: row.report_minute ?? 0,
    reportWindowMinutes: row.report_window_minutes ?? 0,
    lastSeenAt: row.last_seen_at,
    batteryMv: row.battery_mv,
    signalDbm: row.signal_dbm,
    link: row.link === null ? null : linkOf(row.link),
    firmware: row.firmware,
    clockOffsetS: row.clock_offset_s,
    refused,
  };
}
