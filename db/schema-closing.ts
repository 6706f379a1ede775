/** Row types of closing runs and of estimation, in the conventions of db/schema.ts. */
import type { Generated } from 'kysely';

type ClosingRunState = 'draft' | 'checked' | 'issued' | 'superseded';

/** Written only by the functions open_closing_run, check_closing_run and issue_closing_run. */
interface ClosingRunTable {
  utility_id: number;
  run_id: Generated<number>;
  closing_day: number;
  closes_on: string;
  previous_on: string;
  customer_number: string | null;
  rounding: 'floor-of-difference' | 'difference-of-floors' | 'difference-of-floors-0.1' | null;
  rules: number;
  state: ClosingRunState;
  made_by: string;
  made_at: Date;
  row_count: number | null;
  /** JSON: ClosingCounts. */
  counts: unknown;
  checksum: Buffer | null;
  issued_by: string | null;
  issued_name: string | null;
  issued_at: Date | null;
  supersedes: number | null;
  superseded_at: Date | null;
}

interface ClosingRunRowTable {
  utility_id: number;
  run_id: number;
  row_number: number;
  supply_point_id: number;
  occupancy_id: number;
  customer_number: string;
  kind: string;
  closes_on: string;
  remembered: boolean;
  meter_id: number | null;
  fitted_at: Date | null;
  index_l: number | null;
  read_at: Date | null;
  previous_meter_id: number | null;
  previous_fitted_at: Date | null;
  previous_index_l: number | null;
  previous_at: Date | null;
  previous_change: string | null;
  previous_floor_l: number | null;
  /** JSON: ClosingFacts. */
  facts: unknown;
}

interface ClosingRunFigureTable {
  utility_id: number;
  run_id: number;
  row_number: number;
  usage_l: number | null;
  usage_m3: string | null;
  quality: string;
  remarks: string[];
  estimated_index_l: number | null;
  estimate_basis: string | null;
  register_m3: string | null;
  volume_factor: string | null;
  correction_l: number | null;
}

interface ClosingRunFileTable {
  utility_id: number;
  run_id: number;
  export: string;
  format: string;
  identifiers: string | null;
  layout_id: Generated<number | null>;
  layout_version: Generated<number | null>;
  made_by: string;
  made_at: Date;
}

/** The tables of estimation are written only by their functions (0034). */
interface EstimationSettingTable {
  utility_id: number;
  missed_reading: 'none' | 'last-usage' | 'last-usage-by-days';
  interpolate_max_hours: number | null;
  changed_by: string;
  changed_name: Generated<string | null>;
  changed_at: Generated<Date>;
}

interface PlaceCircumstanceTable {
  utility_id: number;
  circumstance_id: Generated<number>;
  supply_point_id: number;
  kind: 'absence' | 'disaster';
  from_on: string;
  to_on: string | null;
  reason: string;
  recorded_by: string;
  recorded_name: Generated<string | null>;
  recorded_at: Generated<Date>;
  withdrawn_by: string | null;
  withdrawn_at: Date | null;
}

interface UsageDecisionTable {
  utility_id: number;
  decision_id: Generated<number>;
  occupancy_id: number;
  kind: 'certified' | 'correction';
  on_day: string;
  litres: number;
  /** Decimal text, as `base_m3`. */
  percent: string | null;
  direction: 'fast' | 'slow' | null;
  base_m3: string | null;
  base_runs: number[] | null;
  reason: string;
  decided_by: string;
  decided_name: string;
  decided_at: Generated<Date>;
  supersedes: number | null;
  withdrawn_by: string | null;
  withdrawn_name: string | null;
  withdrawn_at: Date | null;
}

interface VolumeFactorTable {
  utility_id: number;
  supply_point_id: number;
  from_on: string;
  /** Decimal text. */
  factor: string;
  basis: string;
  recorded_by: string;
  recorded_name: Generated<string | null>;
  recorded_at: Generated<Date>;
}

/** Written only by the functions save_closing_layout and remove_closing_layout. */
interface ClosingLayoutTable {
  utility_id: number;
  layout_id: Generated<number>;
  name: string;
  version: number;
  removed_at: Date | null;
}

interface ClosingLayoutVersionTable {
  utility_id: number;
  layout_id: number;
  version: number;
  name: string;
  /** JSON: LayoutBody. */
  body: unknown;
  made_by: string;
  made_name: string;
  made_at: Date;
}

/** Written only by the functions of issues; the worker notes its progress. */
interface ClosingIssueTable {
  utility_id: number;
  issue_id: Generated<number>;
  closing_day: number;
  closes_on: string[];
  customer_number: string | null;
  rounding: string | null;
  format: string;
  identifiers: string | null;
  layout_id: number | null;
  asked_by: string;
  asked_name: string;
  asked_at: Date;
  state: Generated<string>;
  attempts: Generated<number>;
  begun_at: Date | null;
  phase: string | null;
  making_on: string | null;
  rows_done: number | null;
  rows_total: number | null;
  heartbeat_at: Date | null;
  run_ids: Generated<number[]>;
  new_run_ids: Generated<number[]>;
  failure: string | null;
  failure_detail: string | null;
  /** JSON: FieldFault[]. */
  faults: unknown;
  ended_at: Date | null;
  ended_by: string | null;
  ended_name: string | null;
}

/** Tables of closings. */
export interface ClosingTables {
  closing_layout: ClosingLayoutTable;
  closing_layout_version: ClosingLayoutVersionTable;
  closing_issue: ClosingIssueTable;
  closing_run: ClosingRunTable;
  closing_run_row: ClosingRunRowTable;
  closing_run_figure: ClosingRunFigureTable;
  closing_run_file: ClosingRunFileTable;
  estimation_setting: EstimationSettingTable;
  place_circumstance: PlaceCircumstanceTable;
  usage_decision: UsageDecisionTable;
  volume_factor: VolumeFactorTable;
}
