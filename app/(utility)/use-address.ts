'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

type Changes = Record<string, string | undefined>;

export interface Address {
  /** Value of the parameter `name`; undefined when the address has none. */
  get(name: string): string | undefined;
  /**
   * The value at this moment, for a handler: after a click that was just made the page may not have been drawn anew, and
   * `get` has the value before it.
   */
  current(name: string): string | undefined;
  /** Changes the address without a new history entry; undefined removes a parameter. */
  set(changes: Changes): void;
  /** The address with these changes, for a link. */
  hrefOf(changes: Changes): string;
}

/**
 * Parameters of the page's address, in which filters, period and sort are kept so that the page can be shared. Changes
 * apply at once, without the server, to the current address: two quick changes are both kept.
 */
export function useAddress(): Address {
  const path = usePathname();
  const query = useSearchParams();
  const get = useCallback((name: string) => query.get(name) ?? undefined, [query]);
  const current = useCallback(
    (name: string) => new URLSearchParams(window.location.search).get(name) ?? undefined,
    [],
  );
  const set = useCallback(
    (changes: Changes) =>
      window.history.replaceState(null, '', changed(path, window.location.search, changes)),
    [path],
  );
  const hrefOf = useCallback(
    (changes: Changes) => changed(path, query.toString(), changes),
    [path, query],
  );
  return { get, current, set, hrefOf };
}

function changed(path: string, query: string, changes: Changes): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  }
  return next.size === 0 ? path : `${path}?${next}`;
}
