'use client';

import { Chip, ChipGroup, Group } from '@mantine/core';
import { useTranslations } from 'next-intl';
import {
  CLOSING_FILTERS,
  type ClosingFilter,
  isOnlyWithRows,
} from '../../lib/closing/closing-counts.ts';
import type { ClosingPreviewWire } from '../../lib/closing/closing-wire.ts';
import { ClosingSearch } from './closing-search.tsx';

export interface ClosingFilterBarProps {
  preview: Pick<ClosingPreviewWire, 'counts' | 'toCheck'>;
  show: ClosingFilter;
  onShow: (show: ClosingFilter) => void;
  search: string;
  onSearch: (search: string) => void;
}

/** Filter by number, and counts by quality, each a filter of the rows. */
export function ClosingFilterBar(props: ClosingFilterBarProps) {
  const { preview, show, onShow, search, onSearch } = props;
  const t = useTranslations('closing.filter');
  const { counts, toCheck } = preview;
  const of: Record<ClosingFilter, number> = {
    all: counts.total,
    ...counts.quality,
    check: toCheck,
  };
  const filters = CLOSING_FILTERS.filter(
    (filter) => of[filter] > 0 || filter === show || !isOnlyWithRows(filter),
  );
  return (
    <Group gap="sm" align="center">
      <ClosingSearch search={search} onSearch={onSearch} />
      <ChipGroup value={show} onChange={(value) => onShow(value as ClosingFilter)}>
        <Group gap="xs" role="group" aria-label={t('label')}>
          {filters.map((filter) => (
            <Chip key={filter} value={filter} disabled={of[filter] === 0 && filter !== show}>
              {t('withCount', { name: t(filter), count: of[filter] })}
            </Chip>
          ))}
        </Group>
      </ChipGroup>
    </Group>
  );
}
