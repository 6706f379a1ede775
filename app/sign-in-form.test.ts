import { describe, expect, it } from 'vitest';
import { parseRefusal, returnPath } from './sign-in-form.ts';

describe('returnPath', () => {
  it.each([
    [
      'a page of ours with its filters',
      '/pressure?area=2&from=2026-11-01',
      '/pressure?area=2&from=2026-11-01',
    ],
    ['nothing', undefined, '/'],
    ['another site', 'https://elsewhere.example/', '/'],
    ['another site without a scheme', '//elsewhere.example/', '/'],
    ['another site with a backslash', '/\\elsewhere.example/', '/'],
    ['a tab that browsers drop', '/\t/elsewhere.example/', '/'],
    ['a script', 'javascript:alert(1)', '/'],
    ['the first of several', ['/meters', 'x'], '/meters'],
  ])('of %s is the path %s', (_, requested, path) => {
    expect(returnPath(requested)).toBe(path);
  });
});

describe('parseRefusal', () => {
  it('returns the end of a lock', () => {
    const until = '2026-11-23T14:35:00+09:00';
    expect(parseRefusal(`locked ${until}`)).toEqual({ kind: 'locked', until });
  });

  it('distinguishes a wrong password from an unavailable site', () => {
    expect(parseRefusal('unauthenticated')).toEqual({ kind: 'wrong' });
    expect(parseRefusal('unavailable')).toEqual({ kind: 'unavailable' });
    expect(parseRefusal('anything else')).toEqual({ kind: 'unavailable' });
  });
});
