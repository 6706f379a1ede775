import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createAccount } from '../../db/testing/accounts.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { SystemActor } from '../actor.ts';
import { setMailAddress } from './account-commands.ts';
import { listAccounts } from './account-queries.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');
const ADDRESS = 'hoan@minato-gas.example';

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
});

const act = <T>(fn: (tx: Tx) => Promise<T>) => transactAs(database.db, utilityId, fn);

describe('the mail address of an account', () => {
  it('is set and taken away; the audit says that, and not to what', async () => {
    const shown = async () =>
      (await act((tx) => listAccounts(tx, actor, { now: NOW }))).map((row) => row.mailAddress);
    expect(await shown()).toEqual([null]);
    await act((tx) => setMailAddress(tx, actor, { accountId: recipient, address: ADDRESS }));
    expect(await shown()).toEqual([ADDRESS]);
    await act((tx) => setMailAddress(tx, actor, { accountId: recipient, address: null }));
    expect(await shown()).toEqual([null]);
    const { rows } = await database.adminPool.query(
      'select act, subject, detail from audit where utility_id = $1 order by audit_id',
      [utilityId],
    );
    const subject = `staff:${recipient}`;
    expect(rows).toEqual([
      { act: 'account.mail-address-set', subject, detail: {} },
      { act: 'account.mail-address-cleared', subject, detail: {} },
    ]);
  });

  it('that is none is refused, by the verb and by the table', async () => {
    const set = (address: string, accountId = recipient) =>
      act((tx) => setMailAddress(tx, actor, { accountId, address }));
    for (const address of ['hoan', 'hoan@gas.example\r\nBcc: x@gas.example', '']) {
      await expect(set(address)).rejects.toMatchObject({ code: 'invalid_input' });
      await expect(
        database.adminPool.query('update account set mail_address = $1 where utility_id = $2', [
          address,
          utilityId,
        ]),
      ).rejects.toThrow('account_mail_address_plain');
    }
    await expect(set(ADDRESS, 999_999)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of another utility is out of reach', async () => {
    const others = { ...actor, utilityId: await createUtility(database.adminPool) };
    const set = transactAs(database.db, others.utilityId, (tx) =>
      setMailAddress(tx, others, { accountId: recipient, address: ADDRESS }),
    );
    await expect(set).rejects.toMatchObject({ code: 'not_found' });
  });
});
