'use client';

import { Button, Group, Pagination, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { ErrorState } from '../ui/error-state.tsx';
import { EmptyState } from '../ui/notice.tsx';
import { TableSkeleton } from '../ui/waiting.tsx';
import classes from './data-table.module.css';

/** Requested rows of a list; `offset` from 0. */
export interface ListPart {
  limit: number;
  offset: number;
}

/** State of a list's query, as TanStack Query has it. */
export interface ListQuery<Row> {
  data: { total: number; rows: Row[] } | undefined;
  error: Error | null;
  refetch: () => unknown;
  /** True while the shown rows are those of another part or filter. */
  isPlaceholderData: boolean;
}

interface ListAnswerProps<Row> {
  query: ListQuery<Row>;
  part: ListPart;
  onOffset: (offset: number) => void;
  /** Shown when the list has no rows. */
  empty: ReactNode;
  skeletonRows?: number;
  children: (rows: Row[]) => ReactNode;
}

/** One part of a server's list with its pager, or the reason why there is none. */
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

/** Rows shown of how many, and links to the other parts if any. */
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

/** Message for a part beyond the end of the list: the list has become shorter, or the address is wrong. */
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
