/**
 * What a person asks to be told of closings. The changes are functions of the database, which check the person again and
 * write the audit (db/migrations/0039_ready_mail_and_run_marks.sql).
 */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { type Closing, latestClosing } from '../closing/closing-day.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { DomainError, invalidField } from '../errors.ts';
import { addMonths, dayOf, instantOf, monthOf } from '../time.ts';
import { findAwaitedReport } from './readiness-queries.ts';
import { closingAfter, closingOfMonth } from './ready-mail.ts';

const REFUSALS = {
  ready_mail_asked: 'the mail is asked for already',
  ready_mail_address: 'the account has no mail address: the operator enters it',
} as const;
const MONTHS_AHEAD = 12;

export interface ReadyMailAsked {
  closingDay: number;
  /** The closing of this month; null: each month, from the next closing that is not ready. */
  month: string | null;
  now: Date;
}

/**
 * Asks for a mail to the actor when a closing is ready. Errors: `conflict` (asked for already, the closing is ready, no
 * mail address), `invalid_input` (a month far ahead), `forbidden`.
 */
export async function askReadyMail(
  tx: Tx,
  actor: Actor,
  { closingDay, month, now }: ReadyMailAsked,
): Promise<void> {
  requireCapability(actor, 'closing.ready-mail');
  const closing =
    month === null
      ? await firstToCome(tx, actor, { closingDay, now })
      : await notReady(tx, actor, { closingDay, month, now });
  await explainRefusal(REFUSALS, () =>
    sql`select ask_ready_mail(${closingDay}::integer, ${closing.closesOn}::date, ${month === null}, ${now}, ${actorName(actor)})`.execute(
      tx,
    ),
  );
}

/** Takes back what the actor asked for. Errors: `not_found` (also for that of another person), `forbidden`. */
export async function withdrawReadyMail(
  tx: Tx,
  actor: Actor,
  { requestId }: { requestId: number },
): Promise<void> {
  requireCapability(actor, 'closing.ready-mail');
  const { rows } = await sql<{ isGone: boolean }>`
    select withdraw_ready_mail(${requestId}::integer, ${actorName(actor)}) as "isGone"`.execute(tx);
  if (rows[0]?.isGone) return;
  throw new DomainError('not_found', `there is no such request ${requestId}`, { requestId });
}

interface Asked {
  closingDay: number;
  now: Date;
}

async function firstToCome(tx: Tx, actor: Actor, { closingDay, now }: Asked): Promise<Closing> {
  const closing = latestClosing(closingDay, now);
  const isReady = !(await findAwaitedReport(tx, actor, { closingDay, closing, now }));
  return isReady ? closingAfter(closingDay, closing) : closing;
}

async function notReady(
  tx: Tx,
  actor: Actor,
  { closingDay, month, now }: Asked & { month: string },
): Promise<Closing> {
  if (month > addMonths(monthOf(dayOf(now)), MONTHS_AHEAD)) {
    throw invalidField('month', `at most ${MONTHS_AHEAD} months ahead`);
  }
  const closing = closingOfMonth(closingDay, month);
  if (instantOf(closing.closesOn, 24) > now) return closing;
  if (await findAwaitedReport(tx, actor, { closingDay, closing, now })) return closing;
  throw new DomainError('conflict', `the closing of ${closing.closesOn} is ready`, {
    constraint: 'ready_mail_ready',
  });
}
