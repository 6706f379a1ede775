/** Name of the cookie that carries the session, as next-auth calls it. */
export function sessionCookieName(secure: boolean): string {
  return `${secure ? '__Secure-' : ''}next-auth.session-token`;
}
