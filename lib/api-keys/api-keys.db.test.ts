import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { type Actor, capabilitiesOf, KEY_SCOPES, type SystemActor } from '../actor.ts';
import { issueApiKey, type NewApiKey, revokeApiKey } from './api-key-commands.ts';
import { findKeyActor, lastsBeyond, listApiKeys } from './api-key-queries.ts';

const NOW = new Date('2026-11-26T10:00:00+09:00');
const DAY_MS = 24 * 3_600_000;
const NEW: NewApiKey = { name: '料金システム', scopes: ['closing.read'], days: 30, now: NOW };

let database: TestDatabase;
let utilityId: number;
let operator: SystemActor;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  operator = { kind: 'system', utilityId, name: 'test' };
});

const act = <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => transactAs(database.db, utilityId, fn);
const issue = (input: Partial<NewApiKey> = {}) =>
  act((tx) => issueApiKey(tx, operator, { ...NEW, ...input }));
const later = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

describe('issuing a key', () => {
  it('returns it once, and stores its hash, rights and end', async () => {
    const { key, keyId, expiresAt } = await issue({ scopes: ['meter.read', 'collection.read'] });
    expect(expiresAt).toEqual(later(30));
    const { rows } = await database.adminPool.query(
      'select to_jsonb(k)::text as text, key_hash from api_key k where api_key_id = $1',
      [keyId],
    );
    expect(rows[0].text).not.toContain(key);
    expect(rows[0].key_hash).toHaveLength(32);
    expect(await act((tx) => listApiKeys(tx, operator, { now: NOW }))).toEqual([
      {
        ...{ keyId, name: '料金システム', scopes: ['collection.read', 'meter.read'] },
        ...{ state: 'live', createdAt: NOW, expiresAt, revokedAt: null, lastUsedOn: null },
      },
    ]);
  });

  it('and revoking it are recorded in the audit, without the key', async () => {
    const { key, keyId } = await issue();
    await act((tx) => revokeApiKey(tx, operator, { keyId, now: NOW }));
    const { rows } = await database.adminPool.query(
      'select actor, act, subject, detail::text from audit where utility_id = $1 order by audit_id',
      [utilityId],
    );
    const who = { actor: 'system:test', subject: `key:${keyId}` };
    expect(rows).toMatchObject([
      { ...who, act: 'api-key.issued', detail: expect.stringContaining('closing.read') },
      { ...who, act: 'api-key.revoked', detail: expect.stringContaining('料金システム') },
    ]);
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'a\u202eb' }, 'name'],
    [{ scopes: [] }, 'scope'],
    [{ days: 0 }, 'days'],
    [{ days: 731 }, 'days'],
    [{ days: 1.5 }, 'days'],
  ])('with %o is refused with the field', async (input, field) => {
    await expect(issue(input)).rejects.toMatchObject({
      code: 'invalid_input',
      details: { faults: [{ field, message: expect.any(String) }] },
    });
  });

  it("is the operator's right: not an administrator's or a key's", async () => {
    const others: Actor[] = [
      { kind: 'staff', utilityId, accountId: 1, role: 'admin', sessionId: '' },
      { kind: 'key', utilityId, keyId: 1, name: 'x', scopes: KEY_SCOPES },
    ];
    const { keyId } = await issue();
    for (const actor of others) {
      const forbidden = { code: 'forbidden', details: { capability: 'register.write' } };
      await expect(act((tx) => issueApiKey(tx, actor, NEW))).rejects.toMatchObject(forbidden);
      const revoked = act((tx) => revokeApiKey(tx, actor, { keyId, now: NOW }));
      await expect(revoked).rejects.toMatchObject(forbidden);
      const listed = act((tx) => listApiKeys(tx, actor, { now: NOW }));
      await expect(listed).rejects.toMatchObject(forbidden);
    }
  });

  it('is refused for another utility than that of the transaction', async () => {
    const neighbour = { ...operator, utilityId: await createUtility(database.adminPool) };
    await expect(act((tx) => issueApiKey(tx, neighbour, NEW))).rejects.toThrow(
      'row-level security',
    );
  });
});

describe('revoking a key', () => {
  it('is refused for one that is unknown, of another utility, or revoked already', async () => {
    const { keyId } = await issue();
    const neighbourId = await createUtility(database.adminPool);
    const neighbour = { ...operator, utilityId: neighbourId };
    const foreign = transactAs(database.db, neighbourId, (tx) =>
      revokeApiKey(tx, neighbour, { keyId, now: NOW }),
    );
    await expect(foreign).rejects.toMatchObject({ code: 'not_found', details: { keyId } });
    await act((tx) => revokeApiKey(tx, operator, { keyId, now: later(1) }));
    const again = act((tx) => revokeApiKey(tx, operator, { keyId, now: later(2) }));
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    const [row] = await act((tx) => listApiKeys(tx, operator, { now: NOW }));
    expect(row).toMatchObject({ state: 'revoked', revokedAt: later(1) });
  });
});

describe('a key', () => {
  it('is valid until its end, and no longer', async () => {
    const { key } = await issue();
    const lasts = (days: number, of = key) =>
      act((tx) => lastsBeyond(tx, operator, { key: of, at: later(days) }));
    expect(await Promise.all([lasts(29), lasts(30), lasts(0, `${key}x`)])).toEqual([
      ...[true, false, false],
    ]);
    const states = await act(async (tx) => [
      ...(await listApiKeys(tx, operator, { now: later(29) })),
      ...(await listApiKeys(tx, operator, { now: later(30) })),
    ]);
    expect(states.map(({ state }) => state)).toEqual(['live', 'expired']);
  });

  it('is an actor with its scopes as rights, and with no others', async () => {
    // The key was issued by the clock of the database.
    const { rows } = await database.adminPool.query<{ now: Date }>('select now() as now');
    const { key, keyId } = await issue({ now: rows[0]!.now });
    const actor = await findKeyActor(database.webDb, key);
    const scopes = ['closing.read'];
    expect(actor).toEqual({ kind: 'key', utilityId, keyId, name: '料金システム', scopes });
    expect(capabilitiesOf(actor!)).toEqual(scopes);
  });
});
