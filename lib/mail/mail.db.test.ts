import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAs, transactAs, transactByClaim } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createAccount } from '../../db/testing/accounts.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { openStaffSession } from '../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { disableAccount, setMailAddress } from '../accounts/account-commands.ts';
import type { SystemActor } from '../actor.ts';
import { listJobs } from '../jobs/job-queries.ts';
import { enterMail, enterTestMail, retryMail } from './mail-commands.ts';
import { countMailWorkers, countUnsentMails, getMail, listMails } from './mail-queries.ts';
import { beginMail, recordMailOutcome } from './mail-sending-commands.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');
const LATER = new Date('2026-11-26T10:05:00+09:00');
const ADDRESS = 'hoan@minato-gas.example';
const REFUSED = 'permission denied for';

let database: TestDatabase;
let utilityId: number;
let recipient: number;
let actor: SystemActor;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  actor = { kind: 'system', utilityId, name: 'operate' };
  recipient = await createAccount(database.adminPool, utilityId, { role: 'admin', login: 'hoan' });
  await act((tx) => setMailAddress(tx, actor, { accountId: recipient, address: ADDRESS }));
});

const act = <T>(fn: (tx: Tx) => Promise<T>) => transactAs(database.db, utilityId, fn);
const asWorker = <T>(fn: (tx: Tx) => Promise<T>) => transactAs(database.workerDb, utilityId, fn);
const enter = (key: string, to = recipient) =>
  act((tx) => enterMail(tx, actor, { recipient: to, kind: 'test', input: {}, key, now: NOW }));
const mails = () => act((tx) => listMails(tx, actor, { limit: 10 }));
const jobs = () => act((tx) => listJobs(tx, actor));
const begin = (mailId: number, messageId = '<a@cloud.example>') =>
  asWorker((tx) => beginMail(tx, utilityId, { mailId, messageId, now: LATER }));

async function acts(): Promise<unknown[]> {
  const { rows } = await database.adminPool.query(
    `select act, subject, detail from audit where utility_id = $1 and act <> 'account.mail-address-set' order by audit_id`,
    [utilityId],
  );
  return rows;
}

describe('a mail that is entered', () => {
  it('waits with its job, and a second call under its key is the same mail', async () => {
    const first = await enter('event:7');
    expect(first.isNew).toBe(true);
    expect(await enter('event:7')).toEqual({ mailId: first.mailId, isNew: false });
    expect(await mails()).toMatchObject([
      {
        ...{ mailId: first.mailId, kind: 'test', key: 'event:7', login: 'hoan', state: 'waiting' },
        ...{ attempts: 0, enteredAt: NOW, enteredBy: 'system:operate', messageId: null },
      },
    ]);
    expect(await jobs()).toMatchObject([
      { kind: 'send-mail', input: { mailId: first.mailId }, key: String(first.mailId) },
    ]);
  });

  it('is another one for each key and each recipient', async () => {
    const other = await createAccount(database.adminPool, utilityId, { role: 'analyst' });
    const entered = [await enter('event:7'), await enter('event:8'), await enter('event:7', other)];
    expect(entered.map(({ isNew }) => isNew)).toEqual([true, true, true]);
    expect(await mails()).toHaveLength(3);
  });

  it('is one of two transactions that enter it at one time', async () => {
    const both = await Promise.all([enter('event:7'), enter('event:7')]);
    expect(both.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    expect(new Set(both.map(({ mailId }) => mailId)).size).toBe(1);
    expect(await jobs()).toHaveLength(1);
  });

  it('goes with the transaction that is rolled back, and so does its job', async () => {
    const work = act(async (tx) => {
      await enterMail(tx, actor, { recipient, kind: 'test', input: {}, key: 'x', now: NOW });
      throw new Error('undone');
    });
    await expect(work).rejects.toThrow('undone');
    expect([await mails(), await jobs()]).toEqual([[], []]);
  });

  it('has no recipient of another utility', async () => {
    const other = await createUtility(database.adminPool);
    const theirs = await createAccount(database.adminPool, other, { role: 'admin' });
    await expect(enter('x', theirs)).rejects.toMatchObject({ code: 'not_found' });
    await expect(enter('x', 999_999)).rejects.toMatchObject({ code: 'not_found' });
    expect(await mails()).toEqual([]);
  });

  it('is invisible to every other utility', async () => {
    const { mailId } = await enter('x');
    const others = { ...actor, utilityId: await createUtility(database.adminPool) };
    const read = <T>(fn: Parameters<typeof readAs<T>>[2]) =>
      readAs(database.db, others.utilityId, fn);
    expect(await read((db) => listMails(db, others, { limit: 10 }))).toEqual([]);
    const refused = { code: 'not_found' };
    await expect(read((db) => getMail(db, others, mailId))).rejects.toMatchObject(refused);
    const retried = transactAs(database.db, others.utilityId, (tx) =>
      retryMail(tx, others, mailId),
    );
    await expect(retried).rejects.toMatchObject(refused);
  });

  it('has an input and a key within their bounds', async () => {
    const insert = (key: string, input: string) =>
      database.adminPool.query(
        `insert into mail (utility_id, account_id, kind, key, input, entered_at, entered_by) values ($1, $2, 'test', $3, $4, $5, 'x')`,
        [utilityId, recipient, key, input, NOW],
      );
    await expect(insert('a b', '{}')).rejects.toThrow('mail_key_check');
    await expect(insert('x', '[]')).rejects.toThrow('mail_input_check');
    const long = JSON.stringify({ text: 'x'.repeat(9000) });
    await expect(insert('x', long)).rejects.toThrow('mail_input_check');
  });
});

describe('a test mail', () => {
  const enterTest = (login = 'hoan') =>
    act((tx) => enterTestMail(tx, actor, { login, key: 'one', now: NOW }));

  it('is an act of the audit, which has no address', async () => {
    const { mailId } = await enterTest();
    expect(await acts()).toEqual([
      { act: 'mail.test-entered', subject: `mail:${mailId}`, detail: { login: 'hoan' } },
    ]);
  });

  it('is refused for an account that would not get it', async () => {
    await act((tx) => setMailAddress(tx, actor, { accountId: recipient, address: null }));
    await expect(enterTest()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('account mail --login hoan --address'),
    });
    await act((tx) => disableAccount(tx, actor, { accountId: recipient, now: NOW }));
    await expect(enterTest()).rejects.toMatchObject({
      message: expect.stringContaining('disabled'),
    });
    await expect(enterTest('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('and its state are refused to staff accounts', async () => {
    const { mailId } = await enterTest();
    const staff = {
      kind: 'staff',
      utilityId,
      accountId: recipient,
      role: 'admin',
      sessionId: '',
    } as const;
    const forbidden = { code: 'forbidden' };
    const asStaff = <T>(fn: (tx: Tx) => Promise<T>) =>
      expect(act(fn)).rejects.toMatchObject(forbidden);
    await asStaff((tx) => enterTestMail(tx, staff, { login: 'hoan', key: 'two', now: NOW }));
    await asStaff((tx) => listMails(tx, staff, { limit: 1 }));
    await asStaff((tx) => getMail(tx, staff, mailId));
    await asStaff((tx) => retryMail(tx, staff, mailId));
    await asStaff((tx) => setMailAddress(tx, staff, { accountId: recipient, address: null }));
  });
});

describe('the worker', () => {
  it('begins a mail with the address of that moment, and its Message-ID stays', async () => {
    const { mailId } = await enter('x');
    expect(await begin(mailId)).toMatchObject({ address: ADDRESS, kind: 'test', input: {} });
    const moved = 'hoan-2@minato-gas.example';
    await act((tx) => setMailAddress(tx, actor, { accountId: recipient, address: moved }));
    expect(await begin(mailId, '<b@cloud.example>')).toMatchObject({
      address: moved,
      messageId: '<a@cloud.example>',
    });
    expect(await act((tx) => getMail(tx, actor, mailId))).toMatchObject({
      ...{ state: 'waiting', attempts: 2, attemptedAt: LATER, messageId: '<a@cloud.example>' },
    });
  });

  it.each([
    ['account-disabled', (tx: Tx) => disableAccount(tx, actor, { accountId: recipient, now: NOW })],
    ['no-address', (tx: Tx) => setMailAddress(tx, actor, { accountId: recipient, address: null })],
  ] as const)('drops a mail, with the reason: %s', async (dropReason, change) => {
    const { mailId } = await enter('x');
    await act<unknown>(change);
    expect(await begin(mailId)).toEqual({ mailId, kind: 'test', dropReason });
    expect(await begin(mailId)).toBeUndefined();
    expect(await mails()).toMatchObject([{ state: 'dropped', dropReason, attempts: 0 }]);
  });

  it.each([
    [
      { outcome: 'accepted', reply: '250 ok' },
      { state: 'sent', sentAt: LATER, smtpReply: '250 ok' },
    ],
    [
      { outcome: 'deferred', error: '450 later' },
      { state: 'waiting', lastError: '450 later' },
    ],
    [
      { outcome: 'refused', error: '550 none' },
      { state: 'failed', lastError: '550 none' },
    ],
  ] as const)('records the outcome of an attempt: %o', async (handed, expected) => {
    const { mailId } = await enter('x');
    await begin(mailId);
    await asWorker((tx) => recordMailOutcome(tx, utilityId, { mailId, handed, now: LATER }));
    expect(await mails()).toMatchObject([{ attempts: 1, ...expected }]);
  });

  it('cannot begin a mail again that no longer waits, nor change its outcome, even by its own statements', async () => {
    const { mailId } = await enter('x');
    await begin(mailId);
    const handed = { outcome: 'accepted', reply: '250 ok' } as const;
    const record = () =>
      asWorker((tx) => recordMailOutcome(tx, utilityId, { mailId, handed, now: LATER }));
    await record();
    expect(await begin(mailId)).toBeUndefined();
    const refused = { outcome: 'refused', error: 'no' } as const;
    await asWorker((tx) =>
      recordMailOutcome(tx, utilityId, { mailId, handed: refused, now: LATER }),
    );
    const changed = await asWorker((tx) =>
      tx.updateTable('mail').set({ attempts: 0 }).where('mail_id', '=', mailId).execute(),
    );
    expect(changed[0]?.numUpdatedRows).toBe(0n);
    expect(await mails()).toMatchObject([{ state: 'sent', attempts: 1, lastError: null }]);
  });

  it('reads the address of a waiting mail of the utility, and no other column of accounts', async () => {
    const { mailId } = await enter('x');
    const recipients = async (of: number) =>
      transactAs(database.workerDb, of, async (tx) => {
        const { rows } = await sql`select mail_address from mail_recipient(${mailId})`.execute(tx);
        return rows;
      });
    expect(await recipients(utilityId)).toEqual([{ mail_address: ADDRESS }]);
    expect(await recipients(await createUtility(database.adminPool))).toEqual([]);
    await database.adminPool.query(`update mail set state = 'failed' where mail_id = $1`, [mailId]);
    expect(await recipients(utilityId)).toEqual([]);
    const account = asWorker((tx) => tx.selectFrom('account').select('login').execute());
    await expect(account).rejects.toThrow(`${REFUSED} table account`);
    const entering = asWorker((tx) =>
      enterMail(tx, actor, { recipient, kind: 'test', input: {}, key: 'y', now: NOW }),
    );
    await expect(entering).rejects.toThrow('row-level security policy "ready_mail"');
  });
});

describe('a mail that was not sent', () => {
  it('is sent again by a command, with an act in the audit; a sent mail is not', async () => {
    const { mailId } = await enter('x');
    await begin(mailId);
    const refused = { outcome: 'refused', error: '550 none' } as const;
    await asWorker((tx) =>
      recordMailOutcome(tx, utilityId, { mailId, handed: refused, now: LATER }),
    );
    await act((tx) => retryMail(tx, actor, mailId));
    expect(await mails()).toMatchObject([{ state: 'waiting', lastError: '550 none', attempts: 1 }]);
    expect(await jobs()).toMatchObject([{ kind: 'send-mail', key: String(mailId), attempts: 0 }]);
    await begin(mailId);
    const accepted = { outcome: 'accepted', reply: '250 ok' } as const;
    await asWorker((tx) =>
      recordMailOutcome(tx, utilityId, { mailId, handed: accepted, now: LATER }),
    );
    const again = act((tx) => retryMail(tx, actor, mailId));
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    expect(await acts()).toEqual([
      { act: 'mail.retried', subject: `mail:${mailId}`, detail: { kind: 'test', state: 'failed' } },
    ]);
  });

  it('is counted over all utilities, and listed by its state', async () => {
    const count = async () =>
      (await countUnsentMails(database.workerPool)).find(({ state }) => state === 'failed')
        ?.mails ?? 0;
    const before = await count();
    const { mailId } = await enter('x');
    await enter('y');
    await begin(mailId);
    const handed = { outcome: 'refused', error: '550 none' } as const;
    await asWorker((tx) => recordMailOutcome(tx, utilityId, { mailId, handed, now: LATER }));
    expect(await count()).toBe(before + 1);
    const failed = await act((tx) => listMails(tx, actor, { states: ['failed'], limit: 10 }));
    expect(failed).toMatchObject([{ mailId }]);
    expect(await act((tx) => listMails(tx, actor, { limit: 1 }))).toMatchObject([{ key: 'y' }]);
    expect(await act(countMailWorkers)).toBe(0);
  });
});

describe('the web process', () => {
  it('can read and enter no mail, and read no address', async () => {
    const { token: sessionToken } = await openStaffSession(database.adminPool, utilityId, 'admin');
    const asWeb = <T>(fn: (tx: Tx) => Promise<T>) =>
      transactByClaim(database.webDb, { sessionToken }, fn);
    await expect(asWeb((tx) => listMails(tx, actor, { limit: 1 }))).rejects.toThrow(REFUSED);
    const address = asWeb((tx) => tx.selectFrom('account').select('mail_address').execute());
    await expect(address).rejects.toThrow(`${REFUSED} table account`);
    const entering = asWeb((tx) =>
      enterMail(tx, actor, { recipient, kind: 'test', input: {}, key: 'x', now: NOW }),
    );
    await expect(entering).rejects.toThrow(`${REFUSED} table mail`);
    await expect(asWeb(countMailWorkers)).rejects.toThrow(REFUSED);
    await expect(
      asWeb((tx) => beginMail(tx, utilityId, { mailId: 1, messageId: 'x', now: NOW })),
    ).rejects.toThrow(REFUSED);
  });
});
