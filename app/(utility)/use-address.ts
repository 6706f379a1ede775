'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

type Changes = Record<string, string | undefined>;

export interface Address {
  /** What the address says of `name`; undefined where it says nothing. */
  get(name: string): string | undefined;
  /** Writes into the address without a new entry in the history; undefined takes the name out. */
  set(changes: Changes): void;
  /** The address with these changes, for a link. */
  hrefOf(changes: Changes): string;
}

/**
 * Filters, period and sort of a page live in its address, so that it can be sent to a colleague. The address changes at
 * once, without asking the server, and from what it is at that moment: two quick choices both stay.
 */
export function useAddress(): Address {
  const path = usePathname();
  const query = useSearchParams();
  const get = useCallback((name: string) => query.get(name) ?? undefined, [query]);
  const set = useCallback(
    (changes: Changes) =>
      window.history.replaceState(null, '', changed(path, window.location.search, changes)),
    [path],
  );
  const hrefOf = useCallback(
    (changes: Changes) => changed(path, query.toString(), changes),
    [path, query],
  );
  return { get, set, hrefOf };
}

function changed(path: string, query: string, changes: Changes): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  }
  return next.size === 0 ? path : `${path}?${next}`;
}
