/** The worker's verbs for the outbox: a mail is begun, handed to the mail server outside any transaction, and settled. */
import { sql } from 'kysely';
import type { DropReason, Tx } from '../../db/schema.ts';
import { elementAt } from '../certain.ts';

/** A mail that is to be handed to the mail server now. */
export interface BegunMail {
  mailId: number;
  kind: string;
  /** In the shape of the kind. */
  input: unknown;
  address: string;
  utilityName: string;
  enteredAt: Date;
  /** The same at each attempt. */
  messageId: string;
}

/** A mail that will not be sent. */
export interface DroppedMail {
  mailId: number;
  kind: string;
  dropReason: DropReason;
}

/** What the mail server made of a mail: `deferred` is tried again, `refused` is not. */
export type HandedOver =
  | { outcome: 'accepted'; reply: string }
  | { outcome: 'deferred' | 'refused'; error: string };

/**
 * Counts an attempt of a mail that waits and yields what to send, and to where. Drops it where the account is disabled or has no
 * address now. Undefined where it waits no more.
 * @param messageId taken at the first attempt, and kept
 */
export async function beginMail(
  tx: Tx,
  utilityId: number,
  { mailId, messageId, now }: { mailId: number; messageId: string; now: Date },
): Promise<BegunMail | DroppedMail | undefined> {
  const found = await sql<{ mail_address: string | null; is_disabled: boolean }>`
    select mail_address, is_disabled from mail_recipient(${mailId})`.execute(tx);
  const [recipient] = found.rows;
  if (!recipient) return undefined;
  const { mail_address: address, is_disabled: isDisabled } = recipient;
  if (isDisabled || address === null) {
    const dropReason = isDisabled ? 'account-disabled' : 'no-address';
    const { rows } = await sql<{ kind: string }>`
      update mail set state = 'dropped', drop_reason = ${dropReason}
      where utility_id = ${utilityId} and mail_id = ${mailId} and state = 'waiting' returning kind`.execute(
      tx,
    );
    return rows.map(({ kind }) => ({ mailId, kind, dropReason }) as const)[0];
  }
  const { rows } = await sql<Omit<BegunMail, 'address' | 'mailId'>>`
    update mail m
    set attempts = attempts + 1, attempted_at = ${now}, message_id = coalesce(m.message_id, ${messageId})
    from utility u
    where m.utility_id = ${utilityId} and m.mail_id = ${mailId} and m.state = 'waiting' and u.utility_id = m.utility_id
    returning m.kind, m.input, m.entered_at as "enteredAt", m.message_id as "messageId", u.name as "utilityName"`.execute(
    tx,
  );
  return rows.length === 0 ? undefined : { ...elementAt(rows, 0), mailId, address };
}

/** Writes down what became of an attempt; a mail that waits no more is left as it is. */
export async function settleMail(
  tx: Tx,
  utilityId: number,
  { mailId, handed, now }: { mailId: number; handed: HandedOver; now: Date },
): Promise<void> {
  const become =
    handed.outcome === 'accepted'
      ? sql`state = 'sent', sent_at = ${now}, smtp_reply = ${handed.reply}`
      : sql`state = ${handed.outcome === 'refused' ? 'failed' : 'waiting'}, last_error = ${handed.error}`;
  await sql`
    update mail set ${become}
    where utility_id = ${utilityId} and mail_id = ${mailId} and state = 'waiting'`.execute(tx);
}
