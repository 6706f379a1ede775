/**
 * Issuing of closings as work that the worker does: asking for it, and cancelling it. They are functions of the database,
 * which check the right again and write the audit (db/migrations/0038_closing_issues.sql).
 */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { elementAt } from '../certain.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { invalidField } from '../errors.ts';
import type { UsageRounding } from './billed-usage.ts';
import { closingCalendar } from './closing-day.ts';
import type { FileChoice } from './file-choice.ts';
import { getFileKind } from './file-choice-queries.ts';
import { getIssue } from './issue-queries.ts';
import type { ClosingIssue } from './issue-wire.ts';

const REFUSALS = {
  closing_issue_other:
    'one of these closings is being issued with another selection: wait for its end, or cancel it',
  closing_issue_many: 'many closings wait to be issued: wait for their end, or cancel some',
  closing_issue_ended: 'it has ended already: look at it again',
} as const;

export interface IssueToAsk extends FileChoice {
  closingDay: number;
  /** Months YYYY-MM, both included. */
  from: string;
  to: string;
  customer?: string | undefined;
  rounding?: UsageRounding | undefined;
  now: Date;
}

export interface AskedIssue {
  issue: ClosingIssue;
  /** False: the same closings were being issued already, by that issue. */
  isNew: boolean;
}

/**
 * Asks the worker to issue the closings of the months that have passed. Where the same ones are waited for or being made,
 * yields that issue. Errors: `invalid_input` (also where none has passed, or no customer has the number), `not_found` (the layout), `conflict` (one of the
 * closings is being issued with another selection, or many wait), `forbidden`.
 */
export async function askIssue(
  tx: Tx,
  actor: Actor,
  { closingDay, from, to, customer, rounding, now, ...choice }: IssueToAsk,
): Promise<AskedIssue> {
  requireCapability(actor, 'closing.export');
  const { closings } = closingCalendar({ closingDay, fromMonth: from, toMonth: to }, now);
  if (closings.length === 0) throw invalidField('from', 'no closing of these months has passed');
  if (customer !== undefined) await requireCustomer(tx, actor, customer);
  await getFileKind(tx, actor, choice);
  const closesOn = closings.map((closing) => closing.closesOn);
  const { rows } = await explainRefusal(REFUSALS, () =>
    sql<{ issueId: number; isNew: boolean }>`
      select a.issue_id as "issueId", a.is_new as "isNew"
      from ask_closing_issue(${closingDay}::integer, ${closesOn}::date[], ${customer ?? null}::text, ${rounding ?? null}::text,
        ${choice.format}::text, ${choice.identifiers ?? null}::text, ${choice.layout ?? null}::integer, ${now},
        ${actorName(actor)}) a`.execute(tx),
  );
  const { issueId, isNew } = elementAt(rows, 0);
  return { issue: await getIssue(tx, actor, { issueId, now }), isNew };
}

async function requireCustomer(tx: Tx, { utilityId }: Actor, customer: string): Promise<void> {
  const found = await tx
    .selectFrom('occupancy')
    .select('occupancy_id')
    .where('utility_id', '=', utilityId)
    .where('customer_number', '=', customer)
    .limit(1)
    .executeTakeFirst();
  if (!found) throw invalidField('customer', 'no customer has this number');
}

export interface IssueToCancel {
  issueId: number;
  now: Date;
}

/**
 * Cancels an issue: from the commit on nothing of it can be issued, and the worker ends its statement. Errors: `not_found`,
 * `conflict` (it has ended), `forbidden`.
 */
export async function cancelIssue(
  tx: Tx,
  actor: Actor,
  { issueId, now }: IssueToCancel,
): Promise<ClosingIssue> {
  requireCapability(actor, 'closing.export');
  await getIssue(tx, actor, { issueId, now });
  await explainRefusal(REFUSALS, () =>
    sql`select cancel_closing_issue(${issueId}::integer, ${now}, ${actorName(actor)})`.execute(tx),
  );
  return getIssue(tx, actor, { issueId, now });
}
