/** HTTP terms that several parts of the web process use. */

/** Methods that pages and the API accept. */
export const METHODS: ReadonlySet<string> = new Set([
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
]);

/** Status for the metrics of an answer whose client disconnected. */
export const CLIENT_GONE = 499;
