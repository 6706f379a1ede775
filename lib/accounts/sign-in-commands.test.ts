import { expect, it } from 'vitest';
import { newDeviceToken, readDeviceCookie } from './device-cookie.ts';
import { type SignInSource, signInStaff, typedStaffName } from './sign-in-commands.ts';

const KEY = Buffer.alloc(32, 7);
const LOGIN = 'admin';
const NOW = new Date('2026-11-26T10:00:00+09:00');

/** A browser that has signed in before with the login at a utility. */
function knownAt(utilityCode: string): SignInSource {
  const name = typedStaffName({ utilityCode, login: LOGIN });
  const cookie = readDeviceCookie(undefined, KEY).withToken(name, newDeviceToken());
  return { addressGroup: '192.0.2.1', device: readDeviceCookie(cookie, KEY), now: NOW };
}

it('many known browsers of one login take no turn from the same login of another utility', async () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const closedName = { utility_id: 1, locked_until: new Date('2100-01-01') };
  // Returns the same row for every statement, whatever type the caller expects.
  const lookUp = () => opened.then(() => ({ rows: [closedName] }) as never);
  const signIn = (utilityCode: string): Promise<string> =>
    signInStaff(
      { lookUp },
      { utilityCode, login: LOGIN, password: 'x' },
      knownAt(utilityCode),
    ).then(
      () => 'in',
      ({ code }: { code: string }) => code,
    );
  const running = [signIn('third-gas'), signIn('third-gas')];
  const one = signIn('small-gas');
  const many = Array.from({ length: 10 }, () => signIn('large-gas'));
  open();
  await Promise.all(running);
  // The try with a turn finds the name locked; one refused by the queue never looked.
  expect(await one).toBe('locked');
  expect(await Promise.all(many)).toEqual([
    ...['unavailable', 'unavailable'],
    ...Array.from({ length: 8 }, () => 'locked'),
  ]);
});

it.each([
  ['the time that is left', '2026-11-26T10:00:59.001+09:00', 60],
  ['a second at least', '2026-11-26T09:59:00+09:00', 1],
])(
  'a lock says when it ends and in seconds from the given instant: %s',
  async (_, until, seconds) => {
    const name = { utility_id: 1, locked_until: new Date(until) };
    // Returns the same row for every statement, whatever type the caller expects.
    const lookUp = () => Promise.resolve({ rows: [name] } as never);
    const credentials = { utilityCode: 'small-gas', login: LOGIN, password: 'x' };
    await expect(signInStaff({ lookUp }, credentials, knownAt('small-gas'))).rejects.toMatchObject({
      code: 'locked',
      details: { until: `${until.slice(0, 19)}+09:00`, retryAfterS: seconds },
    });
  },
);
