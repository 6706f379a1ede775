import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readWebConfig } from '../lib/config.ts';
import { type AuthSettings, createAuthOptions, type RefusedSignIn } from './auth.ts';

const ADDRESS = '192.0.2.1';
const SECRET = 'a secret of a test, long enough for the cookie';
const away = new Error('the database is away');

/** Signs in with `provider` while no database answers; returns the lines of the log. */
async function refusedOf(provider: string, form: Record<string, string>) {
  const refused: RefusedSignIn[] = [];
  const faults: unknown[] = [];
  const settings: AuthSettings = {
    secret: SECRET,
    deviceKey: Buffer.alloc(32),
    secure: true,
    signInDatabase: { lookUp: () => Promise.reject(away) },
    onFault: (fault) => faults.push(fault),
    onRefused: (each) => refused.push(each),
  };
  const request = { address: ADDRESS, device: undefined, session: undefined, now: new Date(0) };
  const { providers } = createAuthOptions(settings, request);
  const { authorize } = providers.find(({ options }) => options?.id === provider)?.options ?? {};
  await expect(authorize(form, {})).rejects.toThrow(/^(unavailable|unauthenticated)$/);
  return { refused, faults };
}

const hash = (name: string) =>
  createHmac('sha256', SECRET).update(`name in the log ${name}`).digest('hex').slice(0, 12);

describe('the log of a refused sign-in', () => {
  it('has kind, utility, reason and address, and a short keyed hash of the name', async () => {
    const staff = { utilityCode: 'Demo', login: ' Ｂilling', password: 'a long enough password' };
    expect(await refusedOf('staff', staff)).toEqual({
      refused: [
        {
          reason: 'unavailable',
          kind: 'staff',
          utility: 'demo',
          nameHash: hash('billing'),
          address: ADDRESS,
        },
      ],
      faults: [away],
    });
    const home = { utilityCode: 'demo', customerNumber: '０００１２３', registrationCode: 'K7QM' };
    const [refused] = (await refusedOf('consumer', home)).refused;
    expect(refused).toMatchObject({ kind: 'consumer', nameHash: hash('000123') });
    const plain = createHash('sha256').update('000123').digest('hex');
    expect(plain).not.toContain(refused?.nameHash);
  });

  it('omits a utility that is not a code, such as a password typed there', async () => {
    const form = {
      utilityCode: 'My Secret!',
      login: 'billing',
      password: 'a long enough password',
    };
    expect((await refusedOf('staff', form)).refused[0]).toMatchObject({ utility: undefined });
  });

  it.each([
    ['is empty', {}],
    ['has a control character', { utilityCode: 'demo', login: 'a\0b', password: 'x' }],
    ['has too long a password', { utilityCode: 'demo', login: 'a', password: 'x'.repeat(251) }],
  ])('says so for a form that %s, without a look-up', async (_what, form) => {
    const { refused, faults } = await refusedOf('staff', form);
    expect(refused).toEqual([
      { reason: 'form', kind: 'staff', utility: undefined, nameHash: undefined, address: ADDRESS },
    ]);
    expect(faults).toEqual([]);
  });
});

it('a secret that is not random keeps the process from starting', () => {
  const start = (secret: string) => () =>
    readWebConfig({
      DATABASE_URL: 'postgres://kenshin@db/kenshin',
      NEXTAUTH_URL: 'https://kenshin.example',
      NEXTAUTH_SECRET: secret,
    });
  expect(start('0f1e2d3c4b5a69788796a5b4c3d2e1f0')).not.toThrow();
  for (const secret of ['a'.repeat(32), 'abcd'.repeat(16), 'short']) {
    expect(start(secret)).toThrow('NEXTAUTH_SECRET');
  }
});
