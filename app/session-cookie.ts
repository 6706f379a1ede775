/** Name of the session cookie. Over https its prefix keeps other hosts, even of the same domain, from setting it. */
export function sessionCookieName(secure: boolean): string {
  return `${secure ? '__Host-' : ''}next-auth.session-token`;
}

/** Name of the device cookie, which marks a browser that has signed in before. */
export function deviceCookieName(secure: boolean): string {
  return `${secure ? '__Host-' : ''}kenshin-device`;
}
