/** Row types of readings and of refused frames, as in db/schema.sql. */
import type { Generated } from 'kysely';

/** 1 on time, 2 late, 3 back-fill of history, 4 answer to a request. */
export type Arrival = 1 | 2 | 3 | 4;

export interface MeterDayView {
  utility_id: number;
  meter_id: number;
  day: string;
  index_l: (number | null)[];
  pressure_pa: (number | null)[];
  closing_index_l: number | null;
  closing_hour: number | null;
  terminal_id: number;
  counter: number;
  frame_check: number;
  received_at: Date;
  arrival: Arrival;
  revision: number;
}

/** `meter_day` without the registers in doubt. */
interface SoundDayView extends Omit<MeterDayView, 'counter' | 'frame_check'> {
  doubtful_hours: number[] | null;
}

interface ReadingVerdictTable {
  utility_id: number;
  meter_id: number;
  day: string;
  hours: number[];
  index_l: number[];
  rules: string[];
  step_hours: number[];
  step_rules: string[];
  doubt_l: Generated<number[]>;
  step_l: Generated<number[]>;
  judged_at: Date;
}

interface ValidationStateTable {
  utility_id: number;
  rules_version: Generated<number>;
  next_version: number | null;
  next_meter_id: number | null;
}

interface ValidationAheadTable {
  utility_id: number;
  /** xid8 as text. */
  transaction_id: string;
  change_id: number;
}

/** What validation has found, and how far it is. */
export interface ValidationTables {
  reading_verdict: ReadingVerdictTable;
  sound_day: SoundDayView;
  validation_state: ValidationStateTable;
  validation_ahead: ValidationAheadTable;
}

export interface HourlyReadingView {
  utility_id: number;
  meter_id: number;
  day: string;
  hour_ending: number;
  at: Date;
  index_l: number | null;
  pressure_pa: number | null;
}

export interface MeterDayRevisionTable {
  utility_id: number;
  revision_id: Generated<number>;
  meter_id: number;
  day: string;
  revision: number;
  change: 'completed' | 'corrected';
  index_l: (number | null)[];
  pressure_pa: (number | null)[];
  terminal_id: number;
  counter: number;
  frame_check: number;
  received_at: Date;
  arrival: Arrival;
  superseded_at: Date;
}

export interface ReadingRequestTable {
  utility_id: number;
  meter_id: number;
  day: string;
  terminal_id: number;
  reason: 'absent' | 'incomplete';
  first_hour: number;
  last_hour: number;
  due_at: Date;
  asked_count: Generated<number>;
  last_asked_at: Date | null;
  answered_at: Date | null;
  given_up_at: Date | null;
}

export interface ReadingFaultTable {
  utility_id: number;
  meter_id: number;
  day: string;
  hour_ending: number;
  index_l: number;
  terminal_id: number;
  received_at: Date;
}

export interface FrameQuarantineTable {
  quarantine_id: Generated<number>;
  utility_id: number | null;
  terminal_number: string;
  topic: string;
  reason: string;
  reason_offset: number | null;
  bytes: Buffer;
  received_at: Generated<Date>;
  is_authentic: Generated<boolean>;
  meter_serial: string | null;
  day: string | null;
}

export interface PollPlanTable {
  utility_id: number;
  planned_until: Date;
  looked_back_at: Date;
}

/** Kind of a change of days or of the register: see docs/changes.md. */
export type ChangeKind =
  | 'on-time'
  | 'late'
  | 'back-fill'
  | 'requested'
  | 'completed'
  | 'corrected'
  | 'register'
  | 'limits';

export interface DayChangeTable {
  utility_id: number;
  /** xid8 as text. */
  transaction_id: string;
  change_id: number;
  what: ChangeKind;
  meter_ids: number[];
  days: string[] | null;
  area_ids: number[] | null;
  first_day: string | null;
  last_day: string | null;
}

export interface ChangePositionTable {
  utility_id: number;
  reader: string;
  transaction_id: string;
  change_id: number;
}
