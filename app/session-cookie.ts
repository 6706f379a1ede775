/** Name of the cookie that carries the session. Over https no other host can set it, not even one of the same domain. */
export function sessionCookieName(secure: boolean): string {
  return `${secure ? '__Host-' : ''}next-auth.session-token`;
}

/** Name of the cookie by which a browser is known to have signed in before. */
export function deviceCookieName(secure: boolean): string {
  return `${secure ? '__Host-' : ''}kenshin-device`;
}
