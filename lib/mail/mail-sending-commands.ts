/**
 * Commands of the worker for the outbox: an attempt begins, the mail is sent outside of any transaction, the outcome is
 * recorded.
 */
import { sql } from 'kysely';
import type { DropReason, Tx } from '../../db/schema.ts';
import { elementAt } from '../certain.ts';

/** A mail to send now. */
export interface BegunMail {
  mailId: number;
  kind: string;
  /** Input in the shape of the mail's kind. */
  input: unknown;
  address: string;
  utilityName: string;
  enteredAt: Date;
  /** Message-ID; the same at every attempt. */
  messageId: string;
}

/** A mail that will not be sent, with the reason. */
export interface DroppedMail {
  mailId: number;
  kind: string;
  dropReason: DropReason;
}

/** Outcome of sending: a `deferred` mail is retried, a `refused` one is not. */
export type MailHandOver =
  | { outcome: 'accepted'; reply: string }
  | { outcome: 'deferred' | 'refused'; error: string };

/**
 * Counts an attempt of a waiting mail and returns the mail with its address. Drops the mail when the account is
 * disabled, has no address, or may not read what it is about. Undefined when the mail no longer waits.
 * @param messageId Message-ID for the first attempt; later attempts keep the first one
 */
export async function beginMail(
  tx: Tx,
  utilityId: number,
  { mailId, messageId, now }: { mailId: number; messageId: string; now: Date },
): Promise<BegunMail | DroppedMail | undefined> {
  const found = await sql<Recipient>`
    select mail_address as address, is_disabled as "isDisabled", lacks_right as "lacksRight"
    from mail_recipient(${mailId})`.execute(tx);
  const [recipient] = found.rows;
  if (!recipient) return undefined;
  const { address, dropReason } = destinationOf(recipient);
  if (address === null) {
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

interface Recipient {
  address: string | null;
  isDisabled: boolean;
  /** The role may not read what the mail is about. */
  lacksRight: boolean;
}

function destinationOf({
  address,
  isDisabled,
  lacksRight,
}: Recipient): { address: string; dropReason?: never } | { address: null; dropReason: DropReason } {
  if (isDisabled) return { address: null, dropReason: 'account-disabled' };
  if (lacksRight) return { address: null, dropReason: 'no-right' };
  return address === null ? { address, dropReason: 'no-address' } : { address };
}

/** Records the outcome of an attempt; only a waiting mail is changed. */
export async function recordMailOutcome(
  tx: Tx,
  utilityId: number,
  { mailId, handed, now }: { mailId: number; handed: MailHandOver; now: Date },
): Promise<void> {
  const become =
    handed.outcome === 'accepted'
      ? sql`state = 'sent', sent_at = ${now}, smtp_reply = ${handed.reply}`
      : sql`state = ${handed.outcome === 'refused' ? 'failed' : 'waiting'}, last_error = ${handed.error}`;
  await sql`
    update mail set ${become}
    where utility_id = ${utilityId} and mail_id = ${mailId} and state = 'waiting'`.execute(tx);
}
