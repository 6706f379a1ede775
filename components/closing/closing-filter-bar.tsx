'use client';

import { Chip, ChipGroup, Group } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { CLOSING_FILTERS, type ClosingFilter } from '../../lib/closing/closing-row.ts';
import type { ClosingPreviewWire } from '../../lib/closing/closing-wire.ts';

export interface ClosingFilterBarProps {
  preview: Pick<ClosingPreviewWire, 'counts' | 'toCheck'>;
  show: ClosingFilter;
  onShow: (show: ClosingFilter) => void;
}

/** Counts by quality, each a filter of the rows. */
export function ClosingFilterBar({ preview, show, onShow }: ClosingFilterBarProps) {
  const t = useTranslations('closing.filter');
  const { counts, toCheck } = preview;
  const of: Record<ClosingFilter, number> = {
    all: counts.total,
    ...counts.quality,
    check: toCheck,
  };
  return (
    <ChipGroup value={show} onChange={(value) => onShow(value as ClosingFilter)}>
      <Group gap="xs" role="group" aria-label={t('label')}>
        {CLOSING_FILTERS.map((filter) => (
          <Chip key={filter} value={filter} disabled={of[filter] === 0 && filter !== show}>
            {t('withCount', { name: t(filter), count: of[filter] })}
          </Chip>
        ))}
      </Group>
    </ChipGroup>
  );
}
