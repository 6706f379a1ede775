import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { certain } from '../certain.ts';
import type { OpenRequest } from './polling-queries.ts';

/** Terminals of one transaction, which then takes a fraction of a second for any period. */
const TERMINALS_AT_ONCE = 500;

/** Result for one slice of terminals. */
export interface Slice {
  /** Days recorded as missing, or found to have arrived; a day recorded before is not counted again. */
  days: number;
  /** Where to continue; null when every terminal was processed. */
  lastTerminalId: number | null;
}

/**
 * Records days as missing whose report window ended after one instant and until another and that are absent or
 * incomplete, for one slice of terminals after `afterTerminalId`.
 */
export async function planRequests(
  tx: Tx,
  windowEnded: { after: Date; until: Date },
  afterTerminalId: number,
): Promise<Slice> {
  const { rows } = await sql<Slice>`
    select planned as days, last_terminal as "lastTerminalId"
    from plan_reading_requests(${windowEnded.after}, ${windowEnded.until}, ${afterTerminalId}::integer,
                               ${TERMINALS_AT_ONCE}::integer)`.execute(tx);
  return certain(rows[0], 'the row of planned requests');
}

/**
 * Closes requests of days that have arrived from terminals seen since an instant, and requests that are too old, for
 * one slice of terminals after `afterTerminalId`.
 */
export async function closeAnsweredRequests(
  tx: Tx,
  { asOf, seenAfter }: { asOf: Date; seenAfter: Date },
  afterTerminalId: number,
): Promise<Slice> {
  const { rows } = await sql<Slice>`
    select settled as days, last_terminal as "lastTerminalId"
    from settle_reading_requests(${asOf}, ${seenAfter}, ${afterTerminalId}::integer,
                                 ${TERMINALS_AT_ONCE}::integer)`.execute(tx);
  return certain(rows[0], 'the row of settled requests');
}

/** The same for one terminal. */
export async function closeAnsweredRequestsOf(
  tx: Tx,
  terminalId: number,
  asOf: Date,
): Promise<void> {
  await sql`select settle_reading_requests_of(array[${terminalId}::integer], ${asOf}, '-infinity')`.execute(
    tx,
  );
}

/** Records how far a utility is planned. */
export async function notePollPlan(
  tx: Tx,
  utilityId: number,
  { until, lookedBackAt }: { until: Date; lookedBackAt: Date },
): Promise<void> {
  const plan = { planned_until: until, looked_back_at: lookedBackAt };
  await tx
    .insertInto('poll_plan')
    .values({ utility_id: utilityId, ...plan })
    .onConflict((conflict) => conflict.column('utility_id').doUpdateSet(plan))
    .execute();
}

/** Enters that a terminal is being asked for these days. */
export async function noteRequested(
  tx: Tx,
  requests: readonly OpenRequest[],
  at: Date,
): Promise<void> {
  for (const chunk of byMeter(requests)) {
    await tx
      .updateTable('reading_request')
      .set((eb) => ({ asked_count: eb('asked_count', '+', 1), last_asked_at: at }))
      .where('meter_id', '=', chunk.meterId)
      .where('day', 'in', chunk.days)
      .execute();
  }
}

/** Records that these days are no longer requested. */
export async function giveUpRequests(
  tx: Tx,
  requests: readonly OpenRequest[],
  at: Date,
): Promise<void> {
  for (const chunk of byMeter(requests)) {
    await tx
      .updateTable('reading_request')
      .set({ given_up_at: at })
      .where('meter_id', '=', chunk.meterId)
      .where('day', 'in', chunk.days)
      .execute();
  }
}

/**
 * Takes downlink counters for a terminal. They are used up when this transaction commits, whether or not the frames
 * arrive: a counter is never used for two frames.
 * @returns the first of them.
 */
export async function takeDownCounters(tx: Tx, terminalId: number, count: number): Promise<number> {
  const { rows } = await sql<{ first: number }>`
    select take_down_counters(${terminalId}, ${count}) as first`.execute(tx);
  return certain(rows[0], 'the row of a counter').first;
}

function byMeter(requests: readonly OpenRequest[]): { meterId: number; days: string[] }[] {
  const days = new Map<number, string[]>();
  for (const { meterId, day } of requests) days.set(meterId, [...(days.get(meterId) ?? []), day]);
  return Array.from(days, ([meterId, ofMeter]) => ({ meterId, days: ofMeter }));
}
