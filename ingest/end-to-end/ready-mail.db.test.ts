// Mails of ready closings from a real worker to a real mail server, also when the worker is killed before it enters them.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { createAccount } from '../../db/testing/accounts.ts';
import { createUtility, fitHousehold, rising, storeDay } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testClock, testDatabase } from '../../db/testing/testing.ts';
import { enqueueJob } from '../../lib/jobs/job-commands.ts';
import { listMails } from '../../lib/mail/mail-queries.ts';
import { createLog } from '../log.ts';
import { startWorker, type Worker } from '../start-worker.ts';
import { eventually } from '../testing/ingest.ts';
import { startMailServer, type TestMailServer } from '../testing/mail-server.ts';

const ADDRESS = 'ryokin@minato-gas.example';
const SITE = 'https://kenshin.minato-gas.example';

let database: TestDatabase;
let mailServer: TestMailServer;
let utilityId: number;
let accountId: number;
const workers: Worker[] = [];
const children: ChildProcess[] = [];
const log = createLog('error', { write: () => undefined }, 'worker');

beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  mailServer = await startMailServer();
  utilityId = await createUtility(database.adminPool);
  accountId = await createAccount(database.adminPool, utilityId, { role: 'billing' });
  await admin('update account set mail_address = $2 where account_id = $1', [accountId, ADDRESS]);
  const homes = [await home(), await home()];
  await storeDay(database.adminPool, utilityId, {
    ...{ ...homes[0]!, day: '2025-04-20', indexL: rising(1_000, 10) },
  });
  await admin(
    `insert into ready_mail (utility_id, account_id, closing_day, closes_on, each_month, asked_at)
     values ($1, $2, 20, '2025-04-20', false, now())`,
    [utilityId, accountId],
  );
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const worker of workers.splice(0)) await worker.stop();
  await mailServer.close();
  await admin('delete from graphile_worker._private_jobs', []);
});
afterAll(() => database?.close());

const admin = (text: string, values: unknown[]) => database.adminPool.query(text, values);
const home = () => fitHousehold(database.adminPool, utilityId, { closingDay: 20 });

async function worker(): Promise<void> {
  workers.push(
    await startWorker({
      ...{ pool: database.workerPool, log, healthPort: 0, schedule: [], siteUrl: SITE },
      ...{ mail: { server: mailServer.settings }, releaseEveryMs: 50 },
    }),
  );
}

const look = () =>
  transactAs(database.db, utilityId, (tx) =>
    enqueueJob(tx, { utilityId }, { kind: 'announce-closings', input: {}, key: 'all' }),
  );
const mails = () =>
  transactAs(database.db, utilityId, (tx) =>
    listMails(tx, { kind: 'system', utilityId, name: 'test' }, { limit: 10 }),
  );
const sent = () => eventually(mails, (all) => all.some(({ state }) => state === 'sent'), 20_000);

it('the mail of a ready closing says how it stands, and where its page is', async () => {
  await worker();
  await look();
  await sent();
  const [arrived] = mailServer.accepted;
  expect(arrived).toMatchObject({
    recipients: [ADDRESS],
    subject: expect.stringMatching(/^締められます: 4月20日の締め\(20日締め\)\(試験ガス u/),
  });
  for (const words of [
    'の2025年4月20日24:00の締め（20日締め）は、締められるようになりました。',
    '全 2 件',
    '実検針 1 件',
    '代用 0 件',
    '検針値なし 1 件',
    '予定を過ぎた報告が 1 件届いていません。',
    '2 件あります。',
    `${SITE}/closing?day=20&month=2025-04`,
  ]) {
    expect(arrived?.text).toContain(words);
  }
  await look();
  await eventually(
    () => admin('select 1 from graphile_worker._private_jobs', []),
    ({ rows }) => rows.length === 0,
  );
  expect(mailServer.accepted).toHaveLength(1);
});

it('a worker that is killed between finding it and entering the mail leaves exactly one mail', async () => {
  const blocker = await database.adminPool.connect();
  try {
    // The worker has read the closing, and waits for the request that it settles.
    await blocker.query('begin');
    await blocker.query('select from ready_mail where utility_id = $1 for update', [utilityId]);
    await look();
    const child = startWorkerProcess();
    await eventually(
      () =>
        admin(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%from ready_mail%for update%'`,
          [],
        ),
      ({ rows }) => rows.length === 1,
      60_000,
    );
    child.kill('SIGKILL');
    await worker();
    await blocker.query('rollback');
    await sent();
    expect(mailServer.accepted).toHaveLength(1);
    expect(await mails()).toHaveLength(1);
  } finally {
    await blocker.query('rollback').catch(() => undefined);
    blocker.release();
  }
}, 90_000);

it('a mail that waits goes to nobody who may not read closings any more', async () => {
  await look();
  workers.push(
    await startWorker({ ...{ pool: database.workerPool, log, healthPort: 0, schedule: [] } }),
  );
  await eventually(mails, (all) => all.length === 1);
  await admin(`update account set role = 'analyst' where account_id = $1`, [accountId]);
  await worker();
  const [mail] = await eventually(mails, ([first]) => first?.state !== 'waiting');
  expect(mail).toMatchObject({ state: 'dropped', dropReason: 'no-right' });
  expect(mailServer.accepted).toEqual([]);
});

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
        KENSHIN_SITE_URL: SITE,
        ...testClock(),
      } as unknown as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  createInterface({ input: child.stdout! }).on('line', () => undefined);
  return child;
}
