'use client';

import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import classes from './waiting.module.css';

/** Shows its children after 300 ms, so that a quick answer causes no flicker. */
function Waiting({ children }: { children: ReactNode }) {
  const t = useTranslations('common.state');
  return (
    <div role="status" className={classes.late}>
      <VisuallyHidden>{t('loading')}</VisuallyHidden>
      {children}
    </div>
  );
}

/** Placeholder of a page: summary, chart, list. */
export function PageSkeleton() {
  return (
    <Waiting>
      <Stack gap="md">
        <Skeleton height={16} width={96} />
        <Skeleton height={28} width="60%" />
        <Skeleton height={260} mt="sm" />
        <TableLines rows={6} />
      </Stack>
    </Waiting>
  );
}

export function ChartSkeleton({ height = 260 }: { height?: number }) {
  return (
    <Waiting>
      <Skeleton height={height} />
    </Waiting>
  );
}

export function TableSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <Waiting>
      <TableLines rows={rows} />
    </Waiting>
  );
}

function TableLines({ rows }: { rows: number }) {
  return (
    <Stack gap="xs">
      {Array.from({ length: rows }, (_, row) => `line ${row + 1}`).map((line) => (
        <Skeleton key={line} height={32} />
      ))}
    </Stack>
  );
}
