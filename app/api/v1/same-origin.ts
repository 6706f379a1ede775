/** Cross-site request forgery: a browser says where a change comes from, and a page of another site cannot lie about it. */

/**
 * True when the request was made by a page of `origin`. Sec-Fetch-Site decides where the browser sends it, else Origin;
 * a request with neither is refused: every browser of the last years sends one of them with a change.
 */
export function isFromSameOrigin(headers: Headers, origin: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  return headers.get('origin') === origin;
}
