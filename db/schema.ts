/**
 * Row types of the tables and views that the processes' roles can reach. Units and meanings are comments in the
 * database (db/schema.sql); types are those that the driver returns: `date` is a string YYYY-MM-DD (a JST calendar
 * day), `timestamptz` a Date, `bigint` a number below 2^53.
 */
import type { ColumnType, Generated, Kysely, Transaction } from 'kysely';
import type { ClosingTables } from './schema-closing.ts';
import type { MailTable } from './schema-mail.ts';
import type {
  ChangePositionTable,
  DayChangeTable,
  EditTables,
  FrameQuarantineTable,
  HourlyReadingView,
  MeterDayRevisionTable,
  MeterDayView,
  PollPlanTable,
  ReadingFaultTable,
  ReadingRequestTable,
  ValidationTables,
} from './schema-readings.ts';
import type { RegisterChangeTables } from './schema-register.ts';

export type { DropReason, MailState } from './schema-mail.ts';
export type { Arrival, ChangeKind } from './schema-readings.ts';

export type GasKind = 'city' | 'lp';
export type UsageRounding =
  | 'floor-of-difference'
  | 'difference-of-floors'
  | 'difference-of-floors-0.1';
export type SignInKind = 'staff' | 'consumer';
export type TerminalModel = 'external' | 'us' | 'jo';

export interface UtilityTable {
  utility_id: Generated<number>;
  code: string;
  name: string;
  closing_substitute_max_days: Generated<number>;
  poll_days_back: Generated<number>;
  second_look_l: Generated<number>;
  created_at: Generated<Date>;
}

export interface AreaTable {
  utility_id: number;
  area_id: Generated<number>;
  parent_area_id: number | null;
  code: string;
  name: string;
  gas_kind: GasKind;
  pressure_min_pa: number;
  pressure_max_pa: number;
}

export interface TariffTable {
  utility_id: number;
  tariff_id: Generated<number>;
  code: string;
  name: string;
  gas_kind: GasKind;
  usage_rounding: UsageRounding;
}

export interface SupplyPointTable {
  utility_id: number;
  supply_point_id: Generated<number>;
  number: string;
  area_id: number;
  gas_kind: GasKind;
  closing_day: number;
  tariff_id: number | null;
  opened_on: string;
  closed_on: string | null;
}

export interface OccupancyTable {
  utility_id: number;
  occupancy_id: Generated<number>;
  supply_point_id: number;
  customer_number: string;
  from_on: string;
  to_on: string | null;
}

export interface MeterTable {
  utility_id: number;
  meter_id: Generated<number>;
  serial: string;
  gas_kind: GasKind;
  /** numeric, returned as decimal text */
  size: string;
  dial_l: number;
  verification_expires_on: string | null;
}

export interface MeterFittingTable {
  utility_id: number;
  meter_id: number;
  supply_point_id: number;
  fitted_at: Date;
  removed_at: Date | null;
  start_index_l: number | null;
  final_index_l: number | null;
}

/** Written only by the functions exchange_meter and undo_exchange. */
export interface MeterExchangeTable {
  utility_id: number;
  exchange_id: Generated<number>;
  supply_point_id: number;
  removed_meter_id: number;
  removed_fitted_at: Date;
  fitted_meter_id: number;
  exchanged_at: Date;
  registered_meter: boolean;
  audit_id: number;
  recorded_at: Generated<Date>;
}

export interface WriteRequestTable {
  utility_id: number;
  actor: string;
  key: string;
  route: string;
  body_hash: Buffer;
  status: number | null;
  location: string | null;
  /** JSON; written as text. */
  answer: ColumnType<unknown, string | null, string | null>;
  made_at: Generated<Date>;
}

export interface TerminalTable {
  utility_id: number;
  terminal_id: Generated<number>;
  number: string;
  model: TerminalModel;
  secret_hash: Buffer;
  report_minute: Generated<number>;
  report_window_minutes: Generated<number>;
  registered_at: Generated<Date>;
  retired_at: Date | null;
}

export interface TerminalFittingTable {
  utility_id: number;
  terminal_id: number;
  supply_point_id: number;
  from_at: Date;
  to_at: Date | null;
}

export interface TerminalKeyTable {
  utility_id: number;
  terminal_id: number;
  generation: number;
  wrapped_key: Buffer;
  kek_id: string;
  created_at: Generated<Date>;
  retired_at: Date | null;
}

export interface TerminalStateTable {
  utility_id: number;
  terminal_id: number;
  up_high: Generated<number>;
  /** 64-bit mask: read it as text, because it does not fit a number. */
  up_window: Generated<string>;
  down_counter: Generated<number>;
  last_seen_at: Date | null;
  battery_mv: number | null;
  signal_dbm: number | null;
  link: number | null;
  firmware: number | null;
  clock_offset_s: number | null;
}

export interface TerminalSettingTable {
  utility_id: number;
  terminal_id: number;
  report_minute: number;
  report_window_minutes: number;
  generation: number;
  proven_at: Date;
}

export interface TerminalTestTable {
  utility_id: number;
  test_id: Generated<number>;
  terminal_id: number;
  nonce: number;
  requested_at: Date;
  requested_by: string;
  expires_at: Date;
  sent_at: Date | null;
  acknowledged_at: Date | null;
  answered_at: Date | null;
}

export interface AccountTable {
  utility_id: number;
  account_id: Generated<number>;
  login: string;
  display_name: string;
  /** One of the roles of lib/actor.ts, by the table's check. */
  role: string;
  salt: Buffer;
  scrypt_n: number;
  scrypt_r: number;
  scrypt_p: number;
  verifier: Buffer;
  disabled_at: Date | null;
  mail_address: string | null;
  created_at: Generated<Date>;
}

export interface ConsumerAccessTable {
  utility_id: number;
  occupancy_id: number;
  salt: Buffer;
  scrypt_n: number;
  scrypt_r: number;
  scrypt_p: number;
  verifier: Buffer;
  issued_at: Generated<Date>;
  withdrawn_at: Date | null;
}

export interface SignInTryTable {
  utility_id: number;
  kind: SignInKind;
  typed_hash: Buffer;
  source_hash: Buffer;
  failed_count: number;
  locked_until: Date | null;
  tried_at: Date;
}

export interface KnownDeviceTable {
  utility_id: number;
  kind: SignInKind;
  typed_hash: Buffer;
  device_hash: Buffer;
  used_at: Date;
}

export interface SessionTable {
  utility_id: number;
  session_id: Generated<string>;
  token_hash: Buffer;
  account_id: number | null;
  occupancy_id: number | null;
  started_at: Generated<Date>;
  expires_at: Date;
  revoked_at: Date | null;
}

export interface ApiKeyTable {
  utility_id: number;
  api_key_id: Generated<number>;
  name: string;
  key_hash: Buffer;
  /** Scopes of lib/actor.ts, by the table's check. */
  scopes: string[];
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

export interface ApiKeyUseTable {
  utility_id: number;
  api_key_id: number;
  last_used_on: string | null;
}

export interface AuditTable {
  utility_id: number;
  /** Set by the chain trigger, like at, previous_hash and hash. */
  audit_id: Generated<number>;
  at: Generated<Date>;
  actor: string;
  act: string;
  subject: string;
  detail: Record<string, unknown>;
  previous_hash: Generated<Buffer>;
  hash: Generated<Buffer>;
}

export interface Database
  extends ValidationTables,
    EditTables,
    ClosingTables,
    RegisterChangeTables {
  utility: UtilityTable;
  area: AreaTable;
  tariff: TariffTable;
  supply_point: SupplyPointTable;
  occupancy: OccupancyTable;
  meter: MeterTable;
  meter_fitting: MeterFittingTable;
  meter_exchange: MeterExchangeTable;
  terminal: TerminalTable;
  terminal_fitting: TerminalFittingTable;
  terminal_key: TerminalKeyTable;
  terminal_state: TerminalStateTable;
  terminal_setting: TerminalSettingTable;
  terminal_test: TerminalTestTable;
  meter_day: MeterDayView;
  hourly_reading: HourlyReadingView;
  meter_day_revision: MeterDayRevisionTable;
  reading_request: ReadingRequestTable;
  poll_plan: PollPlanTable;
  day_change: DayChangeTable;
  change_position: ChangePositionTable;
  reading_fault: ReadingFaultTable;
  frame_quarantine: FrameQuarantineTable;
  account: AccountTable;
  consumer_access: ConsumerAccessTable;
  sign_in_try: SignInTryTable;
  known_device: KnownDeviceTable;
  session: SessionTable;
  api_key: ApiKeyTable;
  api_key_use: ApiKeyUseTable;
  audit: AuditTable;
  write_request: WriteRequestTable;
  mail: MailTable;
}

/** Handle for reading in a transaction with a utility set (`readAs`); it cannot write. */
export type ReadDb = Pick<Kysely<Database>, 'selectFrom' | 'with' | 'fn' | 'getExecutor'>;

/** Handle in a read-write transaction with a utility set (`transactAs`). */
export type Tx = Transaction<Database>;
