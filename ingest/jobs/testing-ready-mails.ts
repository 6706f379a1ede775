/** Fixtures of tests of mails of ready closings: people who ask, homes that report, and the worker's look. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createDatabase, transactAs } from '../../db/client.ts';
import { createAccount } from '../../db/testing/accounts.ts';
import {
  createUtility,
  fitHousehold,
  type Household,
  rising,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { openSession, workInSession } from '../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { StaffRole } from '../../lib/actor.ts';
import { askReadyMail, withdrawReadyMail } from '../../lib/readiness/ready-mail-commands.ts';
import { getReadyMails } from '../../lib/readiness/ready-mail-queries.ts';
import { createLog } from '../log.ts';
import { announceClosings } from './announce-closings.ts';

export let database: TestDatabase;
export let utilityId: number;
const log = createLog('error', { write: () => undefined }, 'worker');
/** The reports of 20 April are due at 5:00. */
export const CLOSED = '2025-04-21T00:00:00+09:00';
export const BEFORE_DUE = '2025-04-21T04:59:00+09:00';
export const DUE = '2025-04-21T05:00:00+09:00';

/** Provides a database for the file, and a new utility for each test. */
export function arrangeReadyMails(): void {
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());
  beforeEach(() => useUtility());
}

/** Makes a utility, or an earlier one, that of what follows. */
export async function useUtility(earlier?: number): Promise<void> {
  utilityId = earlier ?? (await createUtility(database.adminPool));
}

export interface Person {
  accountId: number;
  ask: (input: { closingDay?: number; month: string | null; now: string }) => Promise<void>;
  withdraw: (requestId: number) => Promise<void>;
  known: () => ReturnType<typeof getReadyMails>;
}

export async function person(
  role: StaffRole = 'billing',
  address: string | null = 'kenshin@minato.example',
): Promise<Person> {
  const own = utilityId;
  const accountId = await createAccount(database.adminPool, own, { role });
  await change(`update account set mail_address = $2 where account_id = $1`, [accountId, address]);
  const { token, sessionId } = await openSession(database.adminPool, own, { accountId });
  const { read, transact } = workInSession(database, token);
  const actor = { kind: 'staff', utilityId: own, accountId, role, sessionId } as const;
  return {
    accountId,
    ask: ({ closingDay = 20, month, now }) =>
      transact((tx) => askReadyMail(tx, actor, { closingDay, month, now: new Date(now) })),
    withdraw: (requestId) => transact((tx) => withdrawReadyMail(tx, actor, { requestId })),
    known: () => read((db) => getReadyMails(db, actor)),
  };
}

export const change = (text: string, values: unknown[]) => database.adminPool.query(text, values);
export const home = (closingDay = 20) =>
  fitHousehold(database.adminPool, utilityId, { closingDay });
export const report = ({ meterId, terminalId }: Household, day = '2025-04-20') =>
  storeDay(database.adminPool, utilityId, { meterId, terminalId, day, indexL: rising(1000, 10) });

/** Runs the job as the worker's role at an instant. */
export function look(at: string, siteUrl?: string): Promise<void> {
  const db = createDatabase(database.workerPool);
  const options = { log, now: () => new Date(at).getTime(), siteUrl };
  return announceClosings(utilityId, {
    ...options,
    transact: (of, fn) => transactAs(db, of, fn),
  });
}

export interface MailRow {
  account: number;
  key: string;
  input: Record<string, unknown>;
}

export async function mails(): Promise<MailRow[]> {
  const { rows } = await database.adminPool.query<MailRow>(
    `select account_id as account, key, input from mail where utility_id = $1 and kind = 'closing-ready' order by mail_id`,
    [utilityId],
  );
  return rows;
}
export const keys = async () => (await mails()).map(({ key }) => key);
