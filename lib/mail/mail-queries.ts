import { sql } from 'kysely';
import type pg from 'pg';
import type { DropReason, MailState, ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { elementAt } from '../certain.ts';
import { DomainError } from '../errors.ts';

/** A mail of the outbox with its state. It has no address: the address is read when the mail is sent. */
export interface Mail {
  mailId: number;
  kind: string;
  key: string;
  /** Login of the recipient's account. */
  login: string;
  state: MailState;
  /** Reason of a dropped mail. */
  dropReason: DropReason | null;
  attempts: number;
  attemptedAt: Date | null;
  /** Error of the latest failed attempt. */
  lastError: string | null;
  enteredAt: Date;
  enteredBy: string;
  sentAt: Date | null;
  /** Reply with which the mail server accepted the mail. */
  smtpReply: string | null;
  messageId: string | null;
}

const MAIL = sql`
  select m.mail_id as "mailId", m.kind, m.key, a.login, m.state, m.drop_reason as "dropReason", m.attempts,
         m.attempted_at as "attemptedAt", m.last_error as "lastError", m.entered_at as "enteredAt", m.entered_by as "enteredBy",
         m.sent_at as "sentAt", m.smtp_reply as "smtpReply", m.message_id as "messageId"
  from mail m join account a on a.utility_id = m.utility_id and a.account_id = m.account_id`;

/** Latest mails of the actor's utility, newest first, optionally of certain states. Errors: forbidden. */
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

/** One mail. Errors: not_found (also for a mail of another utility), forbidden. */
export async function getMail(db: ReadDb, actor: Actor, mailId: number): Promise<Mail> {
  requireCapability(actor, 'register.write');
  const { rows } = await sql<Mail>`
    ${MAIL} where m.utility_id = ${actor.utilityId} and m.mail_id = ${mailId}`.execute(db);
  if (rows.length > 0) return elementAt(rows, 0);
  throw new DomainError('not_found', `there is no mail ${mailId}`, { mailId });
}

/** Number of live workers with a mail server configured. */
export async function countMailWorkers(db: ReadDb): Promise<number> {
  const { rows } = await sql<{ workers: number }>`
    select count_mail_workers() as workers`.execute(db);
  return elementAt(rows, 0).workers;
}

/** Number of waiting and failed mails of one kind, over all utilities. */
export interface UnsentMails {
  kind: string;
  state: 'waiting' | 'failed';
  mails: number;
  oldestEnteredAt: Date;
}

/** Counts for the worker's metrics, over all utilities; needs no tenant. */
export async function countUnsentMails(db: Pick<pg.Pool, 'query'>): Promise<UnsentMails[]> {
  const { rows } = await db.query<UnsentMails>(
    'select kind, state, mails, oldest_entered_at as "oldestEnteredAt" from count_unsent_mails()',
  );
  return rows;
}
