/** Issues of closings: what was asked for, how far it is, how it ended. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireOneOf } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { type Page, readPage } from '../list-page.ts';
import { closingDate } from './closing-day.ts';
import type { ClosingIssue, ClosingIssues } from './issue-wire.ts';

export interface IssuesInput extends Page {
  closingDay?: number | undefined;
  /** YYYY-MM of one of its closings. */
  month?: string | undefined;
  now: Date;
}

/** Issues, the latest first. @throws DomainError `forbidden` */
export async function listIssues(
  db: ReadDb,
  actor: Actor,
  input: IssuesInput,
): Promise<ClosingIssues> {
  requireOneOf(actor, ['closing.read', 'closing.export']);
  const { total, rows } = await readPage(input, (page) =>
    issuesOf(db, actor, { ...input, ...page, issueId: null }),
  );
  return { total, rows: rows.map(withoutTotal) };
}

/** @throws DomainError `not_found`, `forbidden` */
export async function getIssue(
  db: ReadDb,
  actor: Actor,
  { issueId, now }: { issueId: number; now: Date },
): Promise<ClosingIssue> {
  requireOneOf(actor, ['closing.read', 'closing.export']);
  const [issue] = await issuesOf(db, actor, { issueId, now, limit: 1, offset: 0 });
  if (issue) return withoutTotal(issue);
  throw new DomainError('not_found', `there is no issue ${issueId} of closings`, { issueId });
}

type CountedIssue = ClosingIssue & { total: number };

function withoutTotal({ total: _total, ...issue }: CountedIssue): ClosingIssue {
  return issue;
}

async function issuesOf(
  db: ReadDb,
  actor: Actor,
  { issueId, closingDay, month, now, limit, offset }: IssuesInput & { issueId: number | null },
): Promise<CountedIssue[]> {
  const { rows } = await sql<CountedIssue>`
    select i.issue_id as "issueId", i.closing_day as "closingDay", i.closes_on::text[] as closings,
      i.customer_number as "customerNumber", i.rounding, i.format, i.identifiers, i.layout_id as layout,
      i.asked_by as "askedBy", i.asked_name as "askedName", i.asked_at as "askedAt", i.state, i.attempts, i.begun_at as "begunAt",
      i.phase, i.making_on as "makingOn", i.rows_done as "rowsDone", i.rows_total as "rowsTotal", i.heartbeat_at as "heartbeatAt",
      (select count_workers() > 0) as "hasWorker", i.failure, i.failure_detail as "failureDetail",
      coalesce(i.faults, '[]') as faults, i.ended_at as "endedAt", i.ended_name as "endedName",
      i.total::integer as total, coalesce(r.runs, '[]') as runs
    from (
      select n.*, count(*) over () as total from closing_issue n
      where n.utility_id = ${actor.utilityId}
        and (${issueId}::integer is null or n.issue_id = ${issueId})
        and (${closingDay ?? null}::integer is null or n.closing_day = ${closingDay ?? null})
        and (${month ?? null}::text is null or n.closes_on && ${daysOf(closingDay, month)}::date[])
      order by n.issue_id desc limit ${limit} offset ${offset}
    ) i
    left join lateral (
      select json_agg(json_build_object('runId', c.run_id, 'closesOn', c.closes_on, 'rows', c.row_count,
        'isNew', c.run_id = any (i.new_run_ids)) order by c.closes_on) as runs
      from closing_run c where c.utility_id = i.utility_id and c.run_id = any (i.run_ids)
    ) r on true
    order by i.issue_id desc`.execute(db);
  return rows.map((row) => ({ ...row, asOf: now }));
}

/** The days of a month on which a closing may be: one of the closing day, or all. */
function daysOf(closingDay: number | undefined, month: string | undefined): string[] {
  if (month === undefined) return [];
  const days = Array.from({ length: 31 }, (_, at) => at + 1);
  return (closingDay === undefined ? days : [closingDay]).map((day) => closingDate(month, day));
}

/** An issue as the worker takes it. */
export interface IssueToMake {
  issueId: number;
  closingDay: number;
  /** Days of the closings, in order. */
  closings: string[];
  customerNumber: string | null;
  rounding: ClosingIssue['rounding'];
  format: ClosingIssue['format'];
  identifiers: ClosingIssue['identifiers'];
  layout: number | null;
  askedBy: string;
  askedAt: Date;
  attempts: number;
}

/** The next issue of a utility that waits, or whose worker ended; undefined without one. */
export async function findNextIssue(
  db: ReadDb,
  utilityId: number,
): Promise<IssueToMake | undefined> {
  const { rows } = await sql<IssueToMake>`
    select issue_id as "issueId", closing_day as "closingDay", closes_on::text[] as closings, customer_number as "customerNumber",
      rounding, format, identifiers, layout_id as layout, asked_by as "askedBy", asked_at as "askedAt", attempts
    from closing_issue where utility_id = ${utilityId} and state in ('waiting', 'making') order by issue_id limit 1`.execute(
    db,
  );
  return rows[0];
}
