/** URLs derived from a PostgreSQL URL: of another database on the server, or in another role. */
import type { ProcessRole } from './grants.ts';

/** The URL with another database name. */
export function urlOfDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.toString();
}

/**
 * URL whose sessions are in a role from their first statement on. Its user must be a member of the role or a superuser.
 * Other start-up options of the URL are kept.
 */
export function urlOfRole(url: string, role: ProcessRole): string {
  const changed = new URL(url);
  const options = changed.searchParams.get('options');
  changed.searchParams.delete('options');
  const separator = changed.searchParams.size > 0 ? '&' : '?';
  // Encoded by hand: URLSearchParams writes a blank as "+", which only JavaScript decodes.
  const all = encodeURIComponent([options, `-c role=${role}`].filter(Boolean).join(' '));
  return `${changed.toString()}${separator}options=${all}`;
}

/** URL whose sessions are in the role of the operator's commands. */
export function urlOfAppRole(url: string): string {
  return urlOfRole(url, 'kenshin_app');
}
