// What a change of a meter or terminal would change, by the rules that apply after it: verdicts on readings, usage of months,
// and the tables by which closings are computed. Nothing is written. Usage in litres; days are JST.
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { soundDays } from '../editing/edit-effect.ts';
import { addDays, addMonths, dayOf, monthOf } from '../time.ts';
import { type DayIndexes, hourNumber, type UsageLine, usageLine } from '../usage/usage-line.ts';
import { listFittedMeters } from '../usage/usage-line-queries.ts';
import { usageBetween } from '../usage/usage-totals.ts';
import { listHistories } from '../validation/history-queries.ts';
import { judgedTables } from '../validation/judged-tables-sql.ts';
import { type DayVerdict, judgeMeter, type MeterHistory } from '../validation/meter-verdicts.ts';
import type { Answer } from '../wire.ts';
import { type ExchangeWarning, finalWarnings, fittedWarnings } from './exchange.ts';
import { listRegistersAround } from './exchange-registers-queries.ts';
import {
  FITTING_WARNINGS,
  type FittingChange,
  type FittingWarning,
  metersAfter,
} from './fitting-change.ts';
import { fittingTables } from './fitting-tables-sql.ts';
import type { SupplyPointRegister } from './register-change.ts';
import type { RegisterChangePreviewWire } from './register-change-wire.ts';

type Preview = Answer<typeof RegisterChangePreviewWire>;
export type FittingEffect = Pick<Preview, 'months' | 'doubts' | 'warnings' | 'isCut'>;

/** Of a change that concerns no meter and no terminal. */
export const NO_FITTING_EFFECT: FittingEffect = {
  ...{ months: [], doubts: null, warnings: [], isCut: false },
};

/** Calendar months that are looked at, the last one with today. */
const MAX_MONTHS = 14;
/** Days before the first month in which its first register is looked for. */
const DAYS_BEFORE = 62;

interface OfPlace {
  supplyPointId: number;
  change: FittingChange;
}

/**
 * Common table expressions for the statements of a supply point: its meters, terminals, verdicts and counting days after the
 * change. Errors: forbidden.
 */
export async function tablesAfter(
  db: ReadDb,
  actor: Actor,
  { supplyPointId, change }: OfPlace,
): Promise<RawBuilder<unknown>> {
  requireCapability(actor, 'register.change');
  const { utilityId } = actor;
  const tables = fittingTables({ utilityId, supplyPointId }, change);
  const { all, concerned } = await listMeterIds(db, actor, { supplyPointId, change });
  const judged = await judge(db, utilityId, concerned, tables);
  const verdicts = new Map([...judged].map(([meterId, state]) => [meterId, state.verdicts]));
  return sql`${tables}, ${judgedTables({ utilityId, meterIds: all, verdicts })}`;
}

/** All meters of a supply point with the one that changes, and those whose verdicts may change. */
async function listMeterIds(
  db: ReadDb,
  { utilityId }: Actor,
  { supplyPointId, change }: OfPlace,
): Promise<{ all: number[]; concerned: number[] }> {
  const fitted = await listFittedMeters(db, { utilityId, supplyPointId });
  const there = fitted.map(({ meterId }) => meterId);
  if (change.kind === 'terminal-exchanged') {
    const all = [...new Set(there)];
    return { all, concerned: all };
  }
  const concerned = change.meterId === null ? [] : [change.meterId];
  return { all: [...new Set([...there, ...concerned])], concerned };
}

interface Judged {
  history: MeterHistory;
  verdicts: readonly DayVerdict[];
}

async function judge(
  db: ReadDb,
  utilityId: number,
  meterIds: readonly number[],
  tables?: RawBuilder<unknown>,
): Promise<Map<number, Judged>> {
  const whole = meterIds.map((meterId) => ({ meterId, from: null, to: null }));
  const histories = await listHistories(db, utilityId, whole, tables ? { tables } : {});
  return new Map(
    [...histories].map(([meterId, history]) => [
      meterId,
      { history, verdicts: judgeMeter(history) },
    ]),
  );
}

interface EffectInput {
  was: SupplyPointRegister;
  change: FittingChange;
  affectsFrom: string;
  holdsFrom: string;
  now: Date;
}

/** Months, verdicts and warnings of a change at its supply point. Errors: forbidden. */
export async function fittingEffect(
  db: ReadDb,
  actor: Actor,
  input: EffectInput,
): Promise<FittingEffect> {
  requireCapability(actor, 'register.change');
  const { utilityId } = actor;
  const { change, now } = input;
  const { supplyPointId } = input.was;
  const { concerned } = await listMeterIds(db, actor, { supplyPointId, change });
  const tables = fittingTables({ utilityId, supplyPointId }, change);
  const judged = {
    before: await judge(db, utilityId, concerned),
    after: await judge(db, utilityId, concerned, tables),
  };
  const { months, isCut } = monthsFrom(input.affectsFrom, now);
  const lines = await linesOf(db, actor, { ...input, judged, from: `${months[0]}-01` });
  return {
    months: months
      .map((month) => ({
        ...{ month, before: usageOf(lines.before, month), after: usageOf(lines.after, month) },
      }))
      .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after)),
    doubts: { before: doubtsOf(judged.before), after: doubtsOf(judged.after) },
    warnings: await warningsOf(db, actor, input),
    isCut,
  };
}

function monthsFrom(fromOn: string, now: Date): { months: string[]; isCut: boolean } {
  const last = monthOf(dayOf(now));
  const earliest = addMonths(last, 1 - MAX_MONTHS);
  const isCut = monthOf(fromOn) < earliest;
  const months: string[] = [];
  for (let month = isCut ? earliest : monthOf(fromOn); month <= last; month = addMonths(month, 1)) {
    months.push(month);
  }
  return { months, isCut };
}

function usageOf(line: UsageLine, month: string) {
  const from = hourNumber(`${month}-01`, 0);
  const to = hourNumber(`${addMonths(month, 1)}-01`, 0);
  const { usageL, marks } = usageBetween(line, from, to);
  return { usageL, marks };
}

function doubtsOf(judged: ReadonlyMap<number, Judged>) {
  const days = [...judged.values()].flatMap(({ verdicts }) => verdicts);
  return {
    registers: days.reduce((count, { hours }) => count + hours.length, 0),
    steps: days.reduce((count, { stepHours }) => count + stepHours.length, 0),
  };
}

interface LinesInput extends EffectInput {
  judged: { before: ReadonlyMap<number, Judged>; after: ReadonlyMap<number, Judged> };
  /** First day of the months. */
  from: string;
}

async function linesOf(
  db: ReadDb,
  { utilityId }: Actor,
  { was, change, judged, from }: LinesInput,
) {
  const { supplyPointId } = was;
  const meters = await listFittedMeters(db, { utilityId, supplyPointId });
  const others = await listOtherDays(db, utilityId, {
    meterIds: meters.map(({ meterId }) => meterId).filter((id) => !judged.after.has(id)),
    from: addDays(from, -DAYS_BEFORE),
  });
  const daysOf = (states: ReadonlyMap<number, Judged>) => [
    ...others,
    ...[...states].flatMap(([meterId, { history, verdicts }]) =>
      soundDays(meterId, history, verdicts),
    ),
  ];
  return {
    before: usageLine(meters, daysOf(judged.before)),
    after: usageLine(metersAfter(meters, change), daysOf(judged.after)),
  };
}

async function listOtherDays(
  db: ReadDb,
  utilityId: number,
  { meterIds, from }: { meterIds: readonly number[]; from: string },
): Promise<DayIndexes[]> {
  if (meterIds.length === 0) return [];
  return db
    .selectFrom('sound_day')
    .where('utility_id', '=', utilityId)
    .where('meter_id', 'in', [...new Set(meterIds)])
    .where('day', '>=', from)
    .select(['meter_id as meterId', 'day', 'index_l as indexL', 'doubtful_hours as doubtfulHours'])
    .execute();
}

async function warningsOf(
  db: ReadDb,
  actor: Actor,
  { was, change, holdsFrom }: EffectInput,
): Promise<FittingWarning[]> {
  switch (change.kind) {
    case 'meter-corrected':
      return counted('readings-beyond-dial', await countLost(db, actor, change));
    case 'meter-removed': {
      const { removedAt: exchangedAt, meterId, fittedAt, finalIndexL } = change;
      const around = { removed: { meterId, fittedAt }, fitted: { meterId: null }, exchangedAt };
      const { removedBefore } = await listRegistersAround(db, actor, around);
      const end = addDays(holdsFrom, 1);
      const stays = was.stays.some(({ toOn }) => toOn === null || toOn > end);
      return [
        ...(stays ? [{ code: 'customer-stays' as const, ...NOTHING }] : []),
        ...counted('removed-reported-later', await countLater(db, actor, { meterId, holdsFrom })),
        ...asFitting(finalWarnings({ finalIndexL, exchangedAt, removed: change }, removedBefore)),
      ];
    }
    case 'meter-fitted': {
      const { startIndexL, fittedAt: exchangedAt } = change;
      return asFitting(fittedWarnings({ startIndexL, exchangedAt, fitted: change }));
    }
    case 'terminal-exchanged': {
      if (change.removed === null) return [];
      const { terminalId } = change.removed;
      const ofPlace = { ...was, terminalId, holdsFrom };
      return counted('old-terminal-later', await countOfTerminal(db, actor, ofPlace));
    }
  }
}

const NOTHING = { indexL: null, at: null, day: null, count: null };

function counted(code: FittingWarning['code'], count: number): FittingWarning[] {
  return count === 0 ? [] : [{ ...NOTHING, code, count }];
}

/** Those of an exchange of meters that this has too. */
function asFitting(warnings: readonly ExchangeWarning[]): FittingWarning[] {
  return warnings.flatMap(({ code, indexL, at, day }) => {
    const own = FITTING_WARNINGS.find((each) => each === code);
    return own ? [{ code: own, indexL, at, day, count: null }] : [];
  });
}

/** Hours that were reported beyond the former dial, which the new one could show, and that have no register since. */
async function countLost(
  db: ReadDb,
  { utilityId }: Actor,
  { meterId, dialL }: { meterId: number; dialL: number },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct (q.day, q.hour_ending))::integer as count
    from reading_fault q
    where q.utility_id = ${utilityId} and q.meter_id = ${meterId} and q.index_l < ${dialL}
      and not exists (
        select from meter_day d
        where d.utility_id = q.utility_id and d.meter_id = q.meter_id and d.day = q.day and d.index_l[q.hour_ending] is not null)`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

async function countLater(
  db: ReadDb,
  { utilityId }: Actor,
  { meterId, holdsFrom }: { meterId: number; holdsFrom: string },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from meter_day d
    where d.utility_id = ${utilityId} and d.meter_id = ${meterId} and d.day > ${holdsFrom}::date and d.closing_hour is not null`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

/** Days of the meters of the supply point, after the day of the exchange, that the terminal brought. */
async function countOfTerminal(
  db: ReadDb,
  { utilityId }: Actor,
  of: { supplyPointId: number; terminalId: number; holdsFrom: string },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from meter_day d
    where d.utility_id = ${utilityId} and d.day > ${of.holdsFrom}::date and d.terminal_id = ${of.terminalId}
      and d.meter_id in (
        select f.meter_id from meter_fitting f where f.utility_id = ${utilityId} and f.supply_point_id = ${of.supplyPointId})`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}
