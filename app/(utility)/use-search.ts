'use client';

import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { apiQuery } from '../api-query.ts';

const PAUSE_MS = 200;

/** Meters whose customer, terminal or meter number has `query` in it; asked once the typing pauses. */
export function useSearch(query: string) {
  const [q] = useDebouncedValue(query.normalize('NFKC').trim(), PAUSE_MS);
  return useQuery({
    ...apiQuery('/search', { query: { q } }),
    enabled: q !== '',
    placeholderData: q === '' ? undefined : keepPreviousData,
  });
}
