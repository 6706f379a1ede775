import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, asStaffRole, requireCapability, type StaffRole } from '../actor.ts';
import { DomainError } from '../errors.ts';

export interface Account {
  accountId: number;
  login: string;
  displayName: string;
  role: StaffRole;
  /** Instant at which it was disabled; null while it is enabled. */
  disabledAt: Date | null;
}

/**
 * The account of the actor's utility with this login, as it was registered. @throws DomainError `forbidden`,
 * `not_found`.
 */
export async function getAccount(db: ReadDb, actor: Actor, login: string): Promise<Account> {
  requireCapability(actor, 'register.write');
  const row = await db
    .selectFrom('account')
    .select(['account_id', 'login', 'display_name', 'role', 'disabled_at'])
    .where('utility_id', '=', actor.utilityId)
    .where('login', '=', login)
    .executeTakeFirst();
  if (!row) throw new DomainError('not_found', `there is no account "${login}"`, { login });
  return {
    accountId: row.account_id,
    login: row.login,
    displayName: row.display_name,
    role: asStaffRole(row.role),
    disabledAt: row.disabled_at,
  };
}

export interface AccountRow {
  accountId: number;
  login: string;
  displayName: string;
  role: StaffRole;
  createdAt: Date;
  disabledAt: Date | null;
  /** Address for its mails; null when it gets none. */
  mailAddress: string | null;
  /** Number of live sessions. */
  sessions: number;
}

/** Staff accounts in the order of their logins, including disabled ones. */
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
