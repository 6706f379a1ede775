// Preview of an exchange of meters: usage by hour and day, and closings, computed by the rules that apply after its
// registration. Nothing is written. Usage in litres; days are JST.
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import {
  listSupplyPointClosings,
  listSupplyPointClosingsAsIf,
} from '../closing/closing-as-if-queries.ts';
import {
  type ClosingDays,
  closingsSince,
  type DatedClosing,
  nextClosing,
} from '../closing/closing-history.ts';
import type { ClosingQuality, ClosingRemark, ClosingRow } from '../closing/closing-row.ts';
import { addDays, dayOf, instantOf } from '../time.ts';
import {
  type FittedMeter,
  hourNumber,
  type UsageLine,
  type UsageMark,
} from '../usage/usage-line.ts';
import { getUsageLine, listFittedMeters } from '../usage/usage-line-queries.ts';
import { hoursOf, usageBetween, usageOfDay } from '../usage/usage-totals.ts';
import {
  type ExchangePlan,
  type ExchangeUnknown,
  type ExchangeWarning,
  exchangeWarnings,
  metersAfter,
  type RegistersAround,
} from './exchange.ts';
import { getExchangePlan } from './exchange-plan-queries.ts';
import { listRegistersAround } from './exchange-registers-queries.ts';
import type * as register from './register.ts';
import { getSupplyPointRegister } from './register-change-plan-queries.ts';

/** A usage with its marks. Litres; null is unknown. */
export interface PreviewUsage {
  usageL: number | null;
  marks: readonly UsageMark[];
}

/** A closing of one customer. */
export interface PreviewBilled {
  usageL: number | null;
  /** Decimal text, rounded as billed. */
  usageM3: string | null;
  quality: ClosingQuality;
  remarks: ClosingRemark[];
}

export interface ExchangePreview {
  removed: {
    meterId: number;
    meterSerial: string;
    lastIndexL: number | null;
    lastReadAt: Date | null;
  };
  fitted: { meterSerial: string; sizeM3PerHour: number; dialL: number; registered: boolean };
  /** The hour that contains the exchange. */
  hour: { day: string; hourEnding: number; before: PreviewUsage; after: PreviewUsage };
  /** The day of the exchange, and each later one whose usage changes. */
  days: { day: string; before: PreviewUsage; after: PreviewUsage }[];
  /** Past closings that change, with their customers. */
  closings: {
    closesOn: string;
    customerNumber: string;
    before: PreviewBilled;
    after: PreviewBilled;
  }[];
  /** Filed closings at or after the exchange, to be acknowledged. */
  filed: FiledClosing[];
  /** Usage from the last closing to now, of the period that is not closed yet. */
  period: { fromOn: string; closesOn: string; before: PreviewUsage; after: PreviewUsage };
  warnings: ExchangeWarning[];
  unknown: ExchangeUnknown[];
}

/** A closing of which a file was made, with the begin of its first file. */
export interface FiledClosing {
  closesOn: string;
  begunAt: Date;
}

/** Maximum number of listed days and closings. */
const MAX_DAYS = 62;
const MAX_CLOSINGS = 14;
const HOUR_MS = 3_600_000;

/** Effects of the exchange if it were registered. Errors: those of getExchangePlan; forbidden. */
export async function previewExchange(
  db: ReadDb,
  actor: Actor,
  input: register.MeterExchange,
): Promise<ExchangePreview> {
  requireCapability(actor, 'meter.exchange');
  const plan = await getExchangePlan(db, actor, input);
  const { utilityId } = actor;
  const before = await listFittedMeters(db, { utilityId, ...plan });
  const both = { before, after: metersAfter(before, plan) };
  const days = await getSupplyPointRegister(db, actor, plan);
  const asIf = { plan, days, meters: both, now: input.now };
  const usage = await usagesOf(db, actor, asIf);
  const closings = await closingsOf(db, actor, asIf);
  const registers = await listRegistersAround(db, actor, plan);
  const unknown: ExchangeUnknown[] = [
    ...(registers.fittedAfter ? [] : (['new-meter-unread'] as const)),
    'closing-to-come',
    ...(usage.isCut ? (['further-days'] as const) : []),
    ...(closings.isCut ? (['further-closings'] as const) : []),
  ];
  return {
    ...metersOf(plan, registers),
    ...{
      hour: usage.hour,
      days: usage.days,
      period: usage.period,
      closings: closings.rows,
      filed: await listFiledClosings(db, plan),
      unknown,
    },
    warnings: exchangeWarnings(plan, registers),
  };
}

function metersOf({ removed, fitted }: ExchangePlan, { removedBefore }: RegistersAround) {
  const { sizeM3PerHour, dialL } = fitted;
  return {
    removed: {
      ...{ meterId: removed.meterId, meterSerial: removed.serial },
      ...{ lastIndexL: removedBefore?.indexL ?? null, lastReadAt: removedBefore?.at ?? null },
    },
    fitted: {
      ...{ meterSerial: fitted.serial, sizeM3PerHour, dialL, registered: fitted.meterId !== null },
    },
  };
}

interface Both<T> {
  before: T;
  after: T;
}

/** An exchange with the meters of its supply point before and after. */
interface AsIf {
  plan: ExchangePlan;
  days: ClosingDays;
  meters: Both<FittedMeter[]>;
  now: Date;
}

async function usagesOf(db: ReadDb, actor: Actor, asIf: AsIf) {
  const { meters, now } = asIf;
  const { utilityId } = actor;
  const { exchangedAt } = asIf.plan;
  const at = dayOf(exchangedAt);
  const today = dayOf(now);
  const isCut = addDays(at, MAX_DAYS) < today;
  const last = isCut ? addDays(at, MAX_DAYS) : today;
  const lines = await linesOf(db, { utilityId, fromDay: addDays(at, -1), toDay: last }, meters);
  const days = listDays(addDays(at, -1), last)
    .map((day) => ({ day, ...eachOf(lines, (line) => usageOfDay(line, day)) }))
    .filter(({ day, before, after }) => day === at || before.usageL !== after.usageL);
  return {
    hour: hourOf(lines, exchangedAt),
    days,
    period: await periodOf(db, actor, asIf),
    isCut,
  };
}

/** The hour that ends at or after the instant. */
function hourOf(lines: Both<UsageLine>, exchangedAt: Date) {
  const justBefore = new Date(exchangedAt.getTime() - 1);
  const day = dayOf(justBefore);
  const since = exchangedAt.getTime() - instantOf(day, 0).getTime();
  const hourEnding = Math.ceil(since / HOUR_MS);
  const usage = (line: UsageLine): PreviewUsage => {
    const hour = hoursOf(line, day)[hourEnding - 1];
    return { usageL: hour?.usageL ?? null, marks: hour?.marks ?? [] };
  };
  return { day, hourEnding, before: usage(lines.before), after: usage(lines.after) };
}

/** From the last past closing to now. */
async function periodOf(db: ReadDb, { utilityId }: Actor, { days, meters, now }: AsIf) {
  const { closesOn, previousOn: fromOn } = nextClosing(days, now);
  const range = { utilityId, fromDay: addDays(fromOn, 1), toDay: dayOf(now) };
  const lines = await linesOf(db, range, meters);
  const from = hourNumber(fromOn, 24);
  const to = hourNumber(dayOf(now), 24);
  return { fromOn, closesOn, ...eachOf(lines, (line) => usageBetween(line, from, to)) };
}

async function linesOf(
  db: ReadDb,
  range: { utilityId: number; fromDay: string; toDay: string },
  meters: Both<FittedMeter[]>,
): Promise<Both<UsageLine>> {
  return {
    before: await getUsageLine(db, range, meters.before),
    after: await getUsageLine(db, range, meters.after),
  };
}

function eachOf(
  { before, after }: Both<UsageLine>,
  usage: (line: UsageLine) => PreviewUsage,
): Both<PreviewUsage> {
  const shown = ({ usageL, marks }: PreviewUsage): PreviewUsage => ({ usageL, marks });
  return { before: shown(usage(before)), after: shown(usage(after)) };
}

function listDays(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

async function closingsOf(db: ReadDb, actor: Actor, { plan, days, meters, now }: AsIf) {
  const { closings, isCut } = pastClosings(days, plan.exchangedAt, now);
  const rows: ExchangePreview['closings'] = [];
  for (const [closingDay, own] of byClosingDay(closings)) {
    const supplyPoint = { ...plan, closingDay, closings: own, now };
    const before = await listSupplyPointClosings(db, actor, supplyPoint);
    const after = await listSupplyPointClosingsAsIf(db, actor, supplyPoint, meters.after);
    rows.push(...changedRows(before, after));
  }
  return { rows: rows.sort((one, other) => one.closesOn.localeCompare(other.closesOn)), isCut };
}

function changedRows(
  before: readonly ClosingRow[],
  after: readonly ClosingRow[],
): ExchangePreview['closings'] {
  return before.flatMap((row) => {
    const other = after.find(
      (each) => each.closesOn === row.closesOn && each.customerNumber === row.customerNumber,
    );
    if (!other || isSame(row, other)) return [];
    const { closesOn, customerNumber } = row;
    return [{ closesOn, customerNumber, before: billed(row), after: billed(other) }];
  });
}

/** Past closings at or after the exchange, each by the closing day that the supply point had then. */
function pastClosings(days: ClosingDays, exchangedAt: Date, now: Date) {
  const fromOn = dayOf(new Date(exchangedAt.getTime() - 1));
  const since = closingsSince(days, { fromOn, now, limit: MAX_CLOSINGS + 2 });
  const past = since.filter(({ closesOn }) => instantOf(closesOn, 24) <= now);
  return { closings: past.slice(0, MAX_CLOSINGS), isCut: past.length > MAX_CLOSINGS };
}

function byClosingDay(closings: readonly DatedClosing[]): Map<number, DatedClosing[]> {
  const byDay = new Map<number, DatedClosing[]>();
  for (const closing of closings) {
    byDay.set(closing.closingDay, [...(byDay.get(closing.closingDay) ?? []), closing]);
  }
  return byDay;
}

function billed({ usageL, usageM3, quality, remarks }: ClosingRow): PreviewBilled {
  return { usageL, usageM3, quality, remarks };
}

function isSame(one: ClosingRow, other: ClosingRow): boolean {
  return JSON.stringify(billed(one)) === JSON.stringify(billed(other));
}

/** Filed closings at or after the exchange, in order. */
async function listFiledClosings(
  db: ReadDb,
  { supplyPointId, exchangedAt }: ExchangePlan,
): Promise<FiledClosing[]> {
  const { rows } = await sql<FiledClosing>`
    select closes_on as "closesOn", begun_at as "begunAt"
    from closing_files_of(${supplyPointId}, ${exchangedAt}, 0) order by closes_on`.execute(db);
  return rows;
}
