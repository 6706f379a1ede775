/** What both sign-in pages share: the path to open afterwards and the texts of refusals. */
export const UTILITY_COOKIE = 'kenshin-utility';

/** Path of this site to open after signing in; anything else (another site's address) becomes `/`. */
export function returnPath(requested: string | string[] | undefined): string {
  const path = Array.isArray(requested) ? requested[0] : requested;
  if (!path || !/^\/(?![/\\])/.test(path) || /[\\\p{Cc}]/u.test(path)) return '/';
  return path;
}

export type SignInRefusal =
  | { kind: 'wrong' }
  | { kind: 'locked'; until: string }
  | { kind: 'unavailable' };

/** Parses the word that app/auth.ts passes on: `unauthenticated`, `locked 2026-11-23T14:35:00+09:00`, `unavailable`. */
export function parseRefusal(word: string): SignInRefusal {
  const [kind, until] = word.split(' ');
  if (kind === 'locked' && until) return { kind, until };
  return { kind: kind === 'unauthenticated' ? 'wrong' : 'unavailable' };
}
