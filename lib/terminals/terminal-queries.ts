import { sql } from 'kysely';
import type { ReadDb, TerminalModel } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';

export interface TerminalRow {
  number: string;
  model: TerminalModel;
  /** Minute of the JST day at which the report window opens, and its length in minutes. */
  reportMinute: number;
  reportWindowMinutes: number;
  /** Supply point where it is fitted now, or null. */
  supplyPoint: string | null;
  fittedAt: Date | null;
  /** Generation of its newest live key; null once retired. */
  generation: number | null;
  lastSeenAt: Date | null;
  retiredAt: Date | null;
}

/** Terminals in the order of their numbers, including retired ones; at most `limit`, or the one of `number`. */
export async function listTerminals(
  db: ReadDb,
  actor: Actor,
  { limit, number }: { limit: number; number?: string },
): Promise<TerminalRow[]> {
  requireCapability(actor, 'meter.read');
  const { rows } = await sql<TerminalRow>`
    select t.number, t.model, t.report_minute as "reportMinute", t.report_window_minutes as "reportWindowMinutes",
           p.number as "supplyPoint", f.from_at as "fittedAt", s.last_seen_at as "lastSeenAt", t.retired_at as "retiredAt",
           (select max(k.generation) from terminal_key k
            where k.utility_id = t.utility_id and k.terminal_id = t.terminal_id and k.retired_at is null) as generation
    from terminal t
    join terminal_state s on s.utility_id = t.utility_id and s.terminal_id = t.terminal_id
    left join terminal_fitting f on f.utility_id = t.utility_id and f.terminal_id = t.terminal_id and f.to_at is null
    left join supply_point p on p.utility_id = f.utility_id and p.supply_point_id = f.supply_point_id
    where t.utility_id = ${actor.utilityId} and (${number ?? null}::text is null or t.number = ${number ?? null})
    order by t.number limit ${limit}`.execute(db);
  return rows;
}

/** Errors: not_found, forbidden. */
export async function getTerminal(db: ReadDb, actor: Actor, number: string): Promise<TerminalRow> {
  const [terminal] = await listTerminals(db, actor, { limit: 1, number });
  if (terminal) return terminal;
  throw new DomainError('not_found', `terminal ${number} is not registered: check the number`);
}
