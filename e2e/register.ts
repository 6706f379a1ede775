/** Prepares what a journey needs and ends what it wants ended, directly in the product's database. */
import { randomBytes } from 'node:crypto';
import { actAsApplication, DEMO_UTILITY, ensureUtility } from '../bin/utility.ts';
import { createDatabase, openConnection, openPool } from '../db/client.ts';
import type { Tx } from '../db/schema.ts';
import { endSessions, setMailAddress } from '../lib/accounts/account-commands.ts';
import { getAccount } from '../lib/accounts/account-queries.ts';
import { createAccount, issueRegistrationCode } from '../lib/accounts/credential-commands.ts';
import type { StaffRole, SystemActor } from '../lib/actor.ts';
import { closingCalendar } from '../lib/closing/closing-day.ts';
import { streamClosingRows } from '../lib/closing/closing-queries.ts';
import type { ClosingRow } from '../lib/closing/closing-row.ts';
import { monthOf } from '../lib/time.ts';

export interface StaffAccount {
  login: string;
  password: string;
}

export interface Register {
  /** Creates an account for the journey, so that a lock or a revoked session affects no other journey. */
  openAccount(role: StaffRole): Promise<StaffAccount>;
  /** Says where mail to an account goes, as the operator's command does. */
  setMailAddress(login: string, address: string): Promise<void>;
  issueCode(customerNumber: string): Promise<string>;
  /** Ends every session of an account, as the operator's command does. */
  revokeSessions(login: string): Promise<void>;
  /** Number of supply points with stored readings of a day. */
  countDaysOf(day: string): Promise<number>;
  /** Stores a just refused report of a terminal for a meter that is not registered. */
  refuseReport(report: RefusedReport): Promise<void>;
  /** Registers a terminal that is fitted nowhere, without a key. */
  registerTerminal(terminalNumber: string): Promise<void>;
  /** Gives an hour of a stored day another register, as a terminal that sent it; the worker then validates the day. */
  spoil(hour: SpoiledHour): Promise<void>;
  /** Takes a stored day away, as if its report had not come; returns what gives it back. */
  withhold(meterSerial: string, day: string): Promise<() => Promise<void>>;
  /** The customer's rows of the closing of any past day, as the command makes them of one customer. */
  closingOf(customerNumber: string, closesOn: string): Promise<ClosingRow[]>;
  /** Holds the making of runs of the demo's utility, so that an issue stands in its middle; returns what lets it go on. */
  holdIssuing(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface SpoiledHour {
  meterSerial: string;
  /** YYYY-MM-DD, JST. */
  day: string;
  hourEnding: number;
  /** Litres added to the register. */
  addedL: number;
}

export interface RefusedReport {
  terminalNumber: string;
  meterSerial: string;
  /** YYYY-MM-DD, JST. */
  day: string;
}

export function createRegister(adminUrl: string): Register {
  const pool = openPool(adminUrl, { applicationName: 'kenshin e2e', max: 2 });
  const db = createDatabase(pool);
  const act = async <T>(fn: (tx: Tx, actor: SystemActor) => Promise<T>): Promise<T> => {
    const utilityId = await ensureUtility(db, DEMO_UTILITY);
    const actor: SystemActor = { kind: 'system', utilityId, name: 'e2e' };
    return actAsApplication(db, utilityId, (tx) => fn(tx, actor));
  };
  return {
    openAccount: (role) =>
      act(async (tx, actor) => {
        const login = `${role}-${randomBytes(4).toString('hex')}`;
        const password = randomBytes(12).toString('base64url');
        await createAccount(tx, actor, { login, role, displayName: '試験係', password });
        return { login, password };
      }),
    setMailAddress: (login, address) =>
      act(async (tx, actor) => {
        const { accountId } = await getAccount(tx, actor, login);
        await setMailAddress(tx, actor, { accountId, address });
      }),
    issueCode: (customerNumber) =>
      act((tx, actor) => issueRegistrationCode(tx, actor, { customerNumber, now: new Date() })),
    revokeSessions: (login) =>
      act(async (tx, actor) => {
        const { accountId } = await getAccount(tx, actor, login);
        await endSessions(tx, actor, { accountId, now: new Date() });
      }),
    countDaysOf: (day) =>
      act(async (tx, { utilityId }) => {
        const { count } = await tx
          .selectFrom('meter_day')
          .select(({ fn }) => fn.count('meter_id').distinct().as('count'))
          .where('utility_id', '=', utilityId)
          .where('day', '=', day)
          .executeTakeFirstOrThrow();
        return Number(count);
      }),
    refuseReport: async ({ terminalNumber, meterSerial, day }) => {
      await pool.query(
        `select quarantine_frame($1, 't', 'unknown_meter', null, '', now(), true, $2, $3)`,
        [terminalNumber, meterSerial, day],
      );
    },
    registerTerminal: async (terminalNumber) => {
      await pool.query(
        `with t as (
           insert into terminal (utility_id, number, model, secret_hash)
           select utility_id, $1, 'external', sha256($2) from utility where code = $3 returning utility_id, terminal_id)
         insert into terminal_state (utility_id, terminal_id) select utility_id, terminal_id from t`,
        [terminalNumber, randomBytes(32), DEMO_UTILITY.code],
      );
    },
    spoil: async ({ meterSerial, day, hourEnding, addedL }) => {
      const stored = await takeDay(pool, { meterSerial, day });
      const indexL = stored.index_l.map((index, at) =>
        index !== null && at + 1 === hourEnding ? index + addedL : index,
      );
      const closing = stored.closing_hour === null ? null : indexL[stored.closing_hour - 1];
      const spoiled = { ...stored, index_l: indexL, closing_index_l: closing };
      await giveDay(pool, { meterSerial, day }, spoiled);
    },
    withhold: async (meterSerial, day) => {
      const stored = await takeDay(pool, { meterSerial, day });
      return () => giveDay(pool, { meterSerial, day }, stored);
    },
    closingOf: (customerNumber, closesOn) =>
      act(async (tx, actor) => {
        const [closingDay, month] = [Number(closesOn.slice(8)), monthOf(closesOn)];
        const period = { closingDay, fromMonth: month, toMonth: month };
        const now = new Date();
        const { closings } = closingCalendar(period, now);
        const rows: ClosingRow[] = [];
        const selection = { closingDay, closings, now, customerNumber };
        for await (const row of streamClosingRows(tx, actor, selection)) rows.push(row);
        return rows;
      }),
    holdIssuing: async () => {
      const utilityId = await ensureUtility(db, DEMO_UTILITY);
      const client = await openConnection(pool);
      await client.query("select pg_advisory_lock(hashtextextended('kenshin closing runs', $1))", [
        utilityId,
      ]);
      return () => client.end();
    },
    close: () => db.destroy(),
  };
}

interface OfMeter {
  meterSerial: string;
  day: string;
}

/** A stored day with all its columns. */
interface StoredDay {
  index_l: (number | null)[];
  closing_hour: number | null;
}

type Pool = ReturnType<typeof openPool>;

/** Removes a stored day as if it had never come: an update would be a correction, with a revision. */
async function takeDay(pool: Pool, { meterSerial, day }: OfMeter): Promise<StoredDay> {
  const { rows } = await pool.query<{ stored: StoredDay }>(
    `delete from series.meter_day d using meter m
     where m.serial = $1 and d.utility_id = m.utility_id and d.meter_id = m.meter_id and d.day = $2
     returning to_jsonb(d) as stored`,
    [meterSerial, day],
  );
  const [row] = rows;
  if (!row) throw new Error(`no day ${day} of the meter ${meterSerial} is stored`);
  await announceDay(pool, { meterSerial, day });
  return row.stored;
}

async function giveDay(pool: Pool, of: OfMeter, stored: object): Promise<void> {
  await pool.query(
    'insert into series.meter_day select * from jsonb_populate_record(null::series.meter_day, $1)',
    [JSON.stringify(stored)],
  );
  await announceDay(pool, of);
}

/** Enters the change of a day into the feed, by which the worker validates it. */
async function announceDay(pool: Pool, { meterSerial, day }: OfMeter): Promise<void> {
  await pool.query(
    `insert into day_change (utility_id, what, meter_ids, days)
     select utility_id, 'late', array[meter_id], array[$2::date] from meter where serial = $1`,
    [meterSerial, day],
  );
}
