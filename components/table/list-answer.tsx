'use client';

import { Button, Group, Pagination, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { ErrorState } from '../ui/error-state.tsx';
import { EmptyState } from '../ui/notice.tsx';
import { TableSkeleton } from '../ui/waiting.tsx';
import classes from './data-table.module.css';

/** Which rows of a list are asked for, from 0. */
export interface ListPart {
  limit: number;
  offset: number;
}

/** What the query of a list has come to: as TanStack Query tells it. */
export interface ListQuery<Row> {
  data: { total: number; rows: Row[] } | undefined;
  error: Error | null;
  refetch: () => unknown;
  /** The rows at hand are those of another part or filter. */
  isPlaceholderData: boolean;
}

interface ListAnswerProps<Row> {
  query: ListQuery<Row>;
  part: ListPart;
  onOffset: (offset: number) => void;
  /** In place of a list without any row. */
  empty: ReactNode;
  skeletonRows?: number;
  children: (rows: Row[]) => ReactNode;
}

/** A part of a list of the server with the way through it; or why there is none. */
export function ListAnswer<Row>(props: ListAnswerProps<Row>) {
  const { query, part, onOffset, empty, skeletonRows, children } = props;
  const { data, error, refetch, isPlaceholderData } = query;
  if (!data) {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
    return <TableSkeleton rows={skeletonRows} />;
  }
  const { total, rows } = data;
  if (total === 0) return empty;
  const listPart = { total, part, onOffset };
  if (rows.length === 0) return <PageGone {...listPart} />;
  return (
    <div className={isPlaceholderData ? classes.busy : undefined} aria-busy={isPlaceholderData}>
      {children(rows)}
      <Pager {...listPart} shown={rows.length} />
    </div>
  );
}

interface ListPartProps {
  total: number;
  part: ListPart;
  onOffset: (offset: number) => void;
}

/** Which rows of how many are seen, and the way to the others where there are any. */
function Pager({ total, part, shown, onOffset }: ListPartProps & { shown: number }) {
  const t = useTranslations('table');
  const { limit, offset } = part;
  return (
    <Group justify="space-between" mt="sm" gap="xs">
      <Text size="sm" c="dimmed">
        {t('range', { from: offset + 1, to: offset + shown, total })}
      </Text>
      {total > limit ? (
        <Pagination
          size="sm"
          className="no-print"
          aria-label={t('pages')}
          total={Math.ceil(total / limit)}
          value={Math.floor(offset / limit) + 1}
          onChange={(page) => onOffset((page - 1) * limit)}
        />
      ) : null}
    </Group>
  );
}

/** In place of a page beyond the end of its list: the list has become shorter, or the address is wrong. */
function PageGone({ total, part, onOffset }: ListPartProps) {
  const t = useTranslations('period');
  const { limit, offset } = part;
  const last = Math.max(1, Math.ceil(total / limit));
  return (
    <EmptyState
      title={t('pageGone', { page: Math.floor(offset / limit) + 1 })}
      action={
        <Button variant="default" onClick={() => onOffset((last - 1) * limit)}>
          {t('lastPage')}
        </Button>
      }
    >
      {t('pageGoneDetail', { last })}
    </EmptyState>
  );
}
