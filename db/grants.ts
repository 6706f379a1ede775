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
  MAIL_ENTERED,
  MAIL_SENT,
  READ,
  REFUSAL,
  REPORT_WINDOW,
  SOUND_DAY,
  TERMINAL,
  TERMINAL_CONDITION,
  VALIDATED,
  WRITE,
} from './grant-columns.ts';

import { OWNER_GRANTS, type OwnerRole, type RoleGrants } from './owner-grants.ts';

export type ProcessRole = 'kenshin_web' | 'kenshin_ingest' | 'kenshin_worker' | 'kenshin_app';
export type Role = ProcessRole | OwnerRole;

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
      ...VALIDATED,
      frame_quarantine: REFUSAL,
      write_request: ANSWERED,
      audit: AUDITED,
      ...AREA_DAYS,
    },
    functions: [
      ...['begin_sign_in', 'finish_sign_in', 'claim_session', 'claim_api_key', 'end_session'],
      ...['current_utility_id', 'sign_in_utility', 'sealed_actor'],
      ...['exchange_meter', 'undo_exchange', 'resting_on_exchange', 'closing_files_of'],
      ...REPORT_WINDOW,
      ...['unvalidated_changes', ...SOUND_DAY],
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
      meter: READ,
      reading_verdict: WRITE,
      validation_state: WRITE,
      validation_ahead: ALL,
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
      ...['utilities_to_validate', 'unvalidated_changes'],
      ...['plan_reading_requests', 'settle_reading_requests', 'settle_reading_requests_of'],
      ...['expected_hours', 'lacks_hours', 'prune_taken_frames', ...REPORT_WINDOW, ...SOUND_DAY],
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
      ...VALIDATED,
      reading_verdict: WRITE,
      validation_state: WRITE,
      validation_ahead: { select: true, insert: true },
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
      audit: { ...READ, ...AUDITED },
    },
    functions: [
      ...['current_utility_id', 'serve_utility', 'hold_sign_in_name', 'forget_sign_in_tries'],
      ...['enqueue_job', 'list_jobs', 'retry_job', 'count_workers', 'count_mail_workers'],
      ...['exchange_meter', 'undo_exchange', 'resting_on_exchange', 'closing_files_of'],
      ...['call_terminal', 'unvalidated_changes', ...REPORT_WINDOW, ...SOUND_DAY],
    ],
    types: [],
  },
  ...OWNER_GRANTS,
};

/** Schemas whose rights this list contains completely. */
export const GRANTED_SCHEMAS = ['public', 'series', 'graphile_worker'] as const;

export const ROLES = Object.keys(GRANTS) as Role[];
