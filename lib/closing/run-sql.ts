/**
 * SQL of closing runs: rows are written by one statement around the query of all closings, and read in their order.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Closing } from './closing-day.ts';
import {
  type ClosingScope,
  type ClosingSelection,
  CUSTOMER_ORDER,
  closingFacts,
} from './closing-facts-sql.ts';
import { issuedRuns } from './closing-memory-sql.ts';
import type { ClosingFacts, ClosingQuality, ClosingRemark } from './closing-row.ts';
import { dayEnd } from './reading-at-sql.ts';

type Sql = RawBuilder<unknown>;

/** One closing of a selection: each has a run of its own. */
export interface RunSelection extends Omit<ClosingSelection, 'closings'> {
  closing: Closing;
}

/** The selection of one closing for the query of all closings. */
function selectionOf({ closing, ...selection }: RunSelection): ClosingSelection {
  return { ...selection, closings: [closing] };
}

/** A stored row: its facts and the figures that were issued. */
export interface StoredRow {
  runId: number;
  rowNumber: number;
  facts: ClosingFacts;
  usageL: number | null;
  usageM3: string | null;
  quality: ClosingQuality;
  remarks: ClosingRemark[];
  /** Register that was reckoned and issued; null where it was read. */
  estimatedIndexL: number | null;
  registerM3: string | null;
  volumeFactor: string | null;
  correctionL: number | null;
}

const instant = (column: string) => sql`to_timestamp(${sql.ref(column)})`;

/** Columns of closing_run_row after row_number, from a row of ClosingFacts `f`. */
function factColumns(selection: RunSelection): Sql {
  const { closingDay, closing } = selection;
  const registered = sql`(closing_day_on(f."supplyPointId", ${closing.closesOn}::date) = ${closingDay}::integer)`;
  const readAt = sql`((f."closesOn" + 1)::timestamp at time zone 'Asia/Tokyo') - make_interval(secs => f."lagS")`;
  return sql`
    f."supplyPointId" as supply_point_id, f."occupancyId" as occupancy_id, f."customerNumber" as customer_number, f.kind,
    f."closesOn" as closes_on, ${selection.customerNumber === undefined ? sql`true` : registered} as remembered,
    f."meterId" as meter_id, ${instant('f.fittedAtS')} as fitted_at, f."indexL" as index_l, ${readAt} as read_at,
    f."previousMeterId" as previous_meter_id, ${instant('f.previousFittedAtS')} as previous_fitted_at,
    f."previousIndexL" as previous_index_l, ${instant('f.previousAtS')} as previous_at,
    f."previousChange" as previous_change, f."previousFloorL" as previous_floor_l, row_to_json(f) as facts`;
}

const COLUMNS = sql`supply_point_id, occupancy_id, customer_number, kind, closes_on, remembered, meter_id, fitted_at, index_l,
  read_at, previous_meter_id, previous_fitted_at, previous_index_l, previous_at, previous_change, previous_floor_l, facts`;

export interface NewRun {
  runId: number;
  selection: RunSelection;
  scope: ClosingScope;
}

/**
 * Writes all rows of a draft. A row that was issued of this closing and that a later billed row counts from is kept as
 * it was issued: what changed of it stands in the later one.
 */
export function insertRunRows(run: NewRun): Sql {
  return sql`
    insert into closing_run_row (utility_id, run_id, row_number, ${COLUMNS}) ${runRows(run)}`;
}

/** The query whose rows are the run; separate for measuring it without the insert. */
export function runRows({ runId, selection, scope }: NewRun): Sql {
  const { utilityId, remembers } = scope;
  const fresh = sql`
    select ${factColumns(selection)} from (${closingFacts(selectionOf(selection), scope)}) f`;
  const rows = remembers
    ? sql`(
      with kept as materialized (${keptRows(utilityId, selection)})
      select ${COLUMNS} from kept
      union all
      select ${COLUMNS} from (${fresh}) fresh
      full join (select distinct k.occupancy_id as kept_id from kept k) k on k.kept_id = fresh.occupancy_id
      where coalesce(k.kept_id, 0) = 0)`
    : sql`(${fresh})`;
  return sql`
    select ${utilityId}::integer, ${runId}::integer,
      row_number() over (order by ${CUSTOMER_ORDER}, "customerNumber" collate "C", closes_on, occupancy_id, kind), ${COLUMNS}
    from (select *, customer_number as "customerNumber" from ${rows} r) u`;
}

/**
 * Rows that were issued of this closing and selection, from which a later issued row counts that was billed. Of a place
 * that has another closing day since, for which no new row is made, also those from which any later row counts, and final ones.
 */
function keptRows(utilityId: number, { closingDay, closing, customerNumber }: RunSelection): Sql {
  const own = customerNumber === undefined ? sql`true` : sql`r.customer_number = ${customerNumber}`;
  const isElsewhere = sql`closing_day_on(issued.supply_point_id, ${closing.closesOn}::date) <> ${closingDay}::integer`;
  const ofClosing = sql`n.closing_day = ${closingDay}::smallint and n.closes_on = ${closing.closesOn}::date`;
  return sql`
    select ${COLUMNS} from (
      select distinct on (r.occupancy_id, r.kind) r.*
      from closing_run_row r
      where r.utility_id = ${utilityId}::integer and r.run_id = any (${issuedRuns(ofClosing)}) and r.remembered and ${own}
      order by r.occupancy_id, r.kind, r.run_id desc
    ) issued
    -- A scalar look-up by occupancy: as a join it might read all rows for each.
    where (select true from closing_run_row l
           where l.utility_id = issued.utility_id and l.occupancy_id = issued.occupancy_id and l.remembered
             -- It counts from this closing, or from one before it and so over it.
             and l.previous_at <= ${dayEnd(sql`issued.closes_on`)}
             and l.run_id + 0 = any (${issuedRuns(sql`n.closes_on >= ${closing.closesOn}::date and not (${ofClosing})`)})
             and ((select g.usage_l from closing_run_figure g
                   where g.utility_id = l.utility_id and g.run_id = l.run_id and g.row_number = l.row_number) is not null
               or ${isElsewhere})
           limit 1)
      or issued.kind = 'final' and ${isElsewhere}`;
}

/** Rows of ClosingFacts of a stored run as the readings say today, in no order. */
export function factsToday(selection: RunSelection, scope: ClosingScope): RawBuilder<ClosingFacts> {
  return closingFacts(selectionOf(selection), scope);
}

/** Stored rows of runs in the order of their file. */
export function storedRows(utilityId: number, runIds: readonly number[]): RawBuilder<StoredRow> {
  const order =
    runIds.length === 1
      ? sql`r.row_number`
      : sql`${CUSTOMER_ORDER}, r."customerNumber" collate "C", r.closes_on, r.row_number`;
  return sql<StoredRow>`
    select ${STORED} from (
      select s.*, s.customer_number as "customerNumber" from closing_run_row s
      where s.utility_id = ${utilityId}::integer and s.run_id = any (${[...runIds]}::integer[])
    ) r
    ${FIGURES}
    order by ${order}`;
}

/** Figures `g` of a row `r`, looked up by key: of tables that were filled a moment ago the planner knows nothing. */
export const FIGURES = sql`
    cross join lateral (select f.* from closing_run_figure f
      where f.utility_id = r.utility_id and f.run_id = r.run_id and f.row_number = r.row_number limit 1) g`;

/** Columns of StoredRow, of a row `r` with its figures `g`. */
export const STORED = sql`r.run_id as "runId", r.row_number as "rowNumber", r.facts, g.usage_l as "usageL",
  g.usage_m3 as "usageM3", g.quality, g.remarks, g.estimated_index_l as "estimatedIndexL", g.register_m3 as "registerM3", g.volume_factor as "volumeFactor",
  g.correction_l as "correctionL"`;
