/** Terms of HTTP that several parts of the web process use. */

/** Methods that a page or the API may be asked with. */
export const METHODS: ReadonlySet<string> = new Set([
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
]);

/** The status of an answer whose client has gone: nobody reads it, the metrics count it. */
export const CLIENT_GONE = 499;
