// Test mail of an operator through a real worker to a real mail server, and the command's output.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAccount } from '../../db/testing/accounts.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { createLog } from '../../ingest/log.ts';
import { startWorker, type Worker } from '../../ingest/start-worker.ts';
import { startMailServer, type TestMailServer } from '../../ingest/testing/mail-server.ts';
import type { MailServer } from '../../lib/mail/mail-server.ts';
import { parseCommandLine } from './command-line.ts';
import { NOUNS } from './nouns.ts';
import { runVerb } from './run-verb.ts';
import type { Outcome } from './verb.ts';

const ADDRESS = 'hoan@minato-gas.example';

let database: TestDatabase;
let mailServer: TestMailServer;
let worker: Worker | undefined;
const given = process.env.DATABASE_URL;
const events: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.adminUrl;
  const utilityId = await createUtility(database.adminPool, 'minato');
  await createAccount(database.adminPool, utilityId, { role: 'admin', login: 'hoan' });
  await run(`account mail --login hoan --address ${ADDRESS}`);
});
beforeEach(async () => {
  mailServer = await startMailServer();
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  await mailServer.close();
  events.length = 0;
});
afterAll(async () => {
  if (given === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = given;
  await database.close();
});

async function work(server: MailServer | undefined): Promise<void> {
  worker = await startWorker({
    ...{ pool: database.workerPool, log: createLog('silent'), healthPort: 0, schedule: [] },
    mail: server && { server },
  });
}

function run(command: string): Promise<Outcome> {
  const now = new Date();
  const parsed = parseCommandLine(command.split(' '), NOUNS, now);
  if (parsed.kind === 'help') throw new Error('help instead of a verb');
  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  return runVerb(parsed, {
    ...{ environment: {}, isScreen: true, now, readSecret: async () => '' },
    watch: { say: (line) => void events.push(line), now: () => new Date(), pause },
  });
}

it('a test mail is sent, and the command shows the reply of the mail server', async () => {
  await work(mailServer.settings);
  const outcome = await run('account test-mail --login hoan');
  expect(outcome).toMatchObject({
    isUnproven: false,
    said: expect.stringContaining('to hoan: 250 queued as 1'),
    data: { state: 'sent', login: 'hoan', mailWorkers: 1 },
  });
  expect(events).toHaveLength(2);
  expect(mailServer.accepted).toMatchObject([{ to: ADDRESS, messageId: outcome.data?.messageId }]);
  expect((await run('mail list')).said).toContain('1 worker with a mail server');
});

it('a test mail that is refused fails, is listed, and is sent when it is retried', async () => {
  mailServer.refusals.push({ at: 'recipient', code: 550, says: `<${ADDRESS}> unknown` });
  await work(mailServer.settings);
  const outcome = await run('account test-mail --login hoan');
  const { mailId } = outcome.data as { mailId: number };
  expect(outcome).toMatchObject({
    isUnproven: true,
    said: expect.stringContaining(`mail retry --mail ${mailId}`),
    data: { state: 'failed', lastError: expect.stringContaining('550 <(address)> unknown') },
  });
  expect((await run('mail list --failed')).table?.rows).toMatchObject([
    { mailId, state: 'failed', reason: expect.stringContaining('all recipients were rejected') },
  ]);
  await run(`mail retry --mail ${mailId}`);
  await expect.poll(() => mailServer.accepted.length, { timeout: 20_000 }).toBe(1);
});

it('the command reports a missing mail server, and the mail is sent once there is one', async () => {
  await work(undefined);
  const outcome = await run('account test-mail --login hoan');
  expect(outcome).toMatchObject({
    isUnproven: true,
    said: expect.stringContaining('NO MAIL SERVER IS CONFIGURED'),
    data: { state: 'waiting', workers: 1, mailWorkers: 0 },
  });
  expect((await run('mail list')).said).toContain('NO MAIL SERVER IS CONFIGURED');
  await worker?.stop();
  await work(mailServer.settings);
  await expect.poll(() => mailServer.accepted.length, { timeout: 20_000 }).toBe(1);
});

it('a mail whose job is out of attempts, because a worker was killed during the last one, is reported and sent on a retry', async () => {
  const { mailId } = (await run('account test-mail --login hoan')).data as { mailId: number };
  await database.adminPool.query(
    `update graphile_worker._private_jobs set attempts = max_attempts where key like 'send-mail:%'`,
  );
  await work(mailServer.settings);
  const { said } = await run(`mail show --mail ${mailId}`);
  expect(said).toContain('NOTHING SENDS IT');
  await run(`mail retry --mail ${mailId}`);
  await expect.poll(() => mailServer.accepted.length, { timeout: 20_000 }).toBe(1);
});

it('a dry run enters no mail', async () => {
  const counted = async () => (await run('mail list')).table?.rows.length;
  const before = await counted();
  const { said } = await run('account test-mail --login hoan --dry-run');
  expect(said).toMatch(/^test mail \d+ to hoan entered$/);
  expect(await counted()).toBe(before);
});
