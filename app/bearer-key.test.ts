import { expect, test } from 'vitest';
import { newApiKey } from '../lib/api-keys/api-key.ts';
import { readBearerKey } from './bearer-key.ts';

const key = newApiKey();

test.each([`Bearer ${key}`, `bearer ${key}`, `BEARER   ${key}`])(
  'the header %s has the key',
  (header) => {
    expect(readBearerKey(header)).toBe(key);
  },
);

test.each([
  '',
  'Bearer',
  'Bearer ',
  key,
  `Basic ${key}`,
  `Bearer${key}`,
  `Bearer ${key} ${key}`,
  `Bearer ${key}, Bearer ${key}`,
  `Bearer ${key}=`,
  `Bearer ${key.slice(0, -1)}`,
  `Bearer ${key.replace('kenshin_', '')}`,
  `Bearer ${key.toUpperCase()}`,
])('the header "%s" has no key', (header) => {
  expect(readBearerKey(header)).toBeUndefined();
});

test('a key has its prefix and 256 random bits, and no two are equal', () => {
  expect(key).toMatch(/^kenshin_[A-Za-z0-9_-]{43}$/);
  expect(Buffer.from(key.slice('kenshin_'.length), 'base64url')).toHaveLength(32);
  expect(newApiKey()).not.toBe(key);
});
