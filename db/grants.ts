/**
 * The list of all rights of the roles. `migrate` revokes every right of these roles and grants this list; a test
 * compares the catalogue with it in both directions. A new verb that needs a table or a function adds its line. Row
 * security decides on rows: a role with any right on a table is named by the table's policy `tenant`.
 */

import {
  ALL,
  ANSWERED,
  AREA_DAYS,
  AUDITED,
  CLOSING_RUNS,
  MAIL_ENTERED,
  MAIL_SENT,
  READ,
  REFUSAL,
  REPORT_WINDOW,
  TERMINAL,
  TERMINAL_CONDITION,
  WRITE,
} from './grant-columns.ts';

export type ProcessRole = 'kenshin_web' | 'kenshin_ingest' | 'kenshin_worker' | 'kenshin_app';
/** Roles without login that own functions; their functions run with these rights. */
export type OwnerRole =
  | 'kenshin_lookup'
  | 'kenshin_seal'
  | 'kenshin_store'
  | 'kenshin_jobs'
  | 'kenshin_register';
export type Role = ProcessRole | OwnerRole;

/** True: the whole relation; otherwise the names of columns. */
type Columns = true | readonly string[];

export interface RoleGrants {
  schemas: readonly string[];
  /** By relation; default schema `public`. */
  relations: Readonly<
    Record<string, Partial<Record<'select' | 'insert' | 'update' | 'delete', Columns>>>
  >;
  /** Names of functions, with all overloads; default schema `public`. */
  functions: readonly string[];
  types: readonly string[];
}

export const GRANTS: Readonly<Record<Role, RoleGrants>> = {
  // The web process. It names a utility only by the token of a live session or by a live key.
  kenshin_web: {
    schemas: ['public'],
    relations: {
      utility: READ,
      area: READ,
      tariff: READ,
      supply_point: READ,
      occupancy: READ,
      meter: READ,
      meter_fitting: READ,
      meter_exchange: READ,
      terminal: TERMINAL,
      terminal_fitting: READ,
      terminal_state: TERMINAL_CONDITION,
      meter_day: READ,
      meter_day_revision: READ,
      reading_request: READ,
      reading_fault: READ,
      frame_quarantine: REFUSAL,
      write_request: ANSWERED,
      audit: AUDITED,
      ...AREA_DAYS,
      ...CLOSING_RUNS,
    },
    functions: [
      ...['begin_sign_in', 'finish_sign_in', 'claim_session', 'claim_api_key', 'end_session'],
      ...['current_utility_id', 'sign_in_utility', 'sealed_actor'],
      ...['exchange_meter', 'undo_exchange', 'resting_on_exchange', 'closing_files_of'],
      ...['open_closing_run', 'check_closing_run', 'issue_closing_run'],
      ...REPORT_WINDOW,
    ],
    types: [],
  },
  // The sidecar. It serves every utility, and writes through functions.
  kenshin_ingest: {
    schemas: ['public'],
    relations: {
      utility: READ,
      meter_fitting: READ,
      terminal: TERMINAL,
      terminal_fitting: READ,
      terminal_state: TERMINAL_CONDITION,
      meter_day: READ,
      meter_day_revision: READ,
      reading_request: { select: true, update: true },
      reading_fault: READ,
      terminal_setting: WRITE,
      terminal_test: { select: true, update: ['sent_at', 'acknowledged_at', 'answered_at'] },
    },
    functions: [
      ...['current_utility_id', 'serve_utility', 'terminal_for_connect'],
      ...['store_day_reports', 'quarantine_frame', 'take_down_counters', 'terminals_called'],
      ...['take_uplink_frames', 'claim_terminals', 'release_terminals', 'hold_terminals'],
      ...['keep_process', 'note_reading_faults', 'lacks_hours', 'settle_reading_requests_of'],
    ],
    types: ['day_report_row', 'terminal_mark'],
  },
  // The worker. It serves every utility, takes jobs from the queue and plans the polling.
  kenshin_worker: {
    schemas: ['public', 'graphile_worker'],
    relations: {
      utility: READ,
      meter_fitting: READ,
      terminal: TERMINAL,
      terminal_fitting: READ,
      terminal_state: TERMINAL_CONDITION,
      meter_day: READ,
      reading_request: WRITE,
      reading_fault: READ,
      poll_plan: WRITE,
      day_change: { select: true, delete: true },
      change_reader: READ,
      change_position: WRITE,
      area: READ,
      supply_point: READ,
      area_day: ALL,
      area_day_hours: ALL,
      area_day_due: ALL,
      mail: MAIL_SENT,
      'graphile_worker._private_jobs': ALL,
      'graphile_worker._private_job_queues': ALL,
      'graphile_worker._private_tasks': ALL,
      'graphile_worker._private_known_crontabs': ALL,
      'graphile_worker.migrations': READ,
    },
    functions: [
      ...['current_utility_id', 'serve_utility', 'utilities_to_poll', 'enqueue_job'],
      ...['plan_reading_requests', 'settle_reading_requests', 'settle_reading_requests_of'],
      ...['expected_hours', 'lacks_hours', 'prune_taken_frames', ...REPORT_WINDOW],
      ...['hold_worker', 'hold_as_any_worker', 'release_dead_workers'],
      ...['mail_recipient', 'count_unsent_mails', 'hold_as_mail_worker'],
      ...['graphile_worker.add_job', 'graphile_worker.add_jobs'],
    ],
    types: [],
  },
  // The operator's commands: register, accounts, closing, audit.
  kenshin_app: {
    schemas: ['public'],
    relations: {
      utility: READ,
      area: WRITE,
      tariff: WRITE,
      supply_point: WRITE,
      occupancy: WRITE,
      meter: WRITE,
      meter_fitting: WRITE,
      meter_exchange: READ,
      withdrawn_meter: READ,
      write_request: READ,
      terminal: WRITE,
      terminal_fitting: WRITE,
      terminal_key: WRITE,
      terminal_state: { select: true, insert: true },
      meter_day: READ,
      hourly_reading: READ,
      meter_day_revision: READ,
      reading_request: READ,
      reading_fault: READ,
      frame_quarantine: READ,
      terminal_setting: READ,
      terminal_test: { select: true, insert: true },
      account: WRITE,
      consumer_access: WRITE,
      session: { select: true, update: ['revoked_at'] },
      api_key: { select: true, insert: true, update: ['revoked_at'] },
      api_key_use: { select: true, insert: true },
      poll_plan: READ,
      mail: MAIL_ENTERED,
      ...AREA_DAYS,
      ...CLOSING_RUNS,
      audit: { ...READ, ...AUDITED },
    },
    functions: [
      ...['current_utility_id', 'serve_utility', 'hold_sign_in_name', 'forget_sign_in_tries'],
      ...['enqueue_job', 'list_jobs', 'retry_job', 'count_workers', 'count_mail_workers'],
      ...['exchange_meter', 'undo_exchange', 'resting_on_exchange', 'closing_files_of'],
      ...['open_closing_run', 'check_closing_run', 'issue_closing_run'],
      ...['call_terminal', ...REPORT_WINDOW],
    ],
    types: [],
  },
  // Owner of the functions that read before the utility is known, and that open and end sessions.
  kenshin_lookup: {
    schemas: ['public'],
    relations: {
      utility: READ,
      occupancy: READ,
      meter: READ,
      meter_fitting: READ,
      terminal: READ,
      terminal_fitting: READ,
      terminal_key: READ,
      terminal_state: { select: true, update: ['last_seen_at'] },
      account: READ,
      consumer_access: READ,
      session: WRITE,
      api_key: READ,
      api_key_use: { select: true, update: ['last_used_on'] },
      sign_in_secret: READ,
      sign_in_try: { ...WRITE, delete: true },
      known_device: { ...WRITE, delete: true },
      audit: AUDITED,
      frame_quarantine: { select: true, insert: true },
      terminal_test: READ,
      mail: { select: ['utility_id', 'mail_id', 'account_id', 'state'] },
    },
    functions: [
      ...['current_utility_id', 'seal_utility', 'hold_sign_in_name', 'sign_in_keyed_hash'],
      ...['sign_in_subject', 'sign_in_closed_until', 'is_known_device', 'remember_device'],
      ...['count_wrong_try', 'count_refusal', 'clear_sign_in_tries', 'open_session'],
      ...[
        'end_replaced_session',
        'end_oldest_sessions',
        'terminals_called',
        'pg_catalog.pg_advisory_xact_lock',
      ],
    ],
    types: [],
  },
  // Owner of the function that seals the utility of a transaction; the only role that reads the secret.
  kenshin_seal: {
    schemas: ['public'],
    relations: { seal_key: READ },
    functions: ['current_utility_id', 'sealed_actor', 'seal_utility'],
    types: [],
  },
  // Owner of the functions that write readings, counters and the audit chain.
  kenshin_store: {
    schemas: ['public', 'series'],
    relations: {
      'series.meter_day': WRITE,
      meter_day_revision: { select: true, insert: true },
      reading_fault: { select: true, insert: true, delete: true },
      day_change: { select: true, insert: true },
      supply_point: READ,
      meter_fitting: READ,
      terminal_state: { select: true, update: true },
      taken_frame: { select: true, insert: true, delete: true },
      terminal_owner: { ...WRITE, delete: true },
      ingest_process: { ...WRITE, delete: true },
      audit: READ,
    },
    functions: [
      ...['current_utility_id', 'sealed_actor', 'store_day_reports', 'merge_day_reports'],
      ...['merge_window', 'take_down_counters', 'keep_revision', 'changes_known', 'chain_audit'],
      ...['note_reading_faults', 'judge_counter', 'take_uplink_frames', 'enter_taken_counter'],
      ...['call_former_owner', 'claim_terminals', 'release_terminals', 'hold_terminals'],
      ...['keep_process', 'call_terminal', 'prune_taken_frames'],
      ...['note_meter_fitting', 'note_terminal_fitting', 'note_supply_point', 'note_area_limits'],
      ...['note_place_change', 'jst_day'],
      ...['pg_catalog.pg_advisory_xact_lock', 'pg_catalog.pg_try_advisory_xact_lock'],
    ],
    types: ['day_report_row', 'terminal_mark'],
  },
  // Owner of the functions that enter jobs, return their state, and count live workers.
  kenshin_jobs: {
    schemas: ['public', 'graphile_worker'],
    relations: {
      job_kind: READ,
      mail: { select: ['kind', 'state', 'entered_at'] },
      'graphile_worker._private_jobs': ALL,
      'graphile_worker._private_job_queues': WRITE,
      'graphile_worker._private_tasks': WRITE,
    },
    functions: [
      'current_utility_id',
      ...['enqueue_job', 'list_jobs', 'retry_job', 'count_workers'],
      ...['hold_worker', 'hold_as_any_worker', 'release_dead_workers'],
      ...['hold_as_mail_worker', 'count_mail_workers', 'count_unsent_mails'],
      ...['graphile_worker.add_job', 'graphile_worker.add_jobs'],
      'graphile_worker.force_unlock_workers',
      ...['pg_catalog.pg_try_advisory_lock', 'pg_catalog.pg_advisory_lock_shared'],
    ],
    types: [],
  },
  // Owner of the functions that change the register for signed-in people, each with its audit act.
  kenshin_register: {
    schemas: ['public'],
    relations: {
      account: { select: ['utility_id', 'account_id', 'display_name', 'role', 'disabled_at'] },
      supply_point: READ,
      occupancy: READ,
      meter: { select: true, insert: true, delete: true },
      meter_fitting: {
        ...{ select: true, insert: true, update: ['removed_at', 'final_index_l'], delete: true },
      },
      meter_exchange: { select: true, insert: true, delete: true },
      withdrawn_meter: { select: true, insert: true, delete: true },
      meter_day: READ,
      reading_request: READ,
      reading_fault: READ,
      write_request: { select: true, update: ['status'], delete: true },
      api_key: { select: ['utility_id', 'api_key_id', 'name', 'scopes', 'revoked_at'] },
      closing_run: WRITE,
      closing_run_file: { select: ['utility_id', 'run_id', 'export', 'made_at'] },
      closing_run_row: { select: ['utility_id', 'run_id', 'row_number'] },
      closing_run_figure: { select: ['utility_id', 'run_id', 'row_number'] },
      audit: { ...READ, ...AUDITED },
    },
    functions: [
      ...['current_utility_id', 'sealed_actor', 'register_actor', 'resting_on_exchange'],
      ...['closing_files_of', 'take_withdrawn_number'],
      ...['exchange_meter', 'undo_exchange', 'forget_write_requests'],
      ...['closing_actor', 'open_closing_run', 'check_closing_run', 'issue_closing_run'],
      'record_issued_run',
      'pg_catalog.pg_advisory_xact_lock',
    ],
    types: [],
  },
};

/** Schemas whose rights this list contains completely. */
export const GRANTED_SCHEMAS = ['public', 'series', 'graphile_worker'] as const;

export const ROLES = Object.keys(GRANTS) as Role[];
