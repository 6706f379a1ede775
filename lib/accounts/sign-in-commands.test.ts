import { expect, it } from 'vitest';
import { newDeviceToken, readDeviceCookie } from './device-cookie.ts';
import { type SignInSource, signInStaff, typedStaffName } from './sign-in-commands.ts';

const KEY = Buffer.alloc(32, 7);
const LOGIN = 'admin';

/** A browser that has signed in with the login at a utility before. */
function knownAt(utilityCode: string): SignInSource {
  const name = typedStaffName({ utilityCode, login: LOGIN });
  const cookie = readDeviceCookie(undefined, KEY).withToken(name, newDeviceToken());
  return { addressGroup: '192.0.2.1', device: readDeviceCookie(cookie, KEY) };
}

it('many known browsers of one login take no place from the same login of another utility', async () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const closedName = { utility_id: 1, locked_until: new Date('2100-01-01') };
  // It answers every question alike, whatever type the caller expects.
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
  // What had its turn finds the name closed; what was refused in the queue had none.
  expect(await one).toBe('locked');
  expect(await Promise.all(many)).toEqual([
    ...['unavailable', 'unavailable'],
    ...Array.from({ length: 8 }, () => 'locked'),
  ]);
});
