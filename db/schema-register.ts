/** Row types of changes of the register, in the conventions of db/schema.ts. */
import type { Generated } from 'kysely';

/** Written only by the functions change_stay, change_supply_point and undo_register_change. */
interface RegisterChangeTable {
  utility_id: number;
  change_id: Generated<number>;
  kind: string;
  supply_point_id: number;
  holds_from: string;
  affects_from: string;
  occupancy_id: number | null;
  /** JSON: facts as the API names them. */
  before: unknown;
  after: unknown;
  actor: string;
  actor_name: string;
  audit_id: number;
  made_at: Generated<Date>;
  undone_by: string | null;
  undone_name: string | null;
  undone_at: Date | null;
}

/** Written only by the functions change_supply_point and undo_register_change. */
interface FormerClosingDayTable {
  utility_id: number;
  supply_point_id: number;
  until_on: string;
  closing_day: number;
}

export interface RegisterChangeTables {
  register_change: RegisterChangeTable;
  former_closing_day: FormerClosingDayTable;
}
