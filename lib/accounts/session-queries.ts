import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { asStaffRole } from '../actor.ts';
import type { LiveSession, SignedInActor } from './session.ts';

interface LiveSessionRow {
  utility_id: number;
  session_id: string;
  account_id: number | null;
  role: string | null;
  display_name: string | null;
  occupancy_id: number | null;
  customer_number: string | null;
}

/** The live session of a token; undefined when it was revoked, has expired or its account is disabled. */
export async function findLiveSession(db: ReadDb, token: string): Promise<LiveSession | undefined> {
  const { rows } = await sql<LiveSessionRow>`
    select * from claim_session(${token})`.execute(db);
  const row = rows[0];
  return row && liveSession(row);
}

function liveSession(row: LiveSessionRow): LiveSession {
  const { utility_id: utilityId, session_id: sessionId, account_id: accountId } = row;
  const { role, occupancy_id: occupancyId } = row;
  if (accountId !== null && role !== null) {
    return {
      actor: { kind: 'staff', utilityId, accountId, role: asStaffRole(role), sessionId },
      displayName: row.display_name ?? '',
    };
  }
  if (occupancyId !== null && row.customer_number !== null) {
    const customerNumber = row.customer_number;
    return {
      actor: { kind: 'consumer', utilityId, occupancyId, customerNumber, sessionId },
      displayName: customerNumber,
    };
  }
  throw new Error(`session ${sessionId} belongs to nobody`);
}

/** The name and code of the actor's own utility. */
export async function getOwnUtility(
  db: ReadDb,
  actor: SignedInActor,
): Promise<{ code: string; name: string }> {
  return db
    .selectFrom('utility')
    .select(['code', 'name'])
    .where('utility_id', '=', actor.utilityId)
    .executeTakeFirstOrThrow();
}

/** Utility of a sign-in page: the one of the code; without a code the only one there is. Needs no session. */
export async function findSignInUtility(
  db: ReadDb,
  code: string | undefined,
): Promise<{ code: string; name: string } | undefined> {
  const { rows } = await sql<{ code: string; name: string }>`
    select code, name from sign_in_utility(${code ?? null})`.execute(db);
  return rows[0];
}
