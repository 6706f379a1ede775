import { scryptSync } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createDatabase, openPool } from '../../db/client.ts';
import { urlOfRole } from '../../db/database-url.ts';
import { listMigrations, migrate } from '../../db/migrate.ts';
import { emptyDatabase } from '../../db/testing/database.ts';
import { createSupplyPoint, insert, occupy } from '../../db/testing/fixtures.ts';
import { testServerUrl } from '../../db/testing/testing.ts';
import { normalizeRegistrationCode } from './registration-code.ts';
import { type SignInDatabase, signInConsumer, signInStaff } from './sign-in-commands.ts';
import { answerTo, newBrowser, PASSWORD } from './testing-sign-in.ts';

const MIGRATIONS = path.join(import.meta.dirname, '../../db/migrations');
const LAST_WITH_HASHES = '0011';
const CODE = 'K7QM-2XVD-90TN';

/** A hash in the format before verifiers: `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
function storedHash(password: string): string {
  const salt = Buffer.alloc(16, 0xfb);
  const hash = scryptSync(password, salt, 32, { N: 16, r: 1, p: 1 });
  return ['scrypt', 16, 1, 1, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

it('passwords and codes stored before verifiers still work; other stored texts open nothing', async () => {
  const database = await emptyDatabase(testServerUrl());
  const directory = await mkdtemp(path.join(tmpdir(), 'kenshin-migrations-'));
  const admin = openPool(database.adminUrl, { applicationName: 'kenshin test admin' });
  const pool = openPool(urlOfRole(database.adminUrl, 'kenshin_web'), {
    applicationName: 'kenshin test',
  });
  try {
    for (const { name } of await listMigrations(MIGRATIONS)) {
      if (name.slice(0, 4) > LAST_WITH_HASHES) continue;
      await cp(path.join(MIGRATIONS, name), path.join(directory, name));
    }
    await migrate(database.adminUrl, undefined, directory);
    const utilityCode = 'old-gas';
    const { utility_id: utilityId = 0 } = await insert(admin, 'utility', {
      ...{ code: utilityCode, name: '試験ガス' },
    });
    for (const [login, hash] of [
      ['kenshin', storedHash(PASSWORD)],
      ['broken', 'none'],
    ]) {
      await admin.query(
        `insert into account (utility_id, login, display_name, role, password_hash) values ($1, $2, '係', 'billing', $3)`,
        [utilityId, login, hash],
      );
    }
    const supplyPointId = await createSupplyPoint(admin, utilityId);
    const home = { supplyPointId, customerNumber: '000123', fromOn: '2020-01-01' };
    const { occupancyId } = await occupy(admin, utilityId, home);
    await admin.query(
      'insert into consumer_access (utility_id, occupancy_id, code_hash) values ($1, $2, $3)',
      [utilityId, occupancyId, storedHash(normalizeRegistrationCode(CODE))],
    );

    await migrate(database.adminUrl);

    const db = createDatabase(pool);
    const signInDatabase: SignInDatabase = { lookUp: (fn) => fn(db) };
    const staff = (login: string, password = PASSWORD) =>
      answerTo(
        signInStaff(signInDatabase, { utilityCode, login, password }, newBrowser().source()),
      );
    const household = (registrationCode: string) => {
      const form = { utilityCode, customerNumber: '000123', registrationCode };
      return answerTo(signInConsumer(signInDatabase, form, newBrowser().source()));
    };
    expect(await staff('kenshin')).toBe('in');
    expect(await staff('kenshin', 'another password')).toBe('unauthenticated');
    expect(await staff('broken', 'none')).toBe('unauthenticated');
    expect(await household(CODE)).toBe('in');
    expect(await household('K7QM-2XVD-90TM')).toBe('unauthenticated');
  } finally {
    await Promise.all([admin.end(), pool.end()]);
    await database.close();
    await rm(directory, { recursive: true });
  }
});
