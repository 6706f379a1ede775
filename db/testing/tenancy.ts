/**
 * Fixtures of the tenancy tests: a utility with a row in every tenant table, and logins that are ordinary members of
 * one role and not superusers. A new tenant table gets its row in `fillUtility`.
 */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { openPool } from '../client.ts';
import type { ProcessRole } from '../grants.ts';
import { createAccount } from './accounts.ts';
import type { TestDatabase } from './database.ts';
import { createTariff, createUtility, fitHousehold, fitMeter, storeDay } from './fixtures.ts';

/** SQLSTATE of a missing right, row security included. */
export const DENIED = '42501';

/** A utility with at least one row in every tenant table. */
export async function fillUtility(admin: pg.Pool): Promise<number> {
  const utilityId = await createUtility(admin);
  const tariffId = await createTariff(admin, utilityId);
  const home = await fitHousehold(admin, utilityId, { tariffId });
  const accountId = await createAccount(admin, utilityId, { role: 'admin' });
  const { occupancyId, terminalId, meterId, terminalNumber } = home;
  await storeDay(admin, utilityId, { meterId, terminalId, day: '2025-02-03' });
  await fillTerminal(admin, utilityId, terminalId);
  await fillSignIn(admin, utilityId, { accountId, occupancyId });
  await admin.query(
    `insert into audit (utility_id, actor, act, subject, detail) values ($1, 'system:test', 'test', 'x:1', '{}')`,
    [utilityId],
  );
  await admin.query(
    `insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id, counter,
       frame_check, received_at, arrival, superseded_at)
     select utility_id, meter_id, day, 0, 'completed', index_l, pressure_pa, terminal_id, counter, frame_check, received_at,
       arrival, now() from series.meter_day where utility_id = $1`,
    [utilityId],
  );
  await admin.query(
    `insert into reading_request (utility_id, meter_id, day, terminal_id, reason, first_hour, last_hour, due_at)
     values ($1, $2, '2025-02-04', $3, 'absent', 1, 24, now())`,
    [utilityId, meterId, terminalId],
  );
  await fillVerdicts(admin, utilityId, meterId);
  await admin.query(`insert into validation_ahead values ($1, '3', 1)`, [utilityId]);
  await fillEdits(admin, utilityId, meterId);
  await admin.query(
    `insert into reading_fault (utility_id, meter_id, day, hour_ending, index_l, terminal_id, received_at)
     values ($1, $2, '2025-02-03', 13, 2000000000, $3, now())`,
    [utilityId, meterId, terminalId],
  );
  await fillChanges(admin, utilityId, meterId);
  await admin.query(`insert into poll_plan values ($1, now(), now())`, [utilityId]);
  await exchangeBefore(admin, utilityId, home);
  await admin.query(`insert into withdrawn_meter values ($1, 2000000000, '999999999999')`, [
    utilityId,
  ]);
  await admin.query(
    `insert into write_request (utility_id, actor, key, route, body_hash, status, answer)
     values ($1, 'staff:' || $2::integer, 'a-key-of-a-request', 'POST /x', sha256('x'), 200, '{}')`,
    [utilityId, accountId],
  );
  await fillMails(admin, utilityId, accountId);
  await issueRun(admin, utilityId, home);
  await decideUsage(admin, utilityId, home);
  await fillRegisterChanges(admin, utilityId, home);
  await addLayout(admin, utilityId);
  await askIssue(admin, utilityId);
  await admin.query(`select quarantine_frame($1, 't', 'test', null, '\\x00')`, [terminalNumber]);
  return utilityId;
}

/** A mail, and what a member of staff asked for. */
async function fillMails(admin: pg.Pool, utilityId: number, accountId: number): Promise<void> {
  await admin.query(
    `insert into mail (utility_id, account_id, kind, key, input, entered_at, entered_by)
     values ($1, $2, 'test', 'a-mail', '{}', now(), 'system:test')`,
    [utilityId, accountId],
  );
  await admin.query(
    `insert into ready_mail (utility_id, account_id, closing_day, closes_on, each_month, asked_at)
     values ($1, $2, 31, '2025-02-28', true, now())`,
    [utilityId, accountId],
  );
}

/** A verdict and a mark on days of a meter. */
async function fillVerdicts(admin: pg.Pool, utilityId: number, meterId: number): Promise<void> {
  await admin.query(
    `insert into reading_mark (utility_id, meter_id, rule, from_on, to_on, litres, facts, marked_at)
     values ($1, $2, 'clock-doubt', '2025-02-02', '2025-02-03', 10, '{"offsetS": 3600}', now())`,
    [utilityId, meterId],
  );
  await admin.query(
    `insert into reading_verdict values ($1, $2, '2025-02-03', '{5}', '{7}', '{fell}', '{}', '{}', now())`,
    [utilityId, meterId],
  );
}

/** A standing edit of a reading; returns its id. */
export async function fillEdits(
  admin: pg.Pool,
  utilityId: number,
  meterId: number,
): Promise<number> {
  const { rows } = await admin.query<{ edit_id: number }>(
    `with edit as (
       insert into reading_edit (utility_id, meter_id, day, kind, hours, index_l, received_l, reason, note, moved_l, state, made_by, made_name)
       values ($1, $2, '2025-02-05', 'entered', '{24}', '{500}', '{null}', 'read-on-site', '', 0, 'standing', 'system:test', 'test')
       returning edit_id
     )
     insert into edited_day values ($1, $2, '2025-02-05', '{24}', '{entered}', '{500}', array[(select edit_id from edit)], '{24}', now())
     returning edit_ids[1] as edit_id`,
    [utilityId, meterId],
  );
  return rows[0]!.edit_id;
}

/** An issued run of a closing with one row and a file; returns its id. */
async function issueRun(
  admin: pg.Pool,
  utilityId: number,
  { supplyPointId, occupancyId }: { supplyPointId: number; occupancyId: number },
): Promise<number> {
  const { rows } = await admin.query<{ run_id: number }>(
    `insert into closing_run (utility_id, closing_day, closes_on, previous_on, rules, state, made_by, made_at, row_count, counts,
       checksum, issued_by, issued_at)
     values ($1, 31, '2025-01-31', '2024-12-31', 1, 'issued', 'system:test', now(), 1, '{}', sha256('x'), 'system:test', now())
     returning run_id`,
    [utilityId],
  );
  const runId = rows[0]!.run_id;
  await admin.query(
    `insert into closing_run_row (utility_id, run_id, row_number, supply_point_id, occupancy_id, customer_number, kind, closes_on,
       remembered, facts)
     values ($1, $2, 1, $3, $4, '1', 'regular', '2025-01-31', true, '{}')`,
    [utilityId, runId, supplyPointId, occupancyId],
  );
  await admin.query(`insert into closing_run_figure values ($1, $2, 1, null, null, 'none', '{}')`, [
    utilityId,
    runId,
  ]);
  await admin.query(
    `insert into closing_run_file (utility_id, run_id, export, format, made_by, made_at)
     values ($1, $2, gen_random_uuid(), 'machine', 'system:test', now())`,
    [utilityId, runId],
  );
  return runId;
}

/** A row in each table of estimation. */
async function decideUsage(
  admin: pg.Pool,
  utilityId: number,
  { supplyPointId, occupancyId }: { supplyPointId: number; occupancyId: number },
): Promise<void> {
  await admin.query(
    `insert into estimation_setting values ($1, 'last-usage', null, 'system:test')`,
    [utilityId],
  );
  await admin.query(
    `insert into place_circumstance (utility_id, supply_point_id, kind, from_on, reason, recorded_by)
     values ($1, $2, 'absence', '2025-01-01', 'away', 'system:test')`,
    [utilityId, supplyPointId],
  );
  await admin.query(
    `insert into usage_decision (utility_id, occupancy_id, kind, on_day, litres, reason, decided_by, decided_name)
     values ($1, $2, 'certified', '2025-02-28', 1000, 'agreed', 'system:test', 'test')`,
    [utilityId, occupancyId],
  );
  await admin.query(
    `insert into volume_factor values ($1, $2, '2025-02-01', 1.0197, 'contract', 'system:test')`,
    [utilityId, supplyPointId],
  );
}

/** A change of a supply point that was undone, and a closing day that it had before; returns the change's id. */
export async function fillRegisterChanges(
  admin: pg.Pool,
  utilityId: number,
  { supplyPointId }: { supplyPointId: number },
): Promise<number> {
  const { rows } = await admin.query<{ change_id: number }>(
    `insert into register_change (utility_id, kind, supply_point_id, holds_from, affects_from, before, after, actor, actor_name,
       audit_id, undone_by, undone_name, undone_at)
     values ($1, 'closing-day', $2, '2020-02-01', '2020-02-01', '{"closingDay": 5}', '{"closingDay": 31}', 'system:test', 'test', 1,
       'system:test', 'test', now()) returning change_id`,
    [utilityId, supplyPointId],
  );
  await admin.query(`insert into former_closing_day values ($1, $2, '2020-02-01', 5)`, [
    utilityId,
    supplyPointId,
  ]);
  return rows[0]!.change_id;
}

/** A layout of closing files with its first version. */
async function addLayout(admin: pg.Pool, utilityId: number): Promise<void> {
  await admin.query(
    `with made as (insert into closing_layout (utility_id, name, version) values ($1, '販売管理', 1) returning utility_id, layout_id)
     insert into closing_layout_version (utility_id, layout_id, version, name, body, made_by, made_name, made_at)
     select utility_id, layout_id, 1, '販売管理', '{}', 'system:test', 'test', now() from made`,
    [utilityId],
  );
}

/** An issue of a closing that waits. */
async function askIssue(admin: pg.Pool, utilityId: number): Promise<void> {
  await admin.query(
    `insert into closing_issue (utility_id, closing_day, closes_on, format, asked_by, asked_name, asked_at)
     values ($1, 31, '{2025-01-31}', 'machine', 'system:test', 'test', now())`,
    [utilityId],
  );
}

/** Credentials of a person and a program, and counted tries. */
async function fillSignIn(
  admin: pg.Pool,
  utilityId: number,
  { accountId, occupancyId }: { accountId: number; occupancyId: number },
): Promise<void> {
  await admin.query(
    `insert into consumer_access (utility_id, occupancy_id, salt, scrypt_n, scrypt_r, scrypt_p, verifier)
     values ($1, $2, sha256('salt'), 16, 1, 1, sha256('x'))`,
    [utilityId, occupancyId],
  );
  await admin.query(
    `insert into sign_in_try (utility_id, kind, typed_hash, source_hash, failed_count, tried_at)
     values ($1, 'staff', sha256('x'), sha256('y'), 1, now())`,
    [utilityId],
  );
  await admin.query(
    `insert into known_device (utility_id, kind, typed_hash, device_hash, used_at)
     values ($1, 'staff', sha256('x'), sha256('z'), now())`,
    [utilityId],
  );
  await admin.query(
    `insert into session (utility_id, account_id, token_hash, expires_at)
     values ($1, $2, sha256(gen_random_uuid()::text::bytea), now() + interval '1 hour')`,
    [utilityId, accountId],
  );
  await admin.query(
    `with key as (
       insert into api_key (utility_id, name, key_hash, scopes, created_at, expires_at)
       values ($1, 'a system', sha256(gen_random_uuid()::text::bytea), '{meter.read}', now(), now() + interval '1 hour')
       returning utility_id, api_key_id
     )
     insert into api_key_use (utility_id, api_key_id) select utility_id, api_key_id from key`,
    [utilityId],
  );
}

/** Rows that the sidecar writes for a terminal. */
async function fillTerminal(admin: pg.Pool, utilityId: number, terminalId: number): Promise<void> {
  await admin.query(
    `insert into terminal_key values ($1, $2, 0, decode(repeat('00', 40), 'hex'), 'kek')`,
    [utilityId, terminalId],
  );
  await admin.query(`insert into terminal_setting values ($1, $2, 60, 240, 1, now())`, [
    utilityId,
    terminalId,
  ]);
  await admin.query(
    `insert into terminal_test (utility_id, terminal_id, nonce, requested_at, requested_by, expires_at)
     values ($1, $2, 7, now(), 'system:test', now() + interval '1 day')`,
    [utilityId, terminalId],
  );
  await admin.query(
    `insert into terminal_clock_doubt (utility_id, terminal_id, day, offset_s, noted_at) values ($1, $2, '2025-02-02', 3600, now())`,
    [utilityId, terminalId],
  );
  await admin.query(`insert into taken_frame values ($1, $2, 1, 0, 3, now())`, [
    utilityId,
    terminalId,
  ]);
  await admin.query(
    `insert into terminal_owner (utility_id, terminal_id, process_id, since) values ($1, $2, gen_random_uuid(), now())`,
    [utilityId, terminalId],
  );
}

/** An earlier meter of a supply point, and the exchange in which it was removed; returns its id. */
export async function exchangeBefore(
  admin: pg.Pool,
  utilityId: number,
  home: { supplyPointId: number; meterId: number },
): Promise<number> {
  const { supplyPointId, meterId } = home;
  const fittedAt = '2019-01-01T00:00:00+09:00';
  const removedAt = '2020-01-01T00:00:00+09:00';
  const removed = await fitMeter(admin, utilityId, { supplyPointId, fittedAt, removedAt });
  const { rows } = await admin.query<{ exchange_id: number }>(
    `insert into meter_exchange (utility_id, supply_point_id, removed_meter_id, removed_fitted_at, fitted_meter_id, exchanged_at,
       registered_meter, audit_id)
     values ($1, $2, $3, $4, $5, $6, false, 1) returning exchange_id`,
    [utilityId, supplyPointId, removed.meterId, fittedAt, meterId, removedAt],
  );
  return rows[0]!.exchange_id;
}

/** The feed of changes, written by the register's triggers, and the roll-up of a day. */
async function fillChanges(admin: pg.Pool, utilityId: number, meterId: number): Promise<void> {
  // A reader belongs to the whole cloud.
  await admin.query(`insert into change_reader values ('test') on conflict do nothing`);
  await admin.query(`insert into change_position values ($1, 'test', '3', 1)`, [utilityId]);
  await admin.query(
    `with place as (select s.utility_id, s.area_id, $2::integer as meter_id from supply_point s where s.utility_id = $1 limit 1),
     due as (insert into area_day_due select utility_id, area_id, '2025-02-03' from place),
     whole as (insert into area_day select utility_id, area_id, '2025-02-03', 1, 1, '{}', 24, 48000, 2000, meter_id, 2000, meter_id,
                                           0, 0, 1000, 2500, 0, 1, 1, 0, 0, 0, 0 from place)
     insert into area_day_hours
     select utility_id, area_id, '2025-02-03', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}' from place`,
    [utilityId, meterId],
  );
}

export interface AppLogin {
  name: string;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** Creates a login in a role; `close` drops it and has to be called before the database's. */
export async function createAppLogin(
  database: TestDatabase,
  role: ProcessRole = 'kenshin_app',
): Promise<AppLogin> {
  const name = `kenshin_test_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(16).toString('hex');
  await database.adminPool.query(
    `create role ${name} login password '${password}' in role ${role}`,
  );
  const url = new URL(database.adminUrl);
  url.username = name;
  url.password = password;
  // A connection that is closing while its database is dropped emits an error, so it needs a listener.
  const pool = openPool(url.toString(), { applicationName: 'kenshin test login', max: 2 });
  return {
    name,
    pool,
    close: async () => {
      await pool.end();
      await database.adminPool.query(`drop role ${name}`);
    },
  };
}

/** Runs `fn` in the application's role with the utility set; always rolled back. */
export async function inUtility<T>(
  pool: pg.Pool,
  utilityId: number | null,
  fn: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    if (utilityId) await client.query('select serve_utility($1)', [utilityId]);
    return await fn(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** SQLSTATE of a statement's refusal, or undefined; leaves the transaction unchanged. */
export async function refusalOf(client: pg.PoolClient, text: string): Promise<string | undefined> {
  await client.query('savepoint attempt');
  const error = await client.query(text).then(
    () => undefined,
    (fault: pg.DatabaseError) => fault,
  );
  await client.query('rollback to savepoint attempt');
  return error?.code;
}
