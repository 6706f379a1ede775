'use client';

import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { apiQuery } from '../api-query.ts';

const PAUSE_MS = 200;

/** Meters with a customer, terminal or meter number that contains `query`; fetched once typing pauses. */
export function useSearch(query: string) {
  const [q] = useDebouncedValue(query.normalize('NFKC').trim(), PAUSE_MS);
  return useQuery({
    ...apiQuery('/search', { query: { q } }),
    enabled: q !== '',
    placeholderData: q === '' ? undefined : keepPreviousData,
  });
}
