import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability, type StaffRole } from '../actor.ts';

export interface AccountRow {
  accountId: number;
  login: string;
  displayName: string;
  role: StaffRole;
  createdAt: Date;
  disabledAt: Date | null;
  /** Where its mail goes; null where it gets none. */
  mailAddress: string | null;
  /** Sessions that are open now. */
  sessions: number;
}

/** The staff's accounts in the order of their logins, disabled ones as well. */
export async function listAccounts(
  db: ReadDb,
  actor: Actor,
  { now }: { now: Date },
): Promise<AccountRow[]> {
  requireCapability(actor, 'register.write');
  const { rows } = await sql<AccountRow>`
    select a.account_id as "accountId", a.login, a.display_name as "displayName", a.role, a.created_at as "createdAt",
           a.disabled_at as "disabledAt",
           a.mail_address as "mailAddress",
           (select count(*)::integer from session s
            where s.utility_id = a.utility_id and s.account_id = a.account_id
              and s.revoked_at is null and s.expires_at > ${now}) as sessions
    from account a where a.utility_id = ${actor.utilityId} order by a.login`.execute(db);
  return rows;
}
