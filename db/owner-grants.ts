/** Rights of the roles that own functions (see db/grants.ts, whose list they belong to). */
import {
  ALL,
  AUDITED,
  EDITS,
  ESTIMATION_FUNCTIONS,
  FITTING_CHANGES,
  NOTED_CHANGE,
  READ,
  READY_MAILS,
  SOUND_DAY,
  WRITE,
} from './grant-columns.ts';

/** Roles without login that own functions; their functions run with these rights. */
export type OwnerRole =
  | 'kenshin_lookup'
  | 'kenshin_seal'
  | 'kenshin_store'
  | 'kenshin_jobs'
  | 'kenshin_register';

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

export const OWNER_GRANTS: Readonly<Record<OwnerRole, RoleGrants>> = {
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
      closing_issue: READ,
      api_key_use: { select: true, update: ['last_used_on'] },
      sign_in_secret: READ,
      sign_in_try: { ...WRITE, delete: true },
      known_device: { ...WRITE, delete: true },
      audit: AUDITED,
      frame_quarantine: { select: true, insert: true },
      terminal_test: READ,
      mail: { select: ['utility_id', 'mail_id', 'account_id', 'kind', 'state'] },
      ready_mail: READ,
      day_change: READ,
      change_position: READ,
      validation_state: READ,
      validation_ahead: READ,
    },
    functions: [
      ...['current_utility_id', 'seal_utility', 'hold_sign_in_name', 'sign_in_keyed_hash'],
      ...['sign_in_subject', 'sign_in_closed_until', 'is_known_device', 'remember_device'],
      ...['count_wrong_try', 'count_refusal', 'clear_sign_in_tries', 'open_session'],
      ...[
        'end_replaced_session',
        'end_oldest_sessions',
        'terminals_called',
        'utilities_to_validate',
        'unvalidated_changes',
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
      reading_verdict: READ,
      edited_day: READ,
      sound_day: READ,
      day_change: { select: true, insert: true },
      run_change: { insert: NOTED_CHANGE },
      closing_run_seen: { insert: ['utility_id', 'run_id', 'seen'] },
      supply_point: READ,
      meter_fitting: READ,
      terminal_state: { select: true, update: true },
      terminal_clock_doubt: WRITE,
      taken_frame: { select: true, insert: true, delete: true },
      terminal_owner: { ...WRITE, delete: true },
      ingest_process: { ...WRITE, delete: true },
      audit: READ,
    },
    functions: [
      ...['current_utility_id', 'sealed_actor', 'store_day_reports', 'merge_day_reports'],
      ...[
        'merge_window',
        'take_down_counters',
        'keep_revision',
        'note_clock_doubt',
        'changes_known',
        'chain_audit',
      ],
      ...['note_reading_faults', 'judge_counter', 'take_uplink_frames', 'enter_taken_counter'],
      ...['call_former_owner', 'claim_terminals', 'release_terminals', 'hold_terminals'],
      ...['keep_process', 'call_terminal', 'prune_taken_frames'],
      ...['note_meter_fitting', 'note_terminal_fitting', 'note_supply_point', 'note_area_limits'],
      ...['note_place_change', 'jst_day', ...SOUND_DAY],
      ...['note_run_seen', 'note_run_change', 'note_run_verdict', 'note_run_register'],
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
      utility: { select: ['utility_id', 'second_look_l'], update: ['second_look_l'] },
      account: {
        select: [
          ...['utility_id', 'account_id', 'display_name', 'role', 'disabled_at', 'mail_address'],
        ],
      },
      ready_mail: { select: true, insert: true, delete: true },
      mail: {
        select: ['utility_id', 'account_id', 'kind', 'key', 'state', 'entered_at', 'sent_at'],
      },
      run_change: READ,
      closing_run_seen: READ,
      area: READ,
      tariff: READ,
      supply_point: {
        ...{ select: true, update: ['closing_day', 'tariff_id', 'area_id', 'closed_on'] },
      },
      former_closing_day: { select: true, insert: true, delete: true },
      occupancy: { select: true, insert: true, update: ['from_on', 'to_on'], delete: true },
      consumer_access: { select: ['utility_id', 'occupancy_id'] },
      register_change: {
        ...{ select: true, insert: true, update: ['undone_by', 'undone_name', 'undone_at'] },
      },
      meter: { select: true, insert: true, update: ['size', 'dial_l'], delete: true },
      terminal: READ,
      terminal_fitting: { select: true, insert: true, update: ['to_at'], delete: true },
      meter_fitting: {
        ...{ select: true, insert: true, update: ['removed_at', 'final_index_l'], delete: true },
      },
      meter_exchange: { select: true, insert: true, delete: true },
      withdrawn_meter: { select: true, insert: true, delete: true },
      meter_day: READ,
      sound_day: READ,
      reading_edit: WRITE,
      reading_mark: { select: true, update: ['seen_by', 'seen_name', 'seen_at', 'note'] },
      edited_day: ALL,
      day_change: { insert: ['utility_id', 'what', 'meter_ids', 'days'] },
      reading_request: READ,
      reading_fault: READ,
      write_request: { select: true, update: ['status'], delete: true },
      api_key: { select: ['utility_id', 'api_key_id', 'name', 'scopes', 'revoked_at'] },
      closing_layout: WRITE,
      closing_layout_version: { select: true, insert: true },
      closing_run: WRITE,
      closing_issue: WRITE,
      closing_run_file: { select: ['utility_id', 'run_id', 'export', 'made_at'] },
      closing_run_row: {
        select: [
          ...['utility_id', 'run_id', 'row_number', 'occupancy_id', 'closes_on', 'previous_at'],
          ...['remembered', 'facts', 'supply_point_id', 'meter_id', 'previous_meter_id'],
        ],
      },
      closing_run_figure: { select: ['utility_id', 'run_id', 'row_number', 'usage_m3', 'quality'] },
      estimation_setting: WRITE,
      place_circumstance: WRITE,
      usage_decision: WRITE,
      volume_factor: WRITE,
      audit: { ...READ, ...AUDITED },
    },
    functions: [
      ...['current_utility_id', 'sealed_actor', 'register_actor', 'resting_on_exchange'],
      ...['closing_files_of', 'take_withdrawn_number'],
      ...['exchange_meter', 'undo_exchange', 'forget_write_requests'],
      ...['closing_day_on', 'closing_files', 'closing_files_over', 'actor_name_of', 'stay_facts'],
      ...['refuse_unlike_closings', 'change_stay', 'change_supply_point'],
      ...['resting_on_change', 'undo_register_change', ...FITTING_CHANGES],
      ...['closing_actor', 'open_closing_run', 'check_closing_run', 'issue_closing_run'],
      ...['layout_actor', 'save_closing_layout', 'remove_closing_layout'],
      ...['ready_mail_account', ...READY_MAILS, 'run_changes_since', 'jst_day'],
      ...['record_issued_run', 'pg_catalog.pg_advisory_xact_lock'],
      ...['closing_actor_name', 'enqueue_job', 'ask_closing_issue', 'cancel_closing_issue'],
      ...['begin_closing_issue', 'finish_closing_issue', 'fail_closing_issue'],
      ...[
        'deciding_actor',
        'name_of_actor',
        'hold_closing_runs',
        'issued_rows_of',
        ...ESTIMATION_FUNCTIONS,
        'see_reading_mark',
      ],
      ...['edit_actor', 'edit_actor_name', 'require_issued_closings', 'require_stored_registers'],
      ...['announce_edit', 'enter_edited_hours', 'hold_edits', 'set_second_look', ...EDITS],
      ...SOUND_DAY,
    ],
    types: [],
  },
};
