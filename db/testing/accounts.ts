/** Staff accounts for tests, with an unknown password unless a verifier is given. */
import { randomBytes } from 'node:crypto';
import type { StaffRole } from '../../lib/actor.ts';
import { type Admin, insert, unique } from './fixtures.ts';

interface Verifier {
  salt: Buffer;
  scrypt_n: number;
  scrypt_r: number;
  scrypt_p: number;
  verifier: Buffer;
}

/** Verifier of a random, discarded password. */
function unknownVerifier(): Verifier {
  const cost = { scrypt_n: 16, scrypt_r: 1, scrypt_p: 1 };
  return { salt: randomBytes(16), ...cost, verifier: randomBytes(32) };
}

export async function createAccount(
  admin: Admin,
  utilityId: number,
  account: { role: StaffRole; login?: string; verifier?: Verifier },
): Promise<number> {
  const row = await insert(admin, 'account', {
    utility_id: utilityId,
    login: account.login ?? `desk${unique(8)}`,
    display_name: '検針係',
    role: account.role,
    ...(account.verifier ?? unknownVerifier()),
  });
  return row.account_id!;
}
