'use client';

import { TableTh, Text } from '@mantine/core';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { DataColumn } from './data-column.ts';
import classes from './data-table.module.css';
import { isPlainClick } from './row-link.tsx';

/** Current order of the rows, and the links to others. */
export interface TableOrder<Sort extends string> {
  sort: Sort;
  descending: boolean;
  /** Address of the list in another order. */
  hrefOf: (sort: Sort, descending: boolean) => string;
  onOrder: (sort: Sort, descending: boolean) => void;
}

interface HeadCellProps<Row, Sort extends string> {
  column: DataColumn<Row, Sort>;
  order: TableOrder<Sort> | undefined;
}

/** Head of a column; a link when the list can be sorted by it. */
export function HeadCell<Row, Sort extends string>({ column, order }: HeadCellProps<Row, Sort>) {
  const { sort, kind, wide } = column;
  const common = {
    role: 'columnheader',
    scope: 'col',
    className: wide ? classes.wide : undefined,
    'data-kind': kind ?? 'text',
  } as const;
  if (!order || sort === undefined) {
    return (
      <TableTh {...common}>
        <HeadText column={column} />
      </TableTh>
    );
  }
  const isHere = order.sort === sort;
  const state = isHere ? (order.descending ? 'descending' : 'ascending') : 'none';
  return (
    <TableTh {...common} aria-sort={state}>
      <SortLink column={column} sort={sort} order={order} />
    </TableTh>
  );
}

interface SortLinkProps<Row, Sort extends string> {
  column: DataColumn<Row, Sort>;
  sort: Sort;
  order: TableOrder<Sort>;
}

function SortLink<Row, Sort extends string>({ column, sort, order }: SortLinkProps<Row, Sort>) {
  const t = useTranslations('table');
  const isHere = order.sort === sort;
  const descending = isHere && !order.descending;
  const Icon = !isHere ? ChevronsUpDown : order.descending ? ArrowDown : ArrowUp;
  return (
    <a
      href={order.hrefOf(sort, descending)}
      className={classes.sortLink}
      title={t(descending ? 'sortDescending' : 'sortAscending', { column: column.name })}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        order.onOrder(sort, descending);
      }}
    >
      <HeadText column={column} />
      <Icon size={14} aria-hidden className={isHere ? undefined : classes.unsorted} />
    </a>
  );
}

function HeadText<Row, Sort extends string>({ column }: { column: DataColumn<Row, Sort> }) {
  return (
    <span className={classes.headText}>
      {column.name}
      {column.unit === undefined ? null : (
        <Text span inherit fz="0.85em" fw={400} ml={3}>
          ({column.unit})
        </Text>
      )}
    </span>
  );
}
