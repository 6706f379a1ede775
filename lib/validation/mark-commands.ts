/**
 * Marks of the soft rules (注意), behind the verdicts of a part. A meter is looked at when a week of it ends, and where something of
 * it is edited, marked or in doubt. A mark that is computed alike stays as it is.
 */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { acceptInput } from '../register/register.ts';
import { dayFromNumber, dayNumber } from '../time.ts';
import type { MeterWindow } from './history-queries.ts';
import {
  listDoubtedClocks,
  listLateRegisters,
  listMarkedMeters,
  listMetersToMark,
  type MarkedMeter,
} from './mark-facts-queries.ts';
import { MarkSeenInput } from './mark-wire.ts';
import {
  COMPARED_YEARS,
  clockLitres,
  type DayClosing,
  isWeekEnd,
  MARK_RULES,
  type MarkRule,
  mayBeStuck,
  NO_MARK_FACTS,
  type ReadingMark,
  type Stay,
  stuckRegisters,
  unlikeSeasons,
} from './reading-marks.ts';

/** Meters of which one statement reads the closings. */
const METERS_AT_ONCE = 200;

interface Marked {
  windows: readonly MeterWindow[];
  now: Date;
}

/** Marks what the windows concern, after their verdicts were written. */
export async function markReadings(
  tx: Tx,
  utilityId: number,
  { windows, now }: Marked,
): Promise<void> {
  const concerned = await listMetersToMark(tx, utilityId, windows);
  const isWhole = ({ meterId, from }: MeterWindow) => from === null || concerned.has(meterId);
  const whole = windows.filter(isWhole).map(({ meterId }) => meterId);
  const weekly = windows.filter((window) => !isWhole(window) && endsWeek(window));
  for (const part of partsOf(weekly.map(({ meterId }) => meterId))) {
    whole.push(...(await markWeeks(tx, utilityId, { meterIds: part, now })));
  }
  for (const part of partsOf(whole)) await markWhole(tx, utilityId, { meterIds: part, now });
}

function partsOf(meterIds: readonly number[]): number[][] {
  const parts: number[][] = [];
  for (let at = 0; at < meterIds.length; at += METERS_AT_ONCE) {
    parts.push(meterIds.slice(at, at + METERS_AT_ONCE));
  }
  return parts;
}

function endsWeek({ from, to }: MeterWindow): boolean {
  if (from === null || to === null) return true;
  const [first, last] = [dayNumber(from), dayNumber(to)];
  return (
    last - first >= 6 ||
    Array.from({ length: last - first + 1 }, (_, at) => first + at).some(isWeekEnd)
  );
}

interface Part {
  meterIds: readonly number[];
  now: Date;
}

/** Weeks of the years that are compared, and one more for the week before the first. */
const WEEKS = 52 * (COMPARED_YEARS + 1);

/** Marks weeks; returns the meters of which all days are to be looked at. */
async function markWeeks(tx: Tx, utilityId: number, { meterIds, now }: Part): Promise<number[]> {
  const today = Math.floor(now.getTime() / 86_400_000) + 1;
  const days = Array.from({ length: 7 * WEEKS }, (_, at) => today - at).filter(isWeekEnd);
  const meters = await listMarkedMeters(tx, utilityId, { meterIds, days: days.map(dayFromNumber) });
  const still: number[] = [];
  const marks: MeterMark[] = [];
  for (const [meterId, meter] of meters) {
    if (mayBeStuck(meter.closings)) still.push(meterId);
    else marks.push(...weekMarks(meter).map((mark) => ({ meterId, ...mark })));
  }
  const marked = meterIds.filter((meterId) => !still.includes(meterId));
  await writeMarks(tx, { utilityId, meterIds: marked, rules: ['unlike-season'], now }, marks);
  return still;
}

async function markWhole(tx: Tx, utilityId: number, { meterIds, now }: Part): Promise<void> {
  const marks: MeterMark[] = [];
  for (const [meterId, meter] of await listMarkedMeters(tx, utilityId, { meterIds })) {
    const { dialL, away } = meter;
    const stuck = ofStays(meter, (closings) => stuckRegisters(closings, { dialL, away }));
    marks.push(...[...stuck, ...weekMarks(meter)].map((mark) => ({ meterId, ...mark })));
  }
  const late = new Set<string>();
  for (const { meterId, day, ...seen } of await listLateRegisters(tx, utilityId, meterIds)) {
    // Of several hours of a day that which differs most.
    if (late.has(`${meterId} ${day}`)) continue;
    late.add(`${meterId} ${day}`);
    const litres = Math.abs(seen.receivedL - seen.enteredL);
    const facts = { ...NO_MARK_FACTS, ...seen };
    marks.push({ meterId, rule: 'received-later', from: day, to: day, litres, facts });
  }
  for (const { meterId, from, to, offsetS, usageL } of await listDoubtedClocks(
    ...([tx, utilityId, meterIds] as const),
  )) {
    const facts = { ...NO_MARK_FACTS, offsetS };
    const litres = clockLitres(usageL, offsetS);
    marks.push({ meterId, rule: 'clock-doubt', from, to, litres, facts });
  }
  await writeMarks(tx, { utilityId, meterIds, rules: MARK_RULES, now }, marks);
}

function weekMarks(meter: MarkedMeter): ReadingMark[] {
  return ofStays(meter, (closings) => unlikeSeasons(closings, meter.dialL));
}

function ofStays(
  { stays, closings }: Pick<MarkedMeter, 'stays' | 'closings'>,
  marksOf: (closings: DayClosing[]) => ReadingMark[],
): ReadingMark[] {
  const within = ({ from, to }: Stay) => closings.filter(({ day }) => day >= from && day <= to);
  return stays.flatMap((stay) => marksOf(within(stay)));
}

type MeterMark = ReadingMark & { meterId: number };

interface OfMeters {
  utilityId: number;
  /** All that were looked at, also those without a mark. */
  meterIds: readonly number[];
  rules: readonly MarkRule[];
  now: Date;
}

const IS_ALIKE = sql`(r.to_on, r.litres, r.facts) is not distinct from (excluded.to_on, excluded.litres, excluded.facts)`;

/** Replaces the marks of these rules on meters; one that is the same, also again, stays seen. */
async function writeMarks(
  tx: Tx,
  { utilityId, meterIds, rules, now }: OfMeters,
  found: readonly MeterMark[],
): Promise<void> {
  const marks = found.map(({ meterId, rule, from, to, litres, facts }) => ({
    ...{ meterId, rule, litres: Math.min(litres, 2 ** 31 - 1), facts },
    ...{ fromOn: dayFromNumber(from), toOn: dayFromNumber(to) },
  }));
  const given = sql`jsonb_to_recordset(${JSON.stringify(marks)}::jsonb)
    j ("meterId" integer, rule text, "fromOn" date, "toOn" date, litres integer, facts jsonb)`;
  await sql`
    update reading_mark r set stands = false, marked_at = ${now}
    where r.stands and r.utility_id = ${utilityId} and r.meter_id = any (${[...meterIds]}::int[]) and r.rule = any (${[...rules]}::text[])
      and not exists (select from ${given} where j."meterId" = r.meter_id and j.rule = r.rule and j."fromOn" = r.from_on)`.execute(
    tx,
  );
  if (marks.length === 0) return;
  await sql`
    insert into reading_mark as r (utility_id, meter_id, rule, from_on, to_on, litres, facts, marked_at)
    select ${utilityId}, j."meterId", j.rule, j."fromOn", j."toOn", j.litres, j.facts, ${now}::timestamptz
    from ${given}
    on conflict (utility_id, meter_id, rule, from_on) do update
    set to_on = excluded.to_on, litres = excluded.litres, facts = excluded.facts, marked_at = excluded.marked_at, stands = true,
        seen_by = case when ${IS_ALIKE} then r.seen_by end, seen_name = case when ${IS_ALIKE} then r.seen_name end,
        seen_at = case when ${IS_ALIKE} then r.seen_at end, note = case when ${IS_ALIKE} then r.note end
    where not (r.stands and ${IS_ALIKE})`.execute(tx);
}

const REFUSALS = {
  reading_mark_stands: 'there is no such mark any more, or somebody else decided it meanwhile',
} as const;

/** Notes that a person looked at a mark, or takes that back. Errors: forbidden, invalid_input, conflict. */
export async function seeMark(tx: Tx, actor: Actor, input: MarkSeenInput): Promise<void> {
  requireCapability(actor, 'reading.edit');
  const { meterId, rule, fromOn, isSeen, note } = acceptInput(MarkSeenInput, input);
  await explainRefusal(REFUSALS, () =>
    sql`select see_reading_mark(${meterId}, ${rule}, ${fromOn}::date, ${isSeen}, ${note ?? null}::text, ${actorName(actor)})`.execute(
      tx,
    ),
  );
}
