/** Paths of next-auth that the pages use; the others (its own pages, its log) are 404. */
const ANSWERED = new Set([
  'GET csrf',
  'GET session',
  'POST callback/staff',
  'POST callback/consumer',
]);

/** True for a request that the sign-in forms send: a form, not JSON. */
export function isAnswered(
  method: string,
  segments: readonly string[],
  contentType: string | null,
): boolean {
  if (!ANSWERED.has(`${method} ${segments.join('/')}`)) return false;
  return method === 'GET' || /^application\/x-www-form-urlencoded\b/.test(contentType ?? '');
}
