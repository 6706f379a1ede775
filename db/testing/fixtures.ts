/**
 * Rows for tests, written past row security by the schema's owner, with defaults that are valid and unlike each other.
 * Each takes the admin pool, the utility and what matters to the test; each returns the ids that the next one needs:
 *
 * const utilityId = await createUtility(admin); const home = await fitHousehold(admin, utilityId, { closingDay: 20 });
 * // area … terminal in one go await storeDay(admin, utilityId, { ...home, day: '2025-04-01', indexL: rising(1000, 50)
 * });
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Arrival, GasKind, TerminalModel, UsageRounding } from '../schema.ts';

export type Admin = Pick<pg.Pool, 'query'>;

/** A random base plus a counter: unique in a database that several files share. */
const base = randomInt(100_000, 999_999);
let count = 0;
export function unique(digits: number): string {
  count += 1;
  return `${base}${String(count).padStart(digits - 6, '0')}`;
}

/** Inserts a row and returns its ids; undefined columns get the table's default. */
export async function insert(
  admin: Admin,
  table: string,
  row: Record<string, unknown>,
): Promise<Record<string, number>> {
  const columns = Object.keys(row).filter((column) => row[column] !== undefined);
  const parameters = columns.map((_, at) => `$${at + 1}`);
  const { rows } = await admin.query(
    `insert into ${table} (${columns.join(', ')}) values (${parameters.join(', ')}) returning *`,
    columns.map((column) => row[column]),
  );
  return rows[0] as Record<string, number>;
}

export async function createUtility(admin: Admin, code = `u${unique(8)}`): Promise<number> {
  const row = await insert(admin, 'utility', { code, name: `試験ガス ${code}` });
  // Days are written past the feed of changes: a test that needs verdicts validates them.
  await insert(admin, 'validation_state', { utility_id: row.utility_id, rules_version: 1 });
  return row.utility_id!;
}

export interface AreaFixture {
  code?: string;
  name?: string;
  gasKind?: GasKind;
  parentAreaId?: number;
  pressureMinPa?: number;
  pressureMaxPa?: number;
}

export async function createArea(
  admin: Admin,
  utilityId: number,
  area: AreaFixture = {},
): Promise<number> {
  const gasKind = area.gasKind ?? 'city';
  const code = area.code ?? `A${unique(8)}`;
  const row = await insert(admin, 'area', {
    utility_id: utilityId,
    parent_area_id: area.parentAreaId,
    code,
    name: area.name ?? `地区 ${code}`,
    gas_kind: gasKind,
    pressure_min_pa: area.pressureMinPa ?? (gasKind === 'city' ? 1000 : 2000),
    pressure_max_pa: area.pressureMaxPa ?? (gasKind === 'city' ? 2500 : 3300),
  });
  return row.area_id!;
}

export async function createTariff(
  admin: Admin,
  utilityId: number,
  tariff: { gasKind?: GasKind; usageRounding?: UsageRounding } = {},
): Promise<number> {
  const code = `T${unique(8)}`;
  const row = await insert(admin, 'tariff', {
    utility_id: utilityId,
    code,
    name: `料金 ${code}`,
    gas_kind: tariff.gasKind ?? 'city',
    usage_rounding: tariff.usageRounding ?? 'floor-of-difference',
  });
  return row.tariff_id!;
}

export interface SupplyPointFixture {
  number?: string;
  areaId?: number;
  gasKind?: GasKind;
  closingDay?: number;
  tariffId?: number;
  openedOn?: string;
  closedOn?: string;
}

/** Creates an area too when none is given. */
export async function createSupplyPoint(
  admin: Admin,
  utilityId: number,
  supplyPoint: SupplyPointFixture = {},
): Promise<number> {
  const gasKind = supplyPoint.gasKind ?? 'city';
  const row = await insert(admin, 'supply_point', {
    utility_id: utilityId,
    number: supplyPoint.number ?? `S${unique(8)}`,
    area_id: supplyPoint.areaId ?? (await createArea(admin, utilityId, { gasKind })),
    gas_kind: gasKind,
    closing_day: supplyPoint.closingDay ?? 31,
    tariff_id: supplyPoint.tariffId,
    opened_on: supplyPoint.openedOn ?? '2020-01-01',
    closed_on: supplyPoint.closedOn,
  });
  return row.supply_point_id!;
}

export interface OccupancyFixture {
  supplyPointId: number;
  customerNumber?: string;
  fromOn?: string;
  toOn?: string;
}

export async function occupy(
  admin: Admin,
  utilityId: number,
  occupancy: OccupancyFixture,
): Promise<{ occupancyId: number; customerNumber: string }> {
  const customerNumber = occupancy.customerNumber ?? `0${unique(9)}`;
  const row = await insert(admin, 'occupancy', {
    utility_id: utilityId,
    supply_point_id: occupancy.supplyPointId,
    customer_number: customerNumber,
    from_on: occupancy.fromOn ?? '2020-01-01',
    to_on: occupancy.toOn,
  });
  return { occupancyId: row.occupancy_id!, customerNumber };
}

export interface MeterFixture {
  supplyPointId: number;
  serial?: string;
  gasKind?: GasKind;
  dialL?: number;
  fittedAt?: string | Date;
  removedAt?: string | Date;
  startIndexL?: number;
  finalIndexL?: number;
}

/** Registers a meter and fits it. Default dial: 99,999.999 m³. */
export async function fitMeter(
  admin: Admin,
  utilityId: number,
  meter: MeterFixture,
): Promise<{ meterId: number; serial: string }> {
  const serial = meter.serial ?? unique(11);
  const { meter_id: meterId } = await insert(admin, 'meter', {
    utility_id: utilityId,
    serial,
    gas_kind: meter.gasKind ?? 'city',
    size: '2.5',
    dial_l: meter.dialL ?? 100_000_000,
  });
  await insert(admin, 'meter_fitting', {
    utility_id: utilityId,
    meter_id: meterId,
    supply_point_id: meter.supplyPointId,
    fitted_at: meter.fittedAt ?? '2020-01-01T00:00:00+09:00',
    removed_at: meter.removedAt,
    start_index_l: meter.startIndexL,
    final_index_l: meter.finalIndexL,
  });
  return { meterId: meterId!, serial };
}

export interface TerminalFixture {
  supplyPointId: number;
  number?: string;
  model?: TerminalModel;
  /** The MQTT password; generated by default. */
  secret?: string;
  reportMinute?: number;
  reportWindowMinutes?: number;
  fromAt?: string | Date;
  toAt?: string | Date;
}

/** Registers a terminal with its state row and fits it; the test adds its keys (terminal_key). */
export async function fitTerminal(
  admin: Admin,
  utilityId: number,
  terminal: TerminalFixture,
): Promise<{ terminalId: number; terminalNumber: string; secret: string }> {
  const terminalNumber = terminal.number ?? `00${unique(12)}`;
  const secret = terminal.secret ?? randomBytes(32).toString('base64url');
  const { terminal_id: terminalId } = await insert(admin, 'terminal', {
    utility_id: utilityId,
    number: terminalNumber,
    model: terminal.model ?? 'external',
    secret_hash: createHash('sha256').update(secret).digest(),
    report_minute: terminal.reportMinute,
    report_window_minutes: terminal.reportWindowMinutes,
  });
  await insert(admin, 'terminal_state', { utility_id: utilityId, terminal_id: terminalId });
  await insert(admin, 'terminal_fitting', {
    utility_id: utilityId,
    terminal_id: terminalId,
    supply_point_id: terminal.supplyPointId,
    from_at: terminal.fromAt ?? '2020-01-01T00:00:00+09:00',
    to_at: terminal.toAt,
  });
  return { terminalId: terminalId!, terminalNumber, secret };
}

export interface Household {
  supplyPointId: number;
  occupancyId: number;
  customerNumber: string;
  meterId: number;
  serial: string;
  terminalId: number;
  terminalNumber: string;
  secret: string;
}

/** A supply point with one customer number, one meter and one terminal, all since 2020. */
export async function fitHousehold(
  admin: Admin,
  utilityId: number,
  supplyPoint: SupplyPointFixture = {},
): Promise<Household> {
  const supplyPointId = await createSupplyPoint(admin, utilityId, supplyPoint);
  return {
    supplyPointId,
    ...(await occupy(admin, utilityId, { supplyPointId })),
    ...(await fitMeter(admin, utilityId, { supplyPointId, gasKind: supplyPoint.gasKind })),
    ...(await fitTerminal(admin, utilityId, { supplyPointId })),
  };
}

/** 24 values that rise from the first by `perHour`. */
export function rising(first: number, perHour: number): number[] {
  return Array.from({ length: 24 }, (_, at) => first + perHour * at);
}

/** 24 times the same value. */
export function steady<T>(value: T): T[] {
  return Array.from({ length: 24 }, () => value);
}

export interface DayFixture {
  meterId: number;
  terminalId: number;
  /** YYYY-MM-DD, JST. */
  day: string;
  indexL?: (number | null)[];
  pressurePa?: (number | null)[];
  counter?: number;
  frameCheck?: number;
  receivedAt?: string | Date;
  arrival?: Arrival;
}

/** Stores a day; its closing index follows from the index values. By default a day with a constant register. */
export async function storeDay(admin: Admin, utilityId: number, day: DayFixture): Promise<void> {
  const indexL = day.indexL ?? steady(0);
  const last = indexL.findLastIndex((value) => value !== null);
  await insert(admin, 'series.meter_day', {
    utility_id: utilityId,
    meter_id: day.meterId,
    day: day.day,
    index_l: indexL,
    pressure_pa: day.pressurePa ?? steady(2000),
    closing_index_l: indexL[last],
    closing_hour: last < 0 ? undefined : last + 1,
    terminal_id: day.terminalId,
    counter: day.counter ?? 1,
    frame_check: day.frameCheck ?? 0,
    received_at: day.receivedAt ?? `${day.day}T23:59:59+09:00`,
    arrival: day.arrival ?? 1,
  });
}
