/** A process runs in its own role only. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertBoundRole, openPool } from './client.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** Result of the role check for a login with these memberships; its name is replaced by "login" in a refusal. */
async function asWeb(attributes: string): Promise<string> {
  const name = `kenshin_test_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(16).toString('hex');
  await database.adminPool.query(`create role ${name} login password '${password}' ${attributes}`);
  const url = new URL(database.adminUrl);
  url.username = name;
  url.password = password;
  const pool = openPool(url.toString(), { applicationName: 'kenshin test login', max: 1 });
  try {
    return await assertBoundRole(pool, 'kenshin_web').then(
      () => 'accepted',
      (error: Error) => error.message.replace(name, 'login'),
    );
  } finally {
    await pool.end();
    await database.adminPool.query(`drop role ${name}`);
  }
}

describe('the web process', () => {
  it('runs as kenshin_web', async () => {
    await expect(assertBoundRole(database.webPool, 'kenshin_web')).resolves.toBeUndefined();
  });

  it('runs as a login in that role', async () => {
    expect(await asWeb('in role kenshin_web')).toBe('accepted');
  });

  it.each([
    [
      'in role kenshin_app',
      'the database role "login" has the rights of kenshin_app; this process connects as kenshin_web or a login that is a member of it alone',
    ],
    [
      'in role kenshin_web, kenshin_ingest',
      'the database role "login" has the rights of kenshin_ingest; this process connects as kenshin_web or a login that is a member of it alone',
    ],
    [
      'in role kenshin_web, kenshin_seal',
      'the database role "login" has the rights of kenshin_seal; this process connects as kenshin_web or a login that is a member of it alone',
    ],
    [
      '',
      'the database role "login" has no rights; this process connects as kenshin_web or a login that is a member of it alone',
    ],
    [
      'bypassrls in role kenshin_web',
      'the database role "login" bypasses row security; connect as kenshin_web or a login that is a member of it',
    ],
  ])('is refused for a login %s', async (attributes, message) => {
    expect(await asWeb(attributes)).toBe(message);
  });

  it('is refused in the role of the sidecar, of the commands and of the owner', async () => {
    for (const pool of [database.ingestPool, database.pool, database.adminPool]) {
      await expect(assertBoundRole(pool, 'kenshin_web')).rejects.toThrow('as kenshin_web or');
    }
  });
});
