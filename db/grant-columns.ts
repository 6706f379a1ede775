/** Rights on relations that several roles of db/grants.ts share: kinds and columns. */

export const READ = { select: true } as const;
export const WRITE = { select: true, insert: true, update: true } as const;
export const ALL = { ...WRITE, delete: true } as const;
/** Idempotent requests with their stored answers; a trigger removes old ones. */
export const ANSWERED = {
  select: true,
  insert: ['utility_id', 'actor', 'key', 'route', 'body_hash'],
  update: ['status', 'location', 'answer'],
} as const;
export const AUDITED = { insert: ['utility_id', 'actor', 'act', 'subject', 'detail'] } as const;

/** A terminal without the hash of its secret. */
export const TERMINAL = {
  select: [
    ...['utility_id', 'terminal_id', 'number', 'model', 'report_minute', 'report_window_minutes'],
    ...['registered_at', 'retired_at'],
  ],
} as const;

/** A terminal's state for staff, without the counters of its encryption. */
export const TERMINAL_CONDITION = {
  select: [
    ...[
      'utility_id',
      'terminal_id',
      'last_seen_at',
      'battery_mv',
      'signal_dbm',
      'link',
      'firmware',
    ],
    'clock_offset_s',
  ],
} as const;

/** A refused frame for staff, without its bytes. */
export const REFUSAL = {
  select: [
    ...['utility_id', 'quarantine_id', 'terminal_number', 'reason', 'received_at', 'is_authentic'],
    ...['meter_serial', 'day'],
  ],
} as const;

/** The roll-up by area and day, and its due days. */
export const AREA_DAYS = {
  area_day: READ,
  area_day_hours: READ,
  area_day_due: READ,
  day_change: READ,
  change_position: READ,
} as const;

/** What validation has found, the edits of readings, and the days as they count. */
export const VALIDATED = {
  reading_edit: READ,
  edited_day: READ,
  reading_verdict: READ,
  reading_mark: READ,
  validation_state: READ,
  validation_ahead: READ,
  sound_day: READ,
} as const;

/** The functions of `sound_day`. */
export const SOUND_DAY = [
  ...['sound_index', 'last_known_hour', 'unedited_hours', 'day_is_received'],
] as const;

/** What an edit of a reading would move, and of which issued closings. */
const EDIT_EFFECTS = [
  ...[
    'hour_instant',
    'register_distance',
    'seconded_index',
    'day_registers',
    'counted_register',
    'edit_moves',
    'issued_closings_at',
  ],
] as const;

/** The acts on edits of readings. */
export const EDITS = ['edit_reading', 'second_edit', 'take_back_edit', ...EDIT_EFFECTS] as const;

/** The functions that say when a report is due. */
export const REPORT_WINDOW = ['report_due_after', 'report_due_at', 'last_due_day'] as const;

/** A mail as commands enter it, and have it sent again. */
export const MAIL_ENTERED = {
  select: true,
  insert: ['utility_id', 'account_id', 'kind', 'key', 'input', 'entered_at', 'entered_by'],
  update: ['state', 'drop_reason'],
} as const;

/**
 * A mail as the worker sends it; row security lets it change only those that wait, and enter only those of ready
 * closings.
 */
export const MAIL_SENT = {
  select: true,
  insert: MAIL_ENTERED.insert,
  update: [
    ...['state', 'drop_reason', 'attempts', 'attempted_at', 'last_error'],
    ...['sent_at', 'smtp_reply', 'message_id'],
  ],
} as const;

/** A request for mails of closings as the worker settles it: what was asked for stays, or goes with its mail. */
export const READY_MAIL_SETTLED = {
  select: true,
  update: ['closes_on', 'awaited_supply_point_id', 'look_at'],
  delete: true,
} as const;

/** What a person asks for, reads and takes back of mails of closings. */
export const READY_MAILS = [
  ...['ready_mails', 'ready_mail_address', 'sent_ready_mails'],
  ...['ask_ready_mail', 'withdraw_ready_mail'],
] as const;

/** A change as it is noted for the runs of closings. */
export const NOTED_CHANGE = [
  ...['utility_id', 'what', 'meter_ids', 'days', 'supply_point_id', 'first_day', 'last_day'],
] as const;

/** Runs of closings: states are moved by functions, rows are added to a draft and never changed. */
export const CLOSING_RUNS = {
  closing_layout: READ,
  closing_layout_version: READ,
  closing_run: READ,
  closing_run_row: {
    select: true,
    insert: [
      ...['utility_id', 'run_id', 'row_number', 'supply_point_id', 'occupancy_id'],
      ...['customer_number', 'kind', 'closes_on', 'remembered', 'meter_id', 'fitted_at', 'index_l'],
      ...['read_at', 'previous_meter_id', 'previous_fitted_at', 'previous_index_l', 'previous_at'],
      ...['previous_change', 'previous_floor_l', 'facts'],
    ],
  },
  closing_run_figure: {
    select: true,
    insert: [
      ...['utility_id', 'run_id', 'row_number', 'usage_l', 'usage_m3', 'quality', 'remarks'],
      ...['estimated_index_l', 'estimate_basis', 'register_m3', 'volume_factor', 'correction_l'],
    ],
  },
  closing_run_file: {
    select: true,
    insert: [
      ...['utility_id', 'run_id', 'export', 'format', 'identifiers', 'layout_id', 'layout_version'],
      ...['made_by', 'made_at'],
    ],
  },
} as const;

/** What the worker reads of a closing and writes of its runs and its issue; it notes no file. */
export const CLOSING_ISSUES_MADE = {
  closing_issue: {
    select: true,
    update: ['phase', 'making_on', 'rows_done', 'rows_total', 'heartbeat_at'],
  },
  ...CLOSING_RUNS,
  closing_run_file: READ,
  occupancy: READ,
  tariff: READ,
  former_closing_day: READ,
  meter_day_revision: READ,
  sound_day: READ,
  estimation_setting: READ,
  place_circumstance: READ,
  usage_decision: READ,
  volume_factor: READ,
} as const;

/** The functions by which the worker issues closings that a person or a program asked for. */
export const ISSUING = [
  ...['claim_closing_issue', 'begin_closing_issue', 'finish_closing_issue', 'fail_closing_issue'],
  ...['open_closing_run', 'check_closing_run', 'issue_closing_run', 'sealed_actor'],
  'closing_day_on',
] as const;

/** What estimates are made of; changed by functions alone. */
export const ESTIMATION = {
  estimation_setting: READ,
  place_circumstance: READ,
  usage_decision: READ,
  volume_factor: READ,
} as const;

/** The functions that change it, each with its act in the audit. */
export const ESTIMATION_FUNCTIONS = [
  ...['set_estimation', 'record_circumstance', 'withdraw_circumstance', 'certify_usage'],
  ...['correct_usage', 'withdraw_usage_decision', 'set_volume_factor'],
] as const;

/** What people changed of the register, and the closing days that supply points had before. */
export const REGISTER_CHANGES = { register_change: READ, former_closing_day: READ } as const;

/** The functions that change a supply point in the register, and undo it. */
export const CHANGING_REGISTER = [
  ...['change_stay', 'change_supply_point', 'undo_register_change', 'resting_on_change'],
  ...['closing_files_over', 'closing_day_on'],
  ...['correct_meter', 'remove_meter', 'fit_meter', 'exchange_terminal'],
] as const;

/** The functions about meters and terminals, with those that they are made of. */
export const FITTING_CHANGES = [
  ...['correct_meter', 'remove_meter', 'fit_meter', 'exchange_terminal', 'resting_on_fitting'],
  ...['undo_fitting_change', 'record_fitting_change', 'hold_supply_point', 'highest_register'],
  ...['announce_meter', 'utc_text', 'closings_concerned'],
] as const;
