/** Commands of the worker: what a closing waits for is noted, and the mails of a ready one are entered. */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { closingDate } from '../closing/closing-day.ts';
import { enterMail } from '../mail/mail-commands.ts';
import { addMonths, formatJst, monthOf } from '../time.ts';
import type { ClosingState } from './readiness-queries.ts';
import { readyMailKey } from './ready-mail.ts';

interface NamedClosing {
  closingDay: number;
  closesOn: string;
}

/** Notes for a closing that is not ready which report it waits for, and before when it need not be looked at. */
export async function noteAwaitedReport(
  tx: Tx,
  actor: Actor,
  input: NamedClosing & { supplyPointId: number | null; lookAt: Date | null },
): Promise<void> {
  requireCapability(actor, 'closing.read');
  await sql`
    update ready_mail set awaited_supply_point_id = ${input.supplyPointId}, look_at = ${input.lookAt}
    where utility_id = ${actor.utilityId} and closing_day = ${input.closingDay} and closes_on = ${input.closesOn}`.execute(
    tx,
  );
}

export interface ReadyClosing extends NamedClosing {
  /** What the mails say; undefined where no account is to get one. */
  state: ClosingState | undefined;
  /** Instant of the state. */
  asOf: Date;
  /** Address of the site; undefined: the mail names the page. */
  siteUrl: string | undefined;
}

/**
 * Enters the mail of a ready closing for each who asked, and settles the requests with it: one for this closing goes, one
 * for each month goes on to the next. All in the caller's transaction, so that there is one mail for each, or none yet.
 * Returns the number of mails.
 */
export async function announceClosing(tx: Tx, actor: Actor, ready: ReadyClosing): Promise<number> {
  requireCapability(actor, 'closing.read');
  const { closingDay, closesOn, state, asOf } = ready;
  const { utilityId } = actor;
  const { rows: asked } = await sql<{ accountId: number; eachMonth: boolean }>`
    select account_id as "accountId", each_month as "eachMonth" from ready_mail
    where utility_id = ${utilityId} and closing_day = ${closingDay} and closes_on = ${closesOn} for update`.execute(
    tx,
  );
  const monthly = new Set(asked.filter((one) => one.eachMonth).map(({ accountId }) => accountId));
  const recipients = state ? await listReadyMailRecipients(tx, actor, ready) : [];
  let mails = 0;
  for (const recipient of recipients) {
    const input = { ...mailInput(ready, state), eachMonth: yesNo(monthly.has(recipient)) };
    const key = readyMailKey(ready);
    const mail = { recipient, kind: 'closing-ready', input, key, now: asOf } as const;
    if ((await enterMail(tx, actor, mail)).isNew) mails += 1;
  }
  await sql`
    delete from ready_mail
    where utility_id = ${utilityId} and closing_day = ${closingDay} and closes_on = ${closesOn} and not each_month`.execute(
    tx,
  );
  const next = closingDate(addMonths(monthOf(closesOn), 1), closingDay);
  await sql`
    update ready_mail set closes_on = ${next}, awaited_supply_point_id = null, look_at = null
    where utility_id = ${utilityId} and closing_day = ${closingDay} and closes_on = ${closesOn}`.execute(
    tx,
  );
  return mails;
}

/** Accounts that asked for the closing, are not disabled and may read closings. */
export async function listReadyMailRecipients(
  tx: Tx,
  actor: Actor,
  { closingDay, closesOn }: NamedClosing,
): Promise<number[]> {
  requireCapability(actor, 'closing.read');
  const { rows } = await sql<{ accountId: number }>`
    select account_id as "accountId" from ready_mail_recipients(${closingDay}::integer, ${closesOn}::date) as account_id
    order by account_id`.execute(tx);
  return rows.map(({ accountId }) => accountId);
}

const yesNo = (is: boolean): 'yes' | 'no' => (is ? 'yes' : 'no');

function mailInput({ closingDay, closesOn, asOf, siteUrl }: ReadyClosing, state?: ClosingState) {
  if (!state) throw new Error('a mail says how a closing stands');
  const { total, quality, toCheck } = state.counts;
  const { actual, entered, substituted, estimated, certified, none } = quality;
  const [year = 0, month = 0, day = 0] = closesOn.split('-').map(Number);
  return {
    ...{ closingDay, year, month, day, total },
    ...{ actual, entered, substituted, estimated, certified, none },
    ...{ toCheck, overdue: state.overdue },
    asOf: formatJst(asOf).slice(0, 16).replace('T', ' '),
    hasPage: yesNo(siteUrl !== undefined),
    page:
      siteUrl === undefined
        ? ''
        : `${siteUrl}/closing?day=${closingDay}&month=${monthOf(closesOn)}`,
  } as const;
}
