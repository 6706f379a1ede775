import { describe, expect, it } from 'vitest';
import { hashPassword, isPassword } from './password.ts';

describe('passwords', () => {
  it('are recognised by their hash, and others are not', async () => {
    const hash = await hashPassword('正しい馬 battery staple');
    expect(await isPassword('正しい馬 battery staple', hash)).toBe(true);
    expect(await isPassword('正しい馬 battery stapler', hash)).toBe(false);
  });

  it('are the same in full and half width, as input methods give either', async () => {
    const hash = await hashPassword('kenshin-demo');
    expect(await isPassword('ｋｅｎｓｈｉｎ－ｄｅｍｏ', hash)).toBe(true);
  });

  it('hash differently each time and carry their cost', async () => {
    const [one, other] = await Promise.all([hashPassword('secret'), hashPassword('secret')]);
    expect(one).not.toBe(other);
    expect(one).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  });

  it('belong to nobody without a hash', async () => {
    expect(await isPassword('anything', undefined)).toBe(false);
  });

  it('are not compared with what is no hash of ours', async () => {
    await expect(isPassword('secret', 'md5$abc')).rejects.toThrow('not a password hash');
  });
});
