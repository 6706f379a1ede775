/**
 * What an edit of a reading would change, by the rules that apply after it: registers, usage of the days, closings. Nothing
 * is written. Usage in litres; days are JST.
 */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import {
  listSupplyPointClosings,
  listSupplyPointClosingsWith,
} from '../closing/closing-as-if-queries.ts';
import { closingCalendar, closingDate } from '../closing/closing-day.ts';
import type { ClosingRow } from '../closing/closing-row.ts';
import { DomainError } from '../errors.ts';
import { addDays, addMonths, dayOf, daysBetween, instantOf, monthOf } from '../time.ts';
import {
  type DayIndexes,
  type FittedMeter,
  hourNumber,
  type UsageLine,
  usageLine,
} from '../usage/usage-line.ts';
import { listFittedMeters } from '../usage/usage-line-queries.ts';
import { usageBetween, usageOfDay } from '../usage/usage-totals.ts';
import { listHistories } from '../validation/history-queries.ts';
import { judgeMeter } from '../validation/meter-verdicts.ts';
import { doubtedBeside, type JudgedState, registersAround, soundDays } from './edit-effect.ts';
import type { EditedHours } from './edited-hours.ts';
import { editedTables } from './edited-tables-sql.ts';

/** A change of the edits of one meter's day. */
export interface EditChange {
  meterId: number;
  day: string;
  /** Hours that are edited, or whose edit ends. */
  hours: readonly number[];
  /** All edits of the meter, before and after. */
  edits: Both<readonly EditedHours[]>;
  now: Date;
}

export interface Both<T> {
  before: T;
  after: T;
}

const MAX_DAYS_AROUND = 31;
const MAX_CLOSINGS = 14;

/** The place at which the meter was fitted at an hour. */
interface Place {
  supplyPointId: number;
  supplyPointNumber: string;
  closingDay: number;
}

/** The change with the verdicts of both states, for warnings. */
export async function effectOfEdit(db: ReadDb, actor: Actor, change: EditChange) {
  requireCapability(actor, 'reading.edit');
  const { utilityId } = actor;
  const place = await getPlace(db, actor, change);
  const meters = await listFittedMeters(db, { utilityId, supplyPointId: place.supplyPointId });
  const states = {
    before: await judged(db, utilityId, change, change.edits.before),
    after: await judged(db, utilityId, change, change.edits.after),
  };
  const others = await listOtherDays(db, utilityId, change, meters);
  const lines = eachOf(states, ({ days }) => usageLine(meters, [...others, ...days]));
  return {
    states,
    place,
    effect: {
      hours: change.hours.map((hourEnding) => ({
        hourEnding,
        ...eachOf(states, ({ days }) => registerOf(days, change.day, hourEnding)),
      })),
      around: registersAround(states.after.days, change.day, change.hours),
      days: changedDays(lines, change.day),
      doubted: doubtedBeside(states.after.verdicts, states.before.verdicts),
      cleared: doubtedBeside(states.before.verdicts, states.after.verdicts),
      ...(await closingsOf(db, actor, { change, place, meters, states })),
      issued: await listIssuedClosings(db, change),
      period: periodOf(lines, place, change.now),
    },
  };
}

async function getPlace(
  db: ReadDb,
  { utilityId }: Actor,
  { meterId, day, hours }: EditChange,
): Promise<Place> {
  const at = instantOf(day, Math.max(...hours));
  const { rows } = await sql<Place>`
    select p.supply_point_id as "supplyPointId", p.number as "supplyPointNumber", p.closing_day as "closingDay"
    from meter_fitting f
    join supply_point p on p.utility_id = f.utility_id and p.supply_point_id = f.supply_point_id
    where f.utility_id = ${utilityId} and f.meter_id = ${meterId}
    order by f.fitted_at <= ${at} and (f.removed_at is null or f.removed_at >= ${at}) desc, f.fitted_at desc limit 1
  `.execute(db);
  const [place] = rows;
  if (!place) throw new DomainError('not_found', 'the meter was never fitted', { meterId });
  return place;
}

async function judged(
  db: ReadDb,
  utilityId: number,
  { meterId }: EditChange,
  edits: readonly EditedHours[],
): Promise<JudgedState> {
  const whole = [{ meterId, from: null, to: null }];
  const edited = new Map([[meterId, edits]]);
  const histories = await listHistories(db, utilityId, whole, { edits: edited });
  const history = histories.get(meterId);
  if (!history) throw new DomainError('not_found', 'the meter was never fitted', { meterId });
  const verdicts = judgeMeter(history);
  return { days: soundDays(meterId, history, verdicts), verdicts };
}

/** Days of the other meters of the place around the edited one. */
async function listOtherDays(
  db: ReadDb,
  utilityId: number,
  { meterId, day }: EditChange,
  meters: readonly FittedMeter[],
): Promise<DayIndexes[]> {
  const others = meters.filter((meter) => meter.meterId !== meterId);
  if (others.length === 0) return [];
  return db
    .selectFrom('sound_day')
    .where('utility_id', '=', utilityId)
    .where('meter_id', 'in', [...new Set(others.map((meter) => meter.meterId))])
    .where('day', '>=', addDays(day, -2 * MAX_DAYS_AROUND))
    .select(['meter_id as meterId', 'day', 'index_l as indexL', 'doubtful_hours as doubtfulHours'])
    .execute();
}

function eachOf<T, R>({ before, after }: Both<T>, of: (each: T) => R): Both<R> {
  return { before: of(before), after: of(after) };
}

function registerOf(days: readonly DayIndexes[], day: string, hourEnding: number): number | null {
  return days.find((each) => each.day === day)?.indexL[hourEnding - 1] ?? null;
}

/** The day itself, and those around it whose usage changes. */
function changedDays(lines: Both<UsageLine>, day: string) {
  const from = addDays(day, -MAX_DAYS_AROUND);
  const count = daysBetween(from, addDays(day, MAX_DAYS_AROUND)) + 1;
  return Array.from({ length: count }, (_, at) => addDays(from, at))
    .map((each) => ({
      day: each,
      ...eachOf(lines, (line) => {
        const { usageL, marks } = usageOfDay(line, each);
        return { usageL, marks };
      }),
    }))
    .filter(({ day: of, before, after }) => of === day || before.usageL !== after.usageL);
}

/** Usage up to now of the period whose closing is to come. */
function periodOf(lines: Both<UsageLine>, { closingDay }: Place, now: Date) {
  const month = monthOf(dayOf(now));
  const next = [month, addMonths(month, 1)]
    .map((each) => closingDate(each, closingDay))
    .find((day) => instantOf(day, 24) > now);
  const closesOn = next ?? closingDate(addMonths(month, 1), closingDay);
  const fromOn = closingDate(addMonths(monthOf(closesOn), -1), closingDay);
  const [from, to] = [hourNumber(fromOn, 24), hourNumber(dayOf(now), 24)];
  return {
    ...{ fromOn, closesOn },
    ...eachOf(lines, (line) => {
      const { usageL, marks } = usageBetween(line, from, to);
      return { usageL, marks };
    }),
  };
}

interface ClosingsInput {
  change: EditChange;
  place: Place;
  meters: readonly FittedMeter[];
  states: Both<JudgedState>;
}

/** Past closings that change, at most fourteen from the edited day on. */
async function closingsOf(
  db: ReadDb,
  actor: Actor,
  { change, place, meters, states }: ClosingsInput,
) {
  const { meterId, day, edits, now } = change;
  const fromMonth = monthOf(day);
  const thisMonth = monthOf(dayOf(now));
  const mostMonth = addMonths(fromMonth, MAX_CLOSINGS);
  const isCut = mostMonth < thisMonth;
  const calendar = closingCalendar(
    { closingDay: place.closingDay, fromMonth, toMonth: isCut ? mostMonth : thisMonth },
    now,
  );
  const closings = calendar.closings.filter(({ closesOn }) => closesOn >= day);
  const supplyPoint = { ...place, closings, now };
  const before = await listSupplyPointClosings(db, actor, supplyPoint);
  const tables = editedTables({
    ...{ utilityId: actor.utilityId, meterId, edits: edits.after },
    meterIds: [...new Set([meterId, ...meters.map((meter) => meter.meterId)])],
    verdicts: states.after.verdicts,
  });
  const after = await listSupplyPointClosingsWith(db, actor, supplyPoint, tables);
  const rows = before.flatMap((row) => {
    const other = after.find(
      ({ closesOn, customerNumber, kind }) =>
        closesOn === row.closesOn && customerNumber === row.customerNumber && kind === row.kind,
    );
    if (!other || isSame(row, other)) return [];
    const { closesOn, customerNumber } = row;
    return [{ closesOn, customerNumber, before: billed(row), after: billed(other) }];
  });
  return { closings: rows, hasFurtherClosings: isCut };
}

function billed(row: ClosingRow) {
  const { indexL, readAt, previousIndexL, previousDifferenceL, usageL, usageM3, quality, remarks } =
    row;
  return {
    ...{ indexL, readAt, previousIndexL, previousDifferenceL, usageL, usageM3, quality, remarks },
  };
}

function isSame(one: ClosingRow, other: ClosingRow): boolean {
  return JSON.stringify(billed(one)) === JSON.stringify(billed(other));
}

/** Issued closings to which the hours belong: those that the act has to name, in order. */
async function listIssuedClosings(
  db: ReadDb,
  { meterId, day, hours }: Pick<EditChange, 'meterId' | 'day' | 'hours'>,
): Promise<string[]> {
  const instants = hours.map((hour) => instantOf(day, hour));
  const { rows } = await sql<{ closesOn: string }>`
    select c::text as "closesOn" from issued_closings_at(${meterId}, ${instants}::timestamptz[]) c order by c`.execute(
    db,
  );
  return rows.map(({ closesOn }) => closesOn);
}
