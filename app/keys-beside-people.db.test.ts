/** Calls with keys, valid or guessed, must not use up the shares of people who signed in. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadDb } from '../db/schema.ts';
import { createUtility } from '../db/testing/fixtures.ts';
import { issueKey, openStaffSession } from '../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import { SHARES } from './fair-shares.ts';
import { openPools, type WebPools } from './pools.ts';

let database: TestDatabase;
let pools: WebPools;
let utilityId: number;

beforeAll(async () => {
  database = await testDatabase();
  utilityId = await createUtility(database.adminPool);
  pools = openPools(database.webUrl, () => undefined);
});
afterAll(() => database.close());

/** A key that does not exist. Anyone can write one; a session's cookie cannot be made without the site's secret. */
const guessed = () => `kenshin_${randomBytes(32).toString('base64url')}`;

describe('the look-up of a session', () => {
  it('has its turn while unknown keys are tried from more networks than may wait', async () => {
    const { token } = await openStaffSession(database.adminPool, utilityId);
    await pools.findSession(token, '192.0.2.1');
    const most = SHARES.session.atOnce + SHARES.session.waiting;
    const tried = Array.from({ length: most }, (_, at) =>
      pools.findKey(guessed(), `10.0.${at >> 8}.${at & 255}`),
    );
    const ended = Promise.allSettled(tried);
    const found = await pools.findSession(token, '192.0.2.1').catch(({ code }) => code);
    await ended;
    expect(found).toMatchObject({ actor: { utilityId } });
  });

  it('has its turn while the look-up of two keys is slow', async () => {
    const { token } = await openStaffSession(database.adminPool, utilityId);
    await pools.findSession(token, '192.0.2.1');
    const client = await database.adminPool.connect();
    await client.query('begin; lock table api_key in access exclusive mode');
    const tried = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((at) => pools.findKey(guessed(), at));
    const ended = Promise.allSettled(tried);
    const found = await pools.findSession(token, '192.0.2.1').catch(({ code }) => code);
    await client.query('rollback');
    client.release();
    await ended;
    expect(found).toMatchObject({ actor: { utilityId } });
  });
});

describe('the files of a utility', () => {
  it('are available to its people while its programs download theirs, however many keys they have', async () => {
    const client = new AbortController();
    const { signal } = client;
    const sleep = (db: ReadDb) => sql`select pg_sleep(10)`.execute(db);
    const held = await Promise.all(
      [1, 2].map(async () => {
        const { key } = await issueKey(database.adminPool, utilityId, ['closing.export']);
        const actor = await pools.findKey(key, '192.0.2.1');
        return pools.workOf(actor!, { apiKey: key });
      }),
    );
    const ended = Promise.allSettled(held.map(({ read }) => read(sleep, { cost: 'file', signal })));
    const { token, accountId, sessionId } = await openStaffSession(database.adminPool, utilityId);
    const person = { kind: 'staff', utilityId, accountId, role: 'billing', sessionId } as const;
    const file = await pools
      .workOf(person, { sessionToken: token })
      .read((db) => sql`select 1`.execute(db), { cost: 'file' })
      .then(
        () => 'made',
        ({ code }) => code,
      );
    client.abort(new Error('over'));
    await ended;
    expect(file).toBe('made');
  });
});

describe('a key', () => {
  it('is revoked at once while a transaction with its first use of the day is open', async () => {
    const { key, keyId } = await issueKey(database.adminPool, utilityId, ['closing.read']);
    const client = await database.webPool.connect();
    await client.query('begin');
    await client.query('select claim_api_key($1)', [key]);
    const revoked = await database.adminPool
      .query(
        `set lock_timeout = '1s'; update api_key set revoked_at = now() where api_key_id = ${keyId}`,
      )
      .then(
        () => 'revoked',
        ({ message }) => message,
      );
    await client.query('rollback');
    client.release();
    expect(revoked).toBe('revoked');
  });
});
