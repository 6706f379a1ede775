import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { PollPlan } from './poll-plan.ts';

/** An open request: a meter's day that is wanted from its terminal. */
export interface OpenRequest {
  meterId: number;
  /** YYYY-MM-DD, JST. */
  day: string;
  reason: 'absent' | 'incomplete';
  askedCount: number;
  lastAskedAt: Date | null;
}

/** How far a utility is planned, and how far back it requests days. */
export async function findPollPlan(db: ReadDb, utilityId: number): Promise<PollPlan> {
  return db
    .selectFrom('utility as u')
    .leftJoin('poll_plan as p', 'p.utility_id', 'u.utility_id')
    .select([
      'p.planned_until as plannedUntil',
      'p.looked_back_at as lookedBackAt',
      'u.poll_days_back as pollDaysBack',
    ])
    .where('u.utility_id', '=', utilityId)
    .executeTakeFirstOrThrow();
}

/** Open requests of a terminal, oldest day first. */
export function listOpenRequests(db: ReadDb, terminalId: number): Promise<OpenRequest[]> {
  return openRequests(db)
    .select([
      'meter_id as meterId',
      'day',
      'reason',
      'asked_count as askedCount',
      'last_asked_at as lastAskedAt',
    ])
    .where('terminal_id', '=', terminalId)
    .orderBy('day')
    .execute();
}

/** Terminals with open requests, among the given ones. */
export async function listTerminalsToAsk(
  db: ReadDb,
  terminalIds: readonly number[],
): Promise<number[]> {
  if (terminalIds.length === 0) return [];
  const rows = await openRequests(db)
    .select('terminal_id')
    .distinct()
    // One array parameter, because a statement cannot have as many parameters as a fleet has terminals.
    .where(sql<boolean>`terminal_id = any(${terminalIds}::integer[])`)
    .execute();
  return rows.map((row) => row.terminal_id);
}

function openRequests(db: ReadDb) {
  return db
    .selectFrom('reading_request')
    .where('answered_at', 'is', null)
    .where('given_up_at', 'is', null);
}
