import { sql } from 'kysely';
import type pg from 'pg';
import type { DropReason, MailState, ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { elementAt } from '../certain.ts';
import { DomainError } from '../errors.ts';

/** A mail of the outbox and what became of it; not where it goes, which is looked up when it is sent. */
export interface Mail {
  mailId: number;
  kind: string;
  key: string;
  /** Of the account that it is to. */
  login: string;
  state: MailState;
  /** Why it was not sent, where it was dropped. */
  dropReason: DropReason | null;
  attempts: number;
  attemptedAt: Date | null;
  /** Why the latest attempt that failed did. */
  lastError: string | null;
  enteredAt: Date;
  enteredBy: string;
  sentAt: Date | null;
  /** What the mail server said when it accepted it. */
  smtpReply: string | null;
  messageId: string | null;
}

const MAIL = sql`
  select m.mail_id as "mailId", m.kind, m.key, a.login, m.state, m.drop_reason as "dropReason", m.attempts,
         m.attempted_at as "attemptedAt", m.last_error as "lastError", m.entered_at as "enteredAt", m.entered_by as "enteredBy",
         m.sent_at as "sentAt", m.smtp_reply as "smtpReply", m.message_id as "messageId"
  from mail m join account a on a.utility_id = m.utility_id and a.account_id = m.account_id`;

/** The latest mails of the actor's utility, newest first; of some states where they are named. Errors: forbidden. */
export async function listMails(
  db: ReadDb,
  actor: Actor,
  { states, limit }: { states?: readonly MailState[] | undefined; limit: number },
): Promise<Mail[]> {
  requireCapability(actor, 'register.write');
  const chosen = states ? sql`and m.state = any (${sql.val(states)}::text[])` : sql``;
  const { rows } = await sql<Mail>`
    ${MAIL} where m.utility_id = ${actor.utilityId} ${chosen} order by m.mail_id desc limit ${limit}`.execute(
    db,
  );
  return rows;
}

/** Errors: not_found (none, or another utility's), forbidden. */
export async function getMail(db: ReadDb, actor: Actor, mailId: number): Promise<Mail> {
  requireCapability(actor, 'register.write');
  const { rows } = await sql<Mail>`
    ${MAIL} where m.utility_id = ${actor.utilityId} and m.mail_id = ${mailId}`.execute(db);
  if (rows.length > 0) return elementAt(rows, 0);
  throw new DomainError('not_found', `there is no mail ${mailId}`, { mailId });
}

/** How many workers live now that have a mail server to hand mails to. */
export async function countMailWorkers(db: ReadDb): Promise<number> {
  const { rows } = await sql<{ workers: number }>`
    select count_mail_workers() as workers`.execute(db);
  return elementAt(rows, 0).workers;
}

/** Mails of all utilities that wait or have failed, of one kind. */
export interface UnsentMails {
  kind: string;
  state: 'waiting' | 'failed';
  mails: number;
  oldestEnteredAt: Date;
}

/** For the metrics of the worker; asked before any tenant is set. */
export async function countUnsentMails(db: Pick<pg.Pool, 'query'>): Promise<UnsentMails[]> {
  const { rows } = await db.query<UnsentMails>(
    'select kind, state, mails, oldest_entered_at as "oldestEnteredAt" from count_unsent_mails()',
  );
  return rows;
}
