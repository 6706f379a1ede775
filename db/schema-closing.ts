/** Row types of closing runs, in the conventions of db/schema.ts. */
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

/** Tables of closings. */
export interface ClosingTables {
  closing_layout: ClosingLayoutTable;
  closing_layout_version: ClosingLayoutVersionTable;
  closing_run: ClosingRunTable;
  closing_run_row: ClosingRunRowTable;
  closing_run_figure: ClosingRunFigureTable;
  closing_run_file: ClosingRunFileTable;
}
