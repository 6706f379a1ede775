/**
 * Validation of stored readings: the changes of the feed in their order, and all readings of a utility where the rules
 * changed. Each call works through a part and is a transaction; a part that was interrupted is done again.
 */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { moveReader, readNextChanges } from '../changes/change-commands.ts';
import type { Change } from '../changes/change-queries.ts';
import { listHistories, type MeterWindow } from './history-queries.ts';
import { type WeighedVerdict, weighVerdicts } from './litres-in-doubt.ts';
import { markReadings } from './mark-commands.ts';
import { judgeMeter } from './meter-verdicts.ts';
import { RULES_VERSION, VALIDATION_READER } from './validation.ts';

/** Rows of the feed that one transaction reads, and meter-days that end a part. */
const CHANGES_AT_ONCE = 200;
const DAYS_AT_ONCE = 4_000;
/** Meters of which one statement reads the whole history. */
const HISTORIES_AT_ONCE = 20;
/** Meters of a part when all readings are judged. */
const METERS_AT_ONCE = 200;
const HAS_VERDICT = sql`cardinality(hours) + cardinality(step_hours) > 0`;

/**
 * Judges what the next changes of the feed concern. Returns the number of meters; null when there were no changes.
 */
export async function validateNextChanges(
  tx: Tx,
  utilityId: number,
  now: Date,
): Promise<number | null> {
  await holdState(tx, utilityId);
  const part = firstDays(await listUnvalidatedChanges(tx, utilityId));
  if (part.length === 0) return null;
  const windows = windowsOf(part);
  await judge(tx, utilityId, { windows, now });
  await sql`
    insert into validation_ahead (utility_id, transaction_id, change_id)
    select ${utilityId}, u.transaction_id, u.change_id
    from unnest(${part.map(({ transactionId }) => transactionId)}::xid8[], ${part.map(({ changeId }) => changeId)}::bigint[])
      as u (transaction_id, change_id)
  `.execute(tx);
  return windows.length;
}

/**
 * Advances in the feed to the last change before which all are validated and none can appear any more. Changes before it
 * may then be removed (`pruneChanges`).
 */
export async function advanceValidation(tx: Tx, utilityId: number): Promise<void> {
  const reader = VALIDATION_READER;
  // Holds the position, and resets one of another server.
  await readNextChanges(tx, utilityId, { reader, limit: 0 });
  const { rows } = await sql<Change['position']>`
    select a.transaction_id::text as "transactionId", a.change_id as "changeId"
    from validation_ahead a
    where a.utility_id = ${utilityId} and a.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
      and not exists (
        select from unvalidated_changes(${utilityId}::integer, 1) c
        where (c.transaction_id, c.change_id) < (a.transaction_id, a.change_id))
    order by a.transaction_id desc, a.change_id desc limit 1
  `.execute(tx);
  const [position] = rows;
  if (!position) return;
  await moveReader(tx, utilityId, { reader, position });
  await sql`
    delete from validation_ahead
    where utility_id = ${utilityId}
      and (transaction_id, change_id) <= (${position.transactionId}::xid8, ${position.changeId}::bigint)
  `.execute(tx);
}

/**
 * Judges the next meters of a utility whose readings were judged by other rules or never. Returns their number; 0 when
 * all are judged by these.
 */
export async function validateNextMeters(tx: Tx, utilityId: number, now: Date): Promise<number> {
  const from = await nextMeterId(tx, utilityId);
  if (from === null) return 0;
  const { rows } = await sql<{ meterId: number }>`
    select meter_id as "meterId" from meter
    where utility_id = ${utilityId} and meter_id >= ${from} order by meter_id limit ${METERS_AT_ONCE}
  `.execute(tx);
  const windows = rows.map(({ meterId }) => ({ meterId, from: null, to: null }));
  await judge(tx, utilityId, { windows, now });
  const last = rows.at(-1)?.meterId;
  const isDone = last === undefined || rows.length < METERS_AT_ONCE;
  await tx
    .updateTable('validation_state')
    .set(
      isDone
        ? { rules_version: RULES_VERSION, next_version: null, next_meter_id: null }
        : { next_meter_id: last + 1 },
    )
    .where('utility_id', '=', utilityId)
    .execute();
  return Math.max(1, rows.length);
}

/** The first meter that is still to be judged by these rules; null when none is. */
async function nextMeterId(tx: Tx, utilityId: number): Promise<number | null> {
  const state = await holdState(tx, utilityId);
  if (state.rules_version >= RULES_VERSION) return null;
  if (state.next_version === RULES_VERSION && state.next_meter_id !== null) {
    return state.next_meter_id;
  }
  await tx
    .updateTable('validation_state')
    .set({ next_version: RULES_VERSION, next_meter_id: 0 })
    .where('utility_id', '=', utilityId)
    .execute();
  return 0;
}

/** Holds the utility's state until the transaction ends, so that two transactions do not judge the same. */
async function holdState(tx: Tx, utilityId: number) {
  await tx
    .insertInto('validation_state')
    .values({ utility_id: utilityId })
    .onConflict((conflict) => conflict.column('utility_id').doNothing())
    .execute();
  return tx
    .selectFrom('validation_state')
    .selectAll()
    .where('utility_id', '=', utilityId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

type ValidatedChange = Pick<Change, 'meterIds' | 'days'> & Change['position'];

/**
 * Changes that are not validated, in the order of the feed. Those that a running transaction may still precede are among
 * them: a verdict does not depend on the order, and readings should not wait for a transaction that takes minutes.
 */
async function listUnvalidatedChanges(tx: Tx, utilityId: number): Promise<ValidatedChange[]> {
  const { rows } = await sql<ValidatedChange>`
    select c.transaction_id::text as "transactionId", c.change_id as "changeId", c.meter_ids as "meterIds", c.days::text[] as days
    from unvalidated_changes(${utilityId}::integer, ${CHANGES_AT_ONCE}) c
  `.execute(tx);
  return rows;
}

/** The changes up to the part's number of days, at least one. */
function firstDays(changes: readonly ValidatedChange[]): ValidatedChange[] {
  let days = 0;
  const part: ValidatedChange[] = [];
  for (const change of changes) {
    days += change.meterIds.length;
    if (part.length > 0 && days > DAYS_AT_ONCE) break;
    part.push(change);
  }
  return part;
}

function windowsOf(changes: readonly ValidatedChange[]): MeterWindow[] {
  const windows = new Map<number, MeterWindow>();
  for (const { meterIds, days } of changes) {
    meterIds.forEach((meterId, at) => {
      const day = days?.[at] ?? null;
      const known = windows.get(meterId);
      windows.set(meterId, known ? joined(known, day) : { meterId, from: day, to: day });
    });
  }
  return [...windows.values()];
}

/** A change without a day, of the register, concerns the whole history. */
function joined({ meterId, from, to }: MeterWindow, day: string | null): MeterWindow {
  if (from === null || to === null || day === null) return { meterId, from: null, to: null };
  return { meterId, from: day < from ? day : from, to: day > to ? day : to };
}

interface Judged {
  windows: readonly MeterWindow[];
  now: Date;
}

/**
 * Nearly all days have no register in doubt, which their own window shows. Where one is, or was before, or where a
 * person edited readings of the meter, its whole history decides: a later register may explain earlier ones.
 */
async function judge(tx: Tx, utilityId: number, { windows, now }: Judged): Promise<void> {
  const doubted = await listMetersJudgedWhole(tx, utilityId, windows);
  const isWhole = ({ meterId, from }: MeterWindow) => from === null || doubted.has(meterId);
  const whole = windows.filter(isWhole).map(({ meterId }) => meterId);
  const histories = await listHistories(
    tx,
    utilityId,
    windows.filter((window) => !isWhole(window)),
  );
  for (const [meterId, history] of histories) {
    if (judgeMeter(history).length > 0) whole.push(meterId);
  }
  for (let at = 0; at < whole.length; at += HISTORIES_AT_ONCE) {
    const meterIds = whole.slice(at, at + HISTORIES_AT_ONCE);
    const all = meterIds.map((meterId) => ({ meterId, from: null, to: null }));
    const verdicts: MeterDayVerdict[] = [];
    const known = await listHistories(tx, utilityId, all);
    for (const [meterId, history] of known) {
      for (const verdict of weighVerdicts(history, judgeMeter(history))) {
        verdicts.push({ meterId, ...verdict });
      }
    }
    await writeVerdicts(tx, { utilityId, meterIds: [...known.keys()], now }, verdicts);
  }
  await markReadings(tx, utilityId, { windows, now });
}

async function listMetersJudgedWhole(
  tx: Tx,
  utilityId: number,
  windows: readonly MeterWindow[],
): Promise<Set<number>> {
  const meterIds = windows.map(({ meterId }) => meterId);
  const { rows } = await sql<{ meterId: number }>`
    select meter_id as "meterId" from reading_verdict
    where utility_id = ${utilityId} and meter_id = any (${meterIds}::int[]) and ${HAS_VERDICT}
    union
    select meter_id from edited_day where utility_id = ${utilityId} and meter_id = any (${meterIds}::int[])
  `.execute(tx);
  return new Set(rows.map(({ meterId }) => meterId));
}

type MeterDayVerdict = WeighedVerdict & { meterId: number };

interface OfMeters {
  utilityId: number;
  /** All that were judged, also those without a verdict. */
  meterIds: readonly number[];
  now: Date;
}

/** Replaces the verdicts on meters; days whose verdict is the same stay as they are. */
async function writeVerdicts(
  tx: Tx,
  { utilityId, meterIds, now }: OfMeters,
  verdicts: readonly MeterDayVerdict[],
): Promise<void> {
  await sql`
    update reading_verdict
    set hours = '{}', index_l = '{}', rules = '{}', step_hours = '{}', step_rules = '{}', doubt_l = '{}', step_l = '{}', judged_at = ${now}
    where utility_id = ${utilityId} and meter_id = any (${[...meterIds]}::int[]) and ${HAS_VERDICT}
      and (meter_id, day) not in (
        select u.meter_id, u.day
        from unnest(${verdicts.map(({ meterId }) => meterId)}::int[], ${verdicts.map(({ day }) => day)}::date[]) u (meter_id, day))
  `.execute(tx);
  if (verdicts.length === 0) return;
  await sql`
    insert into reading_verdict as v (utility_id, meter_id, day, hours, index_l, rules, step_hours, step_rules, doubt_l, step_l, judged_at)
    select ${utilityId}, j."meterId", j.day, j.hours, j."indexL", j.rules, j."stepHours", j."stepRules", j."doubtL", j."stepL", ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(verdicts)}::jsonb)
      j ("meterId" integer, day date, hours smallint[], "indexL" integer[], rules text[], "stepHours" smallint[], "stepRules" text[],
         "doubtL" integer[], "stepL" integer[])
    on conflict (utility_id, meter_id, day) do update
    set hours = excluded.hours, index_l = excluded.index_l, rules = excluded.rules, step_hours = excluded.step_hours,
        step_rules = excluded.step_rules, doubt_l = excluded.doubt_l, step_l = excluded.step_l, judged_at = excluded.judged_at
    where (v.hours, v.index_l, v.rules, v.step_hours, v.step_rules, v.doubt_l, v.step_l)
      is distinct from (excluded.hours, excluded.index_l, excluded.rules, excluded.step_hours, excluded.step_rules,
                        excluded.doubt_l, excluded.step_l)
  `.execute(tx);
}
