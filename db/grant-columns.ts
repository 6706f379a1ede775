/** Rights that several roles of db/grants.ts have on a relation: of which kinds, and on which columns. */

export const READ = { select: true } as const;
export const WRITE = { select: true, insert: true, update: true } as const;
export const ALL = { ...WRITE, delete: true } as const;
/** A request by its key and the answer that it got; a trigger takes old ones away. */
export const ANSWERED = {
  select: true,
  insert: ['utility_id', 'actor', 'key', 'route', 'body_hash'],
  update: ['status', 'location', 'answer'],
} as const;
export const AUDITED = { insert: ['utility_id', 'actor', 'act', 'subject', 'detail'] } as const;

/** Of a terminal all but the hash of its secret. */
export const TERMINAL = {
  select: [
    ...['utility_id', 'terminal_id', 'number', 'model', 'report_minute', 'report_window_minutes'],
    ...['registered_at', 'retired_at'],
  ],
} as const;

/** Of a terminal's state what a desk looks at, without the counters of its encryption. */
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

/** Of a refused frame what a desk looks at, without its bytes. */
export const REFUSAL = {
  select: [
    ...['utility_id', 'quarantine_id', 'terminal_number', 'reason', 'received_at', 'is_authentic'],
    ...['meter_serial', 'day'],
  ],
} as const;

/** The roll-up by area and day, and what it does not know yet. */
export const AREA_DAYS = {
  area_day: READ,
  area_day_hours: READ,
  area_day_due: READ,
  day_change: READ,
  change_position: READ,
} as const;

/** A mail as commands enter it, and have it sent again. */
export const MAIL_ENTERED = {
  select: true,
  insert: ['utility_id', 'account_id', 'kind', 'key', 'input', 'entered_at', 'entered_by'],
  update: ['state', 'drop_reason'],
} as const;

/** A mail as the worker sends it: it enters none, and row security lets it change only those that wait. */
export const MAIL_SENT = {
  select: true,
  update: [
    ...['state', 'drop_reason', 'attempts', 'attempted_at', 'last_error'],
    ...['sent_at', 'smtp_reply', 'message_id'],
  ],
} as const;
