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

/** `meter_day` as it counts: without registers in doubt, with edits. */
interface SoundDayView
  extends Omit<MeterDayView, 'counter' | 'frame_check' | 'terminal_id' | 'arrival'> {
  /** Null, like `arrival`, for a day of which only an entered register is known. */
  terminal_id: number | null;
  arrival: Arrival | null;
  doubtful_hours: number[] | null;
  entered_hours: number[] | null;
}

export type EditKind = 'struck' | 'entered' | 'confirmed';

/** Written only by the functions edit_reading, second_edit and take_back_edit. */
interface ReadingEditTable {
  utility_id: number;
  edit_id: Generated<number>;
  meter_id: number;
  day: string;
  kind: EditKind;
  hours: number[];
  index_l: number[];
  received_l: (number | null)[];
  reason: string;
  note: string;
  moved_l: number;
  counted_hours: Generated<number[]>;
  state: 'proposed' | 'standing' | 'refused' | 'taken-back' | 'superseded';
  made_by: string;
  made_name: string;
  made_at: Date;
  seconded_by: string | null;
  seconded_name: string | null;
  seconded_at: Date | null;
  taken_back_by: string | null;
  taken_back_name: string | null;
  taken_back_at: Date | null;
  superseded_by: number | null;
  superseded_at: Date | null;
}

/** Kept by those functions. */
interface EditedDayTable {
  utility_id: number;
  meter_id: number;
  day: string;
  hours: number[];
  kinds: EditKind[];
  index_l: number[];
  edit_ids: number[];
  entered_hours: number[];
  changed_at: Date;
}

/** Edits of readings. */
export interface EditTables {
  reading_edit: ReadingEditTable;
  edited_day: EditedDayTable;
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

interface ReadingMarkTable {
  utility_id: number;
  meter_id: number;
  rule: string;
  from_on: string;
  to_on: string;
  litres: number;
  facts: Record<string, number | string | null>;
  marked_at: Date;
  stands: Generated<boolean>;
  seen_by: string | null;
  seen_name: string | null;
  seen_at: Date | null;
  note: string | null;
}

interface TerminalClockDoubtTable {
  utility_id: number;
  terminal_id: number;
  day: string;
  offset_s: number;
  noted_at: Date;
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
  reading_mark: ReadingMarkTable;
  terminal_clock_doubt: TerminalClockDoubtTable;
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
  | 'edited'
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
