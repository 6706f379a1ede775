'use client';

import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { SearchHit } from '../../components/shell/search-dialog.tsx';
import { apiGet } from '../api-client.ts';

const PAUSE_MS = 200;

/** Meters whose customer, terminal or meter number has `query` in it; asked once the typing pauses. */
export function useSearch(query: string) {
  const [q] = useDebouncedValue(query.normalize('NFKC').trim(), PAUSE_MS);
  return useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => apiGet<{ hits: SearchHit[] }>('/search', { q }, signal),
    enabled: q !== '',
    placeholderData: q === '' ? undefined : keepPreviousData,
  });
}
