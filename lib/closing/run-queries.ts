/** Stored runs of closings: what was issued, and its rows as they were printed. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { requireCapability, requireOneOf } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { type Page, readPage } from '../list-page.ts';
import type { UsageRounding } from './billed-usage.ts';
import { type ClosingFilter, isShown, noCounts } from './closing-counts.ts';
import type { ClosingRow } from './closing-row.ts';
import { onWire } from './closing-wire.ts';
import { type StoredRow, storedRows } from './run-sql.ts';
import { RunChecksum } from './run-state.ts';
import type { ClosingRun, ClosingRunRows, ClosingRuns } from './run-wire.ts';
import { storedClosingRow } from './stored-row.ts';

export interface RunsInput extends Page {
  closingDay?: number | undefined;
  closesOn?: string | undefined;
}

/** Runs that were issued or superseded, the latest first. @throws DomainError `forbidden` */
export async function listRuns(db: ReadDb, actor: Actor, input: RunsInput): Promise<ClosingRuns> {
  requireCapability(actor, 'closing.read');
  const { total, rows } = await readPage(input, (page) =>
    runsOf(db, actor, { ...input, ...page, runId: null }),
  );
  return { total, rows: rows.map(withoutTotal) };
}

/** @throws DomainError `not_found`, `forbidden` */
export async function getRun(db: ReadDb, actor: Actor, runId: number): Promise<ClosingRun> {
  requireOneOf(actor, ['closing.read', 'closing.export']);
  const [run] = await runsOf(db, actor, { runId, limit: 1, offset: 0 });
  if (!run) throw new DomainError('not_found', `there is no run ${runId} of a closing`, { runId });
  return withoutTotal(run);
}

type CountedRun = ClosingRun & { total: number };

function withoutTotal({ total: _total, ...run }: CountedRun): ClosingRun {
  return run;
}

async function runsOf(
  db: ReadDb,
  actor: Actor,
  { runId, closingDay = undefined, closesOn, limit, offset }: RunsInput & { runId: number | null },
): Promise<CountedRun[]> {
  const { rows } = await sql<CountedRun>`
    select n.run_id as "runId", n.closing_day as "closingDay", n.closes_on as "closesOn", n.previous_on as "previousOn",
      n.customer_number as "customerNumber", n.rounding, n.rules, n.state,
      n.issued_by as "issuedBy", n.issued_name as "issuedName", n.issued_at as "issuedAt", n.counts,
      encode(n.checksum, 'hex') as checksum, n.supersedes, n.superseded_at as "supersededAt",
      n.total::integer as total, coalesce(f.files, '[]') as files
    from (
      select r.*, count(*) over () as total from closing_run r
      where r.utility_id = ${actor.utilityId} and r.state in ('issued', 'superseded')
        and (${runId}::integer is null or r.run_id = ${runId})
        and (${closingDay ?? null}::integer is null or r.closing_day = ${closingDay ?? null})
        and (${closesOn ?? null}::date is null or r.closes_on = ${closesOn ?? null}::date)
      order by r.run_id desc limit ${limit} offset ${offset}
    ) n
    left join lateral (
      select json_agg(json_build_object('format', m.format, 'identifiers', m.identifiers,
        'layout', case when m.layout_id is not null then json_build_object('layoutId', m.layout_id, 'version', m.layout_version,
          'name', (select v.name from closing_layout_version v where v.utility_id = m.utility_id and v.layout_id = m.layout_id
                     and v.version = m.layout_version)) end,
        'madeBy', m.made_by, 'madeAt', m.made_at) order by m.made_at desc) as files
      from (select * from closing_run_file e where e.utility_id = n.utility_id and e.run_id = n.run_id
            order by e.made_at desc limit 20) m
    ) f on true
    order by n.run_id desc`.execute(db);
  return rows.map((run) => ({
    ...run,
    counts: {
      ...run.counts,
      // A run that is older than a quality has no rows of it.
      quality: { ...noCounts().quality, ...run.counts.quality },
      account: run.counts.account ? { ...noCounts().account, ...run.counts.account } : null,
      missing: run.counts.missing ?? null,
    },
    files: run.files.map((file) => ({ ...file, madeAt: new Date(file.madeAt) })),
  }));
}

export interface RunRowsInput extends Page {
  runId: number;
  show: ClosingFilter;
}

/** A page of a run's rows as they were printed. @throws DomainError `not_found`, `forbidden` */
export async function listRunRows(
  db: ReadDb,
  actor: Actor,
  { runId, show, offset, limit }: RunRowsInput,
): Promise<ClosingRunRows> {
  requireCapability(actor, 'closing.read');
  const rows: ClosingRunRows['rows'] = [];
  let total = 0;
  for await (const { row } of streamRunRows(db, actor, [runId])) {
    if (!isShown(row, show)) continue;
    if (total >= offset && rows.length < limit) rows.push(onWire(row));
    total += 1;
  }
  return { total, rows };
}

/** A row of a run as it was printed. */
export interface RunRow {
  runId: number;
  row: ClosingRow;
}

/**
 * Rows of issued runs as they were printed, in the order of their file: by customer, then by closing. Read from the
 * server `chunkRows` at a time.
 * @throws DomainError `not_found`, `forbidden`
 */
export async function* streamRunRows(
  db: ReadDb,
  actor: Actor,
  runIds: readonly number[],
  chunkRows = 1000,
): AsyncGenerator<RunRow> {
  requireOneOf(actor, ['closing.read', 'closing.export']);
  const roundings = new Map<number, UsageRounding | null>();
  for (const runId of runIds) roundings.set(runId, (await getRun(db, actor, runId)).rounding);
  if (runIds.length === 0) return;
  const executor = db.getExecutor();
  const compiled = storedRows(actor.utilityId, runIds).compile({ getExecutor: () => executor });
  for await (const { rows } of executor.stream<StoredRow>(compiled, chunkRows)) {
    for (const stored of rows) {
      const { runId } = stored;
      yield { runId, row: storedClosingRow(stored, roundings.get(runId) ?? null) };
    }
  }
}

/**
 * Rows of runs as they were printed, in the order of their file, compared with the checksums at the end.
 * @throws Error when the rows of a run are not those that were issued
 */
export async function* streamIssuedRows(
  db: ReadDb,
  actor: Actor,
  runs: readonly { runId: number; checksum: Buffer }[],
): AsyncGenerator<ClosingRow> {
  const sums = new Map(runs.map(({ runId }) => [runId, new RunChecksum()]));
  for await (const { runId, row } of streamRunRows(db, actor, [...sums.keys()])) {
    sums.get(runId)?.add(row);
    yield row;
  }
  for (const { runId, checksum } of runs) {
    if (sums.get(runId)?.digest().equals(checksum)) continue;
    throw new Error(`the rows of run ${runId} are not those that were issued`);
  }
}
