'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

export interface Address {
  /** What the address says of `name`; undefined where it says nothing. */
  get(name: string): string | undefined;
  /** Writes into the address without a new entry in the history; undefined takes the name out. */
  set(changes: Record<string, string | undefined>): void;
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
    (changes: Record<string, string | undefined>) => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) next.delete(name);
        else next.set(name, value);
      }
      window.history.replaceState(null, '', next.size === 0 ? path : `${path}?${next}`);
    },
    [path],
  );
  return { get, set };
}
