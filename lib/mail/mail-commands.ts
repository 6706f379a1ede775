/**
 * Commands that enter a mail in the outbox and send it again. The worker's commands are in mail-sending-commands.ts.
 */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { certain } from '../certain.ts';
import { DomainError } from '../errors.ts';
import { enqueueJob } from '../jobs/job-commands.ts';
import { MAIL_KINDS, type MailInput, type MailKind } from './mail-kinds.ts';
import { getMail } from './mail-queries.ts';

export interface NewMail<K extends MailKind> {
  /** Account of the actor's utility. Its address, and whether it is enabled, are read when the mail is sent. */
  recipient: number;
  kind: K;
  input: MailInput<K>;
  /** Key of the mail within its kind: up to 80 letters, digits and `: . _ -`. One mail per recipient, kind and key. */
  key: string;
  now: Date;
}

/** A mail of the outbox; `isNew` is false when it existed under its key. */
export interface EnteredMail {
  mailId: number;
  isNew: boolean;
}

/**
 * Enters a mail and its sending job in the caller's transaction; a rollback removes both. The caller checks the
 * permission and records the act. @throws DomainError `not_found` for an unknown recipient
 */
export async function enterMail<K extends MailKind>(
  tx: Tx,
  actor: Actor,
  { recipient, kind, input, key, now }: NewMail<K>,
): Promise<EnteredMail> {
  const { utilityId } = actor;
  const entered = await tx
    .insertInto('mail')
    .values({
      utility_id: utilityId,
      account_id: recipient,
      kind,
      key,
      input: JSON.stringify(MAIL_KINDS[kind].input.parse(input)),
      entered_at: now,
      entered_by: actorName(actor),
    })
    .onConflict((conflict) =>
      conflict.columns(['utility_id', 'account_id', 'kind', 'key']).doNothing(),
    )
    .returning('mail_id')
    .executeTakeFirst()
    .catch((error: unknown) => {
      throw isUnknownAccount(error)
        ? new DomainError('not_found', `there is no account ${recipient}`, { accountId: recipient })
        : error;
    });
  if (!entered) return { mailId: await idOf(tx, actor, { recipient, kind, key }), isNew: false };
  const { mail_id: mailId } = entered;
  await enqueueSending(tx, actor, mailId);
  return { mailId, isNew: true };
}

function isUnknownAccount(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'mail_account';
}

async function idOf(
  tx: Tx,
  { utilityId }: Actor,
  { recipient, kind, key }: { recipient: number; kind: MailKind; key: string },
): Promise<number> {
  const known = await tx
    .selectFrom('mail')
    .select('mail_id')
    .where('utility_id', '=', utilityId)
    .where('account_id', '=', recipient)
    .where('kind', '=', kind)
    .where('key', '=', key)
    .executeTakeFirst();
  return certain(known, `the mail ${key}`).mail_id;
}

async function enqueueSending(tx: Tx, actor: Actor, mailId: number): Promise<void> {
  await enqueueJob(tx, actor, { kind: 'send-mail', input: { mailId }, key: String(mailId) });
}

/**
 * Enters a test mail; each call enters another mail.
 * @throws DomainError `forbidden`; `not_found`; `conflict` for a disabled account or one without an address
 */
export async function enterTestMail(
  tx: Tx,
  actor: Actor,
  { login, key, now }: { login: string; key: string; now: Date },
): Promise<EnteredMail> {
  requireCapability(actor, 'register.write');
  const account = await tx
    .selectFrom('account')
    .select(['account_id', 'disabled_at', 'mail_address'])
    .where('utility_id', '=', actor.utilityId)
    .where('login', '=', login)
    .executeTakeFirst();
  if (!account) throw new DomainError('not_found', `there is no account "${login}"`, { login });
  if (account.disabled_at !== null) {
    throw new DomainError('conflict', `the account ${login} is disabled: it gets no mail`);
  }
  if (account.mail_address === null) {
    const next = `account mail --login ${login} --address ADDRESS`;
    throw new DomainError('conflict', `the account ${login} has no mail address: ${next}`);
  }
  const { account_id: recipient } = account;
  const entered = await enterMail(tx, actor, { recipient, kind: 'test', input: {}, key, now });
  const subject = `mail:${entered.mailId}`;
  await recordAct(tx, actor, { act: 'mail.test-entered', subject, detail: { login } });
  return entered;
}

/**
 * Sends a waiting, failed or dropped mail at once. Its job has all attempts again; the mail's count of attempts goes on.
 * @throws DomainError `forbidden`; `not_found`; `conflict` for a sent mail
 */
export async function retryMail(tx: Tx, actor: Actor, mailId: number): Promise<void> {
  requireCapability(actor, 'register.write');
  const { kind, state } = await getMail(tx, actor, mailId);
  const changed = await sql`
    update mail set state = 'waiting', drop_reason = null
    where utility_id = ${actor.utilityId} and mail_id = ${mailId} and state <> 'sent'`.execute(tx);
  if (changed.numAffectedRows === 0n) {
    throw new DomainError('conflict', `mail ${mailId} was sent: enter a new one instead`);
  }
  await enqueueSending(tx, actor, mailId);
  const subject = `mail:${mailId}`;
  await recordAct(tx, actor, { act: 'mail.retried', subject, detail: { kind, state } });
}
