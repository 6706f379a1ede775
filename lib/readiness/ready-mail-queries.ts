/** What a person asked to be told of closings. */
import { sql } from 'kysely';
import type { MailState, ReadDb } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { closingOfKey } from './ready-mail.ts';
import type { ReadyMails } from './ready-mail-wire.ts';

/** Mails of the latest closings that are listed. */
const MOST_SENT = 60;

/** The person's address, what was asked for and which mails came of it. @throws DomainError `forbidden` */
export async function getReadyMails(db: ReadDb, actor: Actor): Promise<ReadyMails> {
  requireCapability(actor, 'closing.ready-mail');
  const person = actorName(actor);
  const { rows: addresses } = await sql<{ address: string | null }>`
    select ready_mail_address(${person}) as address`.execute(db);
  const { rows: requests } = await sql<ReadyMails['requests'][number]>`
    select request_id as "requestId", closing_day as "closingDay", closes_on as "closesOn", each_month as "eachMonth",
      asked_at as "askedAt"
    from ready_mails(${person})`.execute(db);
  const { rows: sent } = await sql<{
    key: string;
    state: MailState;
    asOf: Date;
    sentAt: Date | null;
  }>`
    select key, state, entered_at as "asOf", sent_at as "sentAt" from sent_ready_mails(${person}, ${MOST_SENT})`.execute(
    db,
  );
  return {
    address: addresses[0]?.address ?? null,
    requests,
    sent: sent.map(({ key, ...mail }) => ({ ...closingOfKey(key), ...mail })),
  };
}
