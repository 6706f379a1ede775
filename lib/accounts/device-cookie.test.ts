import { describe, expect, it } from 'vitest';
import { newDeviceToken, readDeviceCookie, type TypedName } from './device-cookie.ts';

const KEY = Buffer.alloc(32, 1);
const desk: TypedName = { kind: 'staff', utilityCode: 'demo', name: 'billing' };
const other: TypedName = { ...desk, name: 'analyst' };

describe('a device cookie', () => {
  it('contains the names with which its browser signed in, and no others', () => {
    const tokens = [newDeviceToken(), newDeviceToken()] as const;
    const first = readDeviceCookie(undefined, KEY).withToken(desk, tokens[0]);
    const cookie = readDeviceCookie(readDeviceCookie(first, KEY).withToken(other, tokens[1]), KEY);
    expect(cookie.tokenOf(desk)).toBe(tokens[0]);
    expect(cookie.tokenOf(other)).toBe(tokens[1]);
    for (const name of [
      { ...desk, name: 'admin' },
      { ...desk, utilityCode: 'other' },
      { ...desk, kind: 'consumer' as const },
    ]) {
      expect(cookie.tokenOf(name)).toBeUndefined();
    }
  });

  it('is ignored when it was made with another key, changed or made up', () => {
    const token = newDeviceToken();
    const value = readDeviceCookie(undefined, KEY).withToken(desk, token);
    const [, signature = ''] = value.split('~');
    const forged = [
      readDeviceCookie(undefined, Buffer.alloc(32, 2)).withToken(desk, token),
      `${newDeviceToken()}~${signature}`,
      `${token}~${newDeviceToken()}`,
      token,
      '~',
      '.~.',
      'x'.repeat(10_000),
    ];
    for (const cookie of forged) {
      expect([cookie, readDeviceCookie(cookie, KEY).tokenOf(desk)]).toEqual([cookie, undefined]);
    }
  });

  it('keeps the eight names used last, each once, and stays short', () => {
    let value: string | undefined;
    for (let round = 0; round < 20; round += 1) {
      const name = { ...desk, name: `desk-${round % 10}` };
      value = readDeviceCookie(value, KEY).withToken(name, newDeviceToken());
    }
    const cookie = readDeviceCookie(value, KEY);
    const known = Array.from({ length: 10 }, (_, each) =>
      Boolean(cookie.tokenOf({ ...desk, name: `desk-${each}` })),
    );
    expect(known).toEqual([false, false, ...Array(8).fill(true)]);
    expect(value?.length).toBeLessThan(400);
  });
});
