'use client';

import {
  Box,
  Button,
  Checkbox,
  Group,
  Table,
  TableCaption,
  TableTbody,
  TableTd,
  TableTfoot,
  TableTh,
  TableThead,
  TableTr,
  Text,
  VisuallyHidden,
} from '@mantine/core';
import {
  columnVisibilityFeature,
  createColumnHelper,
  type Row as LibraryRow,
  type RowData,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useTranslations } from 'next-intl';
import { type ReactNode, useMemo } from 'react';
import type { DataColumn } from './data-column.ts';
import classes from './data-table.module.css';
import { RowLink, type RowTarget } from './row-link.tsx';
import { HeadCell, type TableOrder } from './table-head.tsx';
import { TableTools } from './table-tools.tsx';
import { isSeen, type TableView, useTableView } from './table-view.ts';

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });

/** Selected rows by id, for an action; rows of other pages stay selected. */
export interface RowSelection {
  chosen: RowSelectionState;
  onChoose: (chosen: RowSelectionState) => void;
}

export interface DataTableProps<Row extends RowData, Sort extends string> {
  /** Key under which a person's choice of columns is stored. */
  name: string;
  /** Description of the table for screen readers. */
  caption: string;
  /** Title of the list or its filters, beside the tools. */
  heading?: ReactNode;
  /** The first column names the row and is its link. */
  columns: readonly DataColumn<Row, Sort>[];
  rows: readonly Row[];
  idOf: (row: Row) => string;
  targetOf?: (row: Row) => RowTarget | undefined;
  order?: TableOrder<Sort>;
  fileName?: string;
  /** Given when an action uses it. */
  selection?: RowSelection;
  /** Last row with totals of the whole list, by the id of the column. */
  totals?: Readonly<Record<string, ReactNode>>;
}

/**
 * A list of the server: rows that are links, a choice of columns, cards on a phone. Sorting and paging are the
 * server's.
 */
export function DataTable<Row extends RowData, Sort extends string = never>(
  props: DataTableProps<Row, Sort>,
) {
  const { name, caption, heading, columns, rows, order, fileName, selection, totals } = props;
  const view = useTableView(name);
  const table = useRows(props, view.view);
  const visible = new Set(table.getVisibleLeafColumns().map(({ id }) => id));
  const seen = columns.filter(({ id }) => visible.has(id));
  const tools = { columns, seen, rows, order, fileName, view };
  return (
    <div>
      <Group justify="space-between" align="center" gap="xs" mb={6}>
        <div className={classes.heading}>{heading}</div>
        <TableTools {...tools} />
      </Group>
      {selection ? <Chosen table={table} selection={selection} /> : null}
      {/* A scrollable region must be reachable by keyboard. */}
      <Box role="group" aria-label={caption} tabIndex={0} className={classes.scroll}>
        <Table
          role="table"
          highlightOnHover
          className={classes.table}
          data-density={view.view.density}
        >
          <TableCaption className={classes.caption}>
            <VisuallyHidden>{caption}</VisuallyHidden>
          </TableCaption>
          <TableThead role="rowgroup" className={classes.head}>
            <TableTr role="row">
              {selection ? <ChoosePage table={table} /> : null}
              {seen.map((column) => (
                <HeadCell key={column.id} column={column} order={order} />
              ))}
            </TableTr>
          </TableThead>
          <TableTbody role="rowgroup">
            {table.getRowModel().rows.map((row) => (
              <BodyRow key={row.id} row={row} seen={seen} {...props} />
            ))}
          </TableTbody>
          {totals ? (
            <Totals seen={seen} totals={totals} hasChoice={selection !== undefined} />
          ) : null}
        </Table>
      </Box>
    </div>
  );
}

/** The table library's model of the rows: visible columns, selected rows. */
function useRows<Row extends RowData, Sort extends string>(
  { columns, rows, idOf, selection }: DataTableProps<Row, Sort>,
  view: TableView,
) {
  const helper = createColumnHelper<typeof features, Row>();
  const columnVisibility = useMemo(
    () => Object.fromEntries(columns.map((column) => [column.id, isSeen(column, view)])),
    [columns, view],
  );
  const chosen = selection?.chosen ?? NOTHING_CHOSEN;
  return useTable({
    features,
    data: rows as Row[],
    columns: columns.map(({ id }) => helper.display({ id })),
    getRowId: idOf,
    state: { columnVisibility, rowSelection: chosen },
    enableRowSelection: selection !== undefined,
    onRowSelectionChange: (change) =>
      selection?.onChoose(typeof change === 'function' ? change(chosen) : change),
  });
}

const NOTHING_CHOSEN: RowSelectionState = {};

type Rows<Row extends RowData> = ReturnType<typeof useRows<Row, never>>;

/** Number of selected rows, on this page and in all, and the button that clears the selection. */
function Chosen<Row extends RowData>({
  table,
  selection: { chosen, onChoose },
}: {
  table: Rows<Row>;
  selection: RowSelection;
}) {
  const t = useTranslations('table');
  const count = Object.keys(chosen).length;
  const here = table.getRowModel().rows.filter(({ id }) => chosen[id]).length;
  return (
    <Group gap="sm" mb={6} aria-live="polite">
      <Text size="sm">{count === 0 ? t('noneChosen') : t('chosen', { count, here })}</Text>
      {count === 0 ? null : (
        <Button variant="subtle" size="compact-sm" onClick={() => onChoose({})}>
          {t('chooseNone')}
        </Button>
      )}
    </Group>
  );
}

function ChoosePage<Row extends RowData>({ table }: { table: Rows<Row> }) {
  const t = useTranslations('table');
  return (
    <TableTh role="columnheader" scope="col" className={classes.choose}>
      <Checkbox
        size="xs"
        aria-label={t('choosePage')}
        checked={table.getIsAllPageRowsSelected()}
        indeterminate={table.getIsSomePageRowsSelected()}
        onChange={(event) => table.toggleAllPageRowsSelected(event.currentTarget.checked)}
      />
    </TableTh>
  );
}

interface BodyRowProps<Row extends RowData, Sort extends string>
  extends Pick<DataTableProps<Row, Sort>, 'targetOf' | 'selection'> {
  row: LibraryRow<typeof features, Row>;
  seen: readonly DataColumn<Row, Sort>[];
}

function BodyRow<Row extends RowData, Sort extends string>({
  row,
  seen,
  targetOf,
  selection,
}: BodyRowProps<Row, Sort>) {
  const t = useTranslations('table');
  const target = targetOf?.(row.original);
  const [first] = seen;
  return (
    <TableTr role="row" className={classes.row} data-link={target !== undefined || undefined}>
      {selection ? (
        <TableTd role="cell" className={classes.choose} data-phone="choose">
          <Checkbox
            size="xs"
            aria-label={t('chooseRow', { row: first?.text(row.original) ?? row.id })}
            checked={row.getIsSelected()}
            onChange={(event) => row.toggleSelected(event.currentTarget.checked)}
          />
        </TableTd>
      ) : null}
      {seen.map((column) => (
        <TableTd
          key={column.id}
          role="cell"
          className={column.wide ? classes.wide : undefined}
          data-kind={column.kind ?? 'text'}
          data-phone={column.phone}
          data-label={column.name}
          data-unit={column.unit}
          data-empty={column.text(row.original) === '' || undefined}
        >
          {column === first && target ? (
            <RowLink target={target}>{contentOf(column, row.original)}</RowLink>
          ) : (
            contentOf(column, row.original)
          )}
        </TableTd>
      ))}
    </TableTr>
  );
}

interface TotalsProps<Row extends RowData, Sort extends string> {
  seen: readonly DataColumn<Row, Sort>[];
  totals: Readonly<Record<string, ReactNode>>;
  /** True when the rows begin with a checkbox. */
  hasChoice: boolean;
}

function Totals<Row extends RowData, Sort extends string>({
  seen,
  totals,
  hasChoice,
}: TotalsProps<Row, Sort>) {
  return (
    <TableTfoot role="rowgroup" className={classes.foot}>
      <TableTr role="row" className={classes.row}>
        {hasChoice ? <TableTd role="cell" data-phone="none" /> : null}
        {seen.map(({ id, kind, name, unit, phone }) => (
          <TableTd
            key={id}
            role="cell"
            data-kind={kind ?? 'text'}
            data-phone={totals[id] === undefined ? 'none' : phone}
            data-label={name}
            data-unit={unit}
          >
            {totals[id]}
          </TableTd>
        ))}
      </TableTr>
    </TableTfoot>
  );
}

function contentOf<Row, Sort extends string>(column: DataColumn<Row, Sort>, row: Row): ReactNode {
  return column.cell ? column.cell(row) : column.text(row) || '—';
}
