import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor } from '../actor.ts';
import { recordAct } from './audit-commands.ts';
import { type AuditHead, type AuditVerdict, verifyAuditChain } from './audit-queries.ts';

let database: TestDatabase;
let actor: Actor & { kind: 'system' };

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const utilityId = await createUtility(database.adminPool);
  actor = { kind: 'system', utilityId, name: 'test' };
});

function record(act: string, by: Actor = actor): Promise<void> {
  return transactAs(database.db, by.utilityId, (tx) =>
    recordAct(tx, by, { act, subject: 'meter:1', detail: { 備考: '取替', step: 1 } }),
  );
}

function verify(known?: AuditHead): Promise<AuditVerdict> {
  return readAs(database.db, actor.utilityId, (db) => verifyAuditChain(db, actor.utilityId, known));
}

/** Changes rows with the rights of the schema's owner, with the chain trigger disabled. */
function tamper(change: string): Promise<unknown> {
  return database.adminPool.query(`${change} and utility_id = ${actor.utilityId}`);
}

describe('the audit chain', () => {
  it('is valid when empty and after acts', async () => {
    expect(await verify()).toEqual({ checked: 0, head: undefined, broken: undefined });
    await record('a');
    await record('b');
    expect(await verify()).toMatchObject({ checked: 2, head: { auditId: 2 }, broken: undefined });
  });

  it('keeps one order when acts are recorded concurrently', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, at) => record(`act${at}`)));
    expect(await verify()).toMatchObject({ checked: 8, broken: undefined });
  });

  it('does not keep an act whose transaction fails', async () => {
    const failing = transactAs(database.db, actor.utilityId, async (tx) => {
      await recordAct(tx, actor, { act: 'a', subject: 'meter:1', detail: {} });
      throw new Error('later step');
    });
    await expect(failing).rejects.toThrow('later step');
    expect(await verify()).toMatchObject({ checked: 0 });
  });

  it.each([
    ['an altered act', `update audit set act = 'other' where audit_id = 2`, 2, 'altered'],
    ['an altered detail', `update audit set detail = '{}' where audit_id = 2`, 2, 'altered'],
    [
      'an altered time',
      `update audit set at = at + interval '1 microsecond' where audit_id = 2`,
      2,
      'altered',
    ],
    ['a removed row', `delete from audit where audit_id = 2`, 3, 'gap'],
    [
      'a row that was hashed anew',
      `update audit set detail = '{}', hash = sha256(previous_hash || convert_to(concat_ws(E'\\x1f', utility_id, audit_id,
         to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor, act, subject, '{}'), 'UTF8'))
       where audit_id = 2`,
      3,
      'unlinked',
    ],
  ])('reveals %s', async (_what, change, auditId, fault) => {
    for (const act of ['a', 'b', 'c']) await record(act);
    await tamper(change);
    expect((await verify()).broken).toEqual({ auditId, fault });
  });

  it('reveals that its end was cut off when an earlier head is known', async () => {
    for (const act of ['a', 'b', 'c']) await record(act);
    const { head } = await verify();
    await record('d');
    expect((await verify(head)).broken).toBeUndefined();
    await tamper('delete from audit where audit_id >= 3');
    expect((await verify()).broken).toBeUndefined();
    expect((await verify(head)).broken).toEqual({ auditId: 3, fault: 'cut-off' });
  });

  it('is one chain for each utility', async () => {
    await record('a');
    const utilityId = await createUtility(database.adminPool);
    await record('a', { ...actor, utilityId });
    await record('b');
    expect(await verify()).toMatchObject({ checked: 2, broken: undefined });
  });

  it("refuses an act in another utility's name", async () => {
    const utilityId = await createUtility(database.adminPool);
    const foreign = transactAs(database.db, utilityId, (tx) =>
      recordAct(tx, actor, { act: 'a', subject: 'meter:1', detail: {} }),
    );
    await expect(foreign).rejects.toThrow(/row-level security/);
  });

  it('refuses text that could be read as two fields', async () => {
    await expect(record('a\u001fb')).rejects.toThrow(/check constraint/);
  });

  it('cannot be rewritten by the application', async () => {
    await record('a');
    for (const change of [`update audit set act = 'x'`, 'delete from audit', 'truncate audit']) {
      await expect(database.pool.query(change)).rejects.toThrow(/permission denied/);
    }
  });
});
