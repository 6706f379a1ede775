/**
 * Cross-site request forgery: a browser says where a change comes from, and a page of another site cannot lie about it.
 * It concerns cookies alone, which a browser sends by itself.
 */

/**
 * True when the request was made by a page of `origin`. Sec-Fetch-Site decides where the browser sends it, else Origin;
 * a request with neither is refused: every browser of the last years sends one of them with a change.
 */
export function isFromSameOrigin(headers: Headers, origin: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  return headers.get('origin') === origin;
}

/**
 * True when the browser says that a page of another site made the request, be it that somebody followed its link. What
 * only reads is refused then too: a file is recorded as taken, and takes a turn of its makers.
 */
export function isFromOtherSite(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  return site === 'cross-site' || site === 'same-site';
}
