// Mails from a real worker to a real mail server: sent, retried, failed for good, and resent after a killed worker.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createAccount } from '../../db/testing/accounts.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testClock, testDatabase } from '../../db/testing/testing.ts';
import {
  disableAccount,
  enableAccount,
  setMailAddress,
} from '../../lib/accounts/account-commands.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { enqueueJob } from '../../lib/jobs/job-commands.ts';
import { listJobs } from '../../lib/jobs/job-queries.ts';
import { enterMail, retryMail } from '../../lib/mail/mail-commands.ts';
import { countMailWorkers, getMail, type Mail } from '../../lib/mail/mail-queries.ts';
import { createLog } from '../log.ts';
import { startWorker, type Worker, type WorkerOptions } from '../start-worker.ts';
import { eventually } from '../testing/ingest.ts';
import { startMailServer, startSilentServer, type TestMailServer } from '../testing/mail-server.ts';

const ADDRESS = 'hoan@minato-gas.example';
const AGAIN_MS = 20_000;

let database: TestDatabase;
let mailServer: TestMailServer;
let utilityId: number;
let recipient: number;
let actor: SystemActor;
const workers: Worker[] = [];
const children: ChildProcess[] = [];
const lines: string[] = [];
const log = createLog('info', { write: (line) => void lines.push(line) }, 'worker');

beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  mailServer = await startMailServer();
  utilityId = await createUtility(database.adminPool);
  actor = { kind: 'system', utilityId, name: 'test' };
  recipient = await createAccount(database.adminPool, utilityId, { role: 'admin', login: 'hoan' });
  await setAddress(ADDRESS);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const worker of workers.splice(0)) await worker.stop();
  await mailServer.close();
  await database.adminPool.query('delete from graphile_worker._private_jobs');
  await database.adminPool.query('delete from mail');
  lines.length = 0;
});
afterAll(() => database?.close());

async function worker(options: Partial<WorkerOptions> = {}): Promise<Worker> {
  const started = await startWorker({
    ...{ pool: database.workerPool, log, healthPort: 0, schedule: [] },
    mail: { server: mailServer.settings },
    ...options,
  });
  workers.push(started);
  return started;
}

const act = <T>(fn: (tx: Tx) => Promise<T>) => transactAs(database.db, utilityId, fn);
const setAddress = (address: string | null) =>
  act((tx) => setMailAddress(tx, actor, { accountId: recipient, address }));
const enter = (key: string) =>
  act(async (tx) => {
    const now = new Date();
    const mail = { recipient, kind: 'test', input: {}, key, now } as const;
    return (await enterMail(tx, actor, mail)).mailId;
  });
const retry = (mailId: number) => act((tx) => retryMail(tx, actor, mailId));
const jobs = () => act((tx) => listJobs(tx, actor));
/** Waits until a mail fulfils a condition. */
const once = (mailId: number, isReached: (mail: Mail) => boolean) =>
  eventually(() => act((tx) => getMail(tx, actor, mailId)), isReached, AGAIN_MS);
const become = (mailId: number, state: Mail['state']) =>
  once(mailId, (mail) => mail.state === state);
const noJobs = () => eventually(jobs, (all) => all.length === 0);

it('an entered mail arrives once, and its row is sent', async () => {
  const { metrics } = await worker();
  expect(await act(countMailWorkers)).toBe(1);
  const mailId = await enter('x');
  const mail = await become(mailId, 'sent');
  expect(mail).toMatchObject({ attempts: 1, lastError: null, smtpReply: '250 queued as 1' });
  const [arrived] = mailServer.accepted;
  expect(arrived).toMatchObject({
    ...{ recipients: [ADDRESS], to: ADDRESS, messageId: mail.messageId },
    subject: expect.stringMatching(/^試験メール\(試験ガス u/),
    text: expect.stringContaining('試験メールです。'),
  });
  await noJobs();
  expect(await enter('x')).toBe(mailId);
  expect(mailServer.accepted).toHaveLength(1);
  const text = await metrics.registry.metrics();
  expect(text).toContain('kenshin_mails_total{kind="test",outcome="sent"} 1');
  expect(text).toContain('kenshin_mail_server_configured 1');
  expect(text).not.toContain('kenshin_mail_oldest_waiting_seconds{');
  expect(lines.join()).not.toContain('minato-gas');
});

it('a mail that is refused for now is tried again and arrives', async () => {
  mailServer.refusals.push({ at: 'recipient', code: 450, says: 'greylisted' });
  const { metrics } = await worker();
  const mailId = await enter('x');
  expect(await become(mailId, 'sent')).toMatchObject({
    attempts: 2,
    lastError: expect.stringContaining('450 greylisted'),
  });
  const text = await metrics.registry.metrics();
  expect(text).toContain('kenshin_mails_total{kind="test",outcome="deferred"} 1');
});

it('a mail that is refused for good fails at once, is counted, and is sent on a retry', async () => {
  mailServer.refusals.push({ at: 'recipient', code: 550, says: `<${ADDRESS}> unknown` });
  const { metrics } = await worker();
  const mailId = await enter('x');
  expect(await become(mailId, 'failed')).toMatchObject({
    attempts: 1,
    lastError: expect.stringContaining('550 <(address)> unknown'),
  });
  await noJobs();
  expect(await metrics.registry.metrics()).toContain(
    'kenshin_mails_unsent{kind="test",state="failed"} 1',
  );
  expect(lines.join()).toContain('a mail failed for good');
  expect(lines.join()).not.toContain('minato-gas');
  await retry(mailId);
  expect(await become(mailId, 'sent')).toMatchObject({ attempts: 2 });
});

it('a mail waits while nothing listens, and has failed when its attempts are used up', async () => {
  await mailServer.close();
  await worker();
  const mailId = await enter('x');
  const mail = await once(mailId, ({ lastError }) => lastError !== null);
  expect(mail).toMatchObject({
    state: 'waiting',
    lastError: expect.stringContaining('ECONNREFUSED'),
  });
  const [job] = await eventually(jobs, (all) => all.some(({ state }) => state === 'retrying'));
  expect(job).toMatchObject({ kind: 'send-mail', lastError: expect.stringContaining('ECONN') });
  await database.adminPool.query(
    'update graphile_worker._private_jobs set attempts = max_attempts - 1, run_at = now() where id = $1',
    [job?.jobId],
  );
  await become(mailId, 'failed');
  await noJobs();
});

it('without a mail server mails wait, with all their attempts, for a worker that has one', async () => {
  const { metrics } = await worker({ mail: undefined });
  const mailId = await enter('x');
  // Other jobs run meanwhile.
  await act((tx) => enqueueJob(tx, actor, { kind: 'plan-polling', input: {}, key: 'all' }));
  await eventually(jobs, (all) => all.length === 1);
  expect(await jobs()).toMatchObject([{ kind: 'send-mail', state: 'waiting', attempts: 0 }]);
  expect(await act(countMailWorkers)).toBe(0);
  const text = await metrics.registry.metrics();
  expect(text).toContain('kenshin_mail_server_configured 0');
  expect(text).toContain('kenshin_mails_unsent{kind="test",state="waiting"} 1');
  expect(lines.join()).toContain('no mail server is configured (KENSHIN_SMTP_URL): mails wait');
  await worker();
  expect(await become(mailId, 'sent')).toMatchObject({ attempts: 1 });
});

it('a mail server that does not answer holds up mails, and no other job', async () => {
  const silent = await startSilentServer();
  const { metrics } = await worker({ mail: { server: silent.settings } });
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) await enter(key);
  await eventually(
    async () => silent.connections(),
    (connections) => connections === 2,
  );
  await act((tx) => enqueueJob(tx, actor, { kind: 'plan-polling', input: {}, key: 'all' }));
  await eventually(jobs, (all) => all.every(({ kind }) => kind === 'send-mail'));
  expect(silent.connections()).toBe(2);
  const text = await metrics.registry.metrics();
  expect(text).toContain('kenshin_mails_unsent{kind="test",state="waiting"} 6');
  await silent.close();
});

it('the account decides when the mail is sent: another address gets it, a disabled account nothing', async () => {
  const [first, second] = [await enter('x'), await enter('y')];
  const moved = 'hoan-2@minato-gas.example';
  await setAddress(moved);
  await database.adminPool.query(
    `update graphile_worker._private_jobs set run_at = now() + interval '1 hour' where key like $1`,
    [`%:${second}`],
  );
  const { metrics } = await worker();
  await become(first, 'sent');
  expect(mailServer.accepted.map(({ recipients }) => recipients)).toEqual([[moved]]);
  const now = new Date();
  await act((tx) => disableAccount(tx, actor, { accountId: recipient, now }));
  await retry(second);
  expect(await become(second, 'dropped')).toMatchObject({ dropReason: 'account-disabled' });
  await noJobs();
  expect(await metrics.registry.metrics()).toContain(
    'kenshin_mails_total{kind="test",outcome="dropped"} 1',
  );
  await act((tx) => enableAccount(tx, actor, { accountId: recipient, now }));
  await retry(second);
  await become(second, 'sent');
});

it('a worker that is killed after the mail server accepted sends it again, with the same Message-ID', async () => {
  const mailId = await enter('x');
  // A lock on the row stops the worker between the server's acceptance and the update of the row.
  const blocker = await database.adminPool.connect();
  try {
    mailServer.beforeAccepting = async () => {
      await blocker.query('begin');
      await blocker.query('select from mail where mail_id = $1 for update', [mailId]);
      mailServer.beforeAccepting = async () => undefined;
    };
    const child = startWorkerProcess();
    await waitForBlockedUpdate();
    child.kill('SIGKILL');
    await worker({ releaseEveryMs: 50 });
    await blocker.query('rollback');
    const mail = await become(mailId, 'sent');
    expect(mail.attempts).toBe(2);
    expect(mailServer.accepted.map(({ messageId }) => messageId)).toEqual([
      mail.messageId,
      mail.messageId,
    ]);
  } finally {
    await blocker.query('rollback').catch(() => undefined);
    blocker.release();
  }
}, 90_000);

/** Starts the worker as its own process, configured by its environment. */
function startWorkerProcess(): ChildProcess {
  const { host, port, from } = mailServer.settings;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('../worker.ts', import.meta.url))],
    {
      env: {
        PATH: '/usr/bin:/bin',
        DATABASE_URL: database.workerUrl,
        KENSHIN_WORKER_HEALTH_PORT: '0',
        KENSHIN_SMTP_URL: `smtp://${host}:${port}`,
        KENSHIN_MAIL_FROM: from,
        ...testClock(),
      } as unknown as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  createInterface({ input: child.stdout! }).on('line', () => undefined);
  return child;
}

/** Waits until the worker's update of the row is blocked by the test's lock. */
async function waitForBlockedUpdate(): Promise<void> {
  await eventually(
    () =>
      database.adminPool.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%update mail set state%' and application_name = 'kenshin worker'`,
      ),
    ({ rowCount }) => rowCount === 1,
    AGAIN_MS,
  );
}
