'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { EmptyState } from './notice.tsx';

interface PageGoneProps {
  total: number;
  size: number;
  offset: number;
  onOffset: (offset: number) => void;
}

/** In place of a page beyond the end of its list: the list has become shorter, or the address is wrong. */
export function PageGone({ total, size, offset, onOffset }: PageGoneProps) {
  const t = useTranslations('period');
  const last = Math.max(1, Math.ceil(total / size));
  return (
    <EmptyState
      title={t('pageGone', { page: Math.floor(offset / size) + 1 })}
      action={
        <Button variant="default" onClick={() => onOffset((last - 1) * size)}>
          {t('lastPage')}
        </Button>
      }
    >
      {t('pageGoneDetail', { last })}
    </EmptyState>
  );
}
