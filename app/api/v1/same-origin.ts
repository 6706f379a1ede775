/**
 * Protection against cross-site request forgery: browsers state the origin of a request, and a page cannot change that.
 * Applies to cookies only, which browsers send by themselves.
 */

/**
 * True when a page of `origin` made the request: by Sec-Fetch-Site, or by Origin when the browser does not send it.
 * False without either: every current browser sends one of them with a change.
 */
export function isFromSameOrigin(headers: Headers, origin: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  return headers.get('origin') === origin;
}

/**
 * True when the browser states that a page of another site made the request, also by a link. Reads are then refused
 * too, because a file download is recorded and uses one of the turns for files.
 */
export function isFromOtherSite(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  return site === 'cross-site' || site === 'same-site';
}
