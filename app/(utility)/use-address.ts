'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

export interface Address {
  /** What the address says of `name`; undefined where it says nothing. */
  get(name: string): string | undefined;
  /** Writes into the address without a new entry in the history; undefined takes the name out. */
  set(changes: Record<string, string | undefined>): void;
}

/** Filters, period and sort of a page live in its address, so that it can be sent to a colleague. */
export function useAddress(): Address {
  const router = useRouter();
  const path = usePathname();
  const query = useSearchParams();
  const get = useCallback((name: string) => query.get(name) ?? undefined, [query]);
  const set = useCallback(
    (changes: Record<string, string | undefined>) => {
      const next = new URLSearchParams(query);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) next.delete(name);
        else next.set(name, value);
      }
      router.replace(next.size === 0 ? path : `${path}?${next}`, { scroll: false });
    },
    [router, path, query],
  );
  return { get, set };
}
