import { describe, expect, it } from 'vitest';
import { urlOfAppRole, urlOfDatabase, urlOfRole } from './database-url.ts';

describe('urlOfDatabase', () => {
  it('changes the database and nothing else', () => {
    expect(urlOfDatabase('postgres://u:p%40@h:5433/a?sslmode=require', 'b')).toBe(
      'postgres://u:p%40@h:5433/b?sslmode=require',
    );
  });
});

describe('urlOfAppRole', () => {
  it.each([
    ['postgres://u@h/a', 'postgres://u@h/a?options=-c%20role%3Dkenshin_app'],
    ['postgres://u@h/a?x=1', 'postgres://u@h/a?x=1&options=-c%20role%3Dkenshin_app'],
    [
      'postgres://u@h/a?options=-c%20jit%3Doff',
      'postgres://u@h/a?options=-c%20jit%3Doff%20-c%20role%3Dkenshin_app',
    ],
  ])('of %s sets the role at the start of each session', (url, expected) => {
    expect(urlOfAppRole(url)).toBe(expected);
    expect(urlOfRole(url, 'kenshin_web')).toBe(expected.replace('kenshin_app', 'kenshin_web'));
  });
});
