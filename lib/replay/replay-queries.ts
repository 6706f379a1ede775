import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';

/** A meter's stored day; element k − 1 is the register at k:00, litres, null when there is none. */
export interface StoredDay {
  day: string;
  indexL: (number | null)[];
  revision: number;
}

/** A meter's days from `from` to `to`, both included, in the order of the days. */
export async function listStoredDays(
  db: ReadDb,
  actor: Actor,
  input: { meterId: number; from: string; to: string },
): Promise<StoredDay[]> {
  requireCapability(actor, 'meter.read');
  const rows = await db
    .selectFrom('meter_day')
    .select(['day', 'index_l', 'revision'])
    .where('utility_id', '=', actor.utilityId)
    .where('meter_id', '=', input.meterId)
    .where('day', '>=', input.from)
    .where('day', '<=', input.to)
    .orderBy('day')
    .execute();
  return rows.map(({ day, index_l, revision }) => ({ day, indexL: index_l, revision }));
}

/** Id of the newest refused frame of a terminal; 0 without any. */
export async function getLastQuarantineId(
  db: ReadDb,
  actor: Actor,
  { terminalNumber }: { terminalNumber: string },
): Promise<number> {
  requireCapability(actor, 'meter.read');
  const { last } = await db
    .selectFrom('frame_quarantine')
    .select(({ fn }) => fn.max('quarantine_id').as('last'))
    .where('utility_id', '=', actor.utilityId)
    .where('terminal_number', '=', terminalNumber)
    .executeTakeFirstOrThrow();
  return last ?? 0;
}

/** Number of a terminal's refused frames after the one with an id, by reason. */
export async function countQuarantined(
  db: ReadDb,
  actor: Actor,
  input: { terminalNumber: string; afterId: number },
): Promise<{ reason: string; frames: number }[]> {
  requireCapability(actor, 'meter.read');
  return db
    .selectFrom('frame_quarantine')
    .select(({ fn }) => ['reason', fn.countAll<number>().as('frames')])
    .where('utility_id', '=', actor.utilityId)
    .where('terminal_number', '=', input.terminalNumber)
    .where('quarantine_id', '>', input.afterId)
    .groupBy('reason')
    .orderBy('reason')
    .execute();
}
