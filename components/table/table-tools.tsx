'use client';

import {
  ActionIcon,
  Button,
  Checkbox,
  CheckboxGroup,
  Group,
  NativeSelect,
  Popover,
  PopoverDropdown,
  PopoverTarget,
  SegmentedControl,
  Stack,
} from '@mantine/core';
import { Columns3, Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { saveCsv } from '../charts/save-picture.ts';
import type { DataColumn } from './data-column.ts';
import { tableCsv } from './table-csv.ts';
import type { TableOrder } from './table-head.tsx';
import { DENSITIES, type Density, isSeen, type useTableView } from './table-view.ts';

interface TableToolsProps<Row, Sort extends string> {
  columns: readonly DataColumn<Row, Sort>[];
  /** The visible ones among them. */
  seen: readonly DataColumn<Row, Sort>[];
  rows: readonly Row[];
  order: TableOrder<Sort> | undefined;
  /** Name of the file without extension; undefined offers none. */
  fileName: string | undefined;
  view: ReturnType<typeof useTableView>;
}

/** Tools above a table: order (on a phone, which has no head), choice of columns, and a file of the content. */
export function TableTools<Row, Sort extends string>(props: TableToolsProps<Row, Sort>) {
  const { columns, seen, rows, order, fileName, view } = props;
  const t = useTranslations('table');
  return (
    <Group gap={4} wrap="nowrap" className="no-print">
      {order ? <OrderChoice columns={columns} order={order} /> : null}
      <ColumnChoice columns={columns} view={view} />
      {fileName === undefined ? null : (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<Download size={16} aria-hidden />}
          title={t('saveCsvDetail', { count: rows.length })}
          onClick={() => saveCsv(tableCsv(seen, rows), `${fileName}.csv`)}
        >
          {t('saveCsv', { count: rows.length })}
        </Button>
      )}
    </Group>
  );
}

interface OrderChoiceProps<Row, Sort extends string> {
  columns: readonly DataColumn<Row, Sort>[];
  order: TableOrder<Sort>;
}

function OrderChoice<Row, Sort extends string>({ columns, order }: OrderChoiceProps<Row, Sort>) {
  const t = useTranslations('table');
  const sorting = columns.flatMap(({ sort, name }) => (sort === undefined ? [] : [{ sort, name }]));
  const offered = sorting.flatMap(({ sort, name }) =>
    [false, true].map((descending) => ({ sort, descending, name })),
  );
  const key = ({ sort, descending }: { sort: string; descending: boolean }) =>
    `${sort} ${descending}`;
  return (
    <NativeSelect
      hiddenFrom="sm"
      size="xs"
      aria-label={t('order')}
      value={key(order)}
      onChange={(event) => {
        const chosen = offered.find((each) => key(each) === event.currentTarget.value);
        if (chosen) order.onOrder(chosen.sort, chosen.descending);
      }}
      data={offered.map((each) => ({
        value: key(each),
        label: t(each.descending ? 'orderDescending' : 'orderAscending', { column: each.name }),
      }))}
    />
  );
}

interface ColumnChoiceProps<Row, Sort extends string> {
  columns: readonly DataColumn<Row, Sort>[];
  view: ReturnType<typeof useTableView>;
}

function ColumnChoice<Row, Sort extends string>({ columns, view }: ColumnChoiceProps<Row, Sort>) {
  const t = useTranslations('table');
  const choosable = columns.filter(({ fixed }) => !fixed);
  const { density } = view.view;
  return (
    <Popover position="bottom-end" trapFocus returnFocus withinPortal>
      <PopoverTarget>
        <ActionIcon variant="subtle" size="md" aria-label={t('columns')} title={t('columns')}>
          <Columns3 size={16} aria-hidden />
        </ActionIcon>
      </PopoverTarget>
      <PopoverDropdown aria-label={t('columns')}>
        <Stack gap="sm">
          <CheckboxGroup
            label={t('columns')}
            value={choosable.flatMap((each) => (isSeen(each, view.view) ? [each.id] : []))}
            onChange={(shown) =>
              view.change({
                hidden: choosable.flatMap(({ id }) => (shown.includes(id) ? [] : [id])),
              })
            }
          >
            <Stack gap={6} mt={6}>
              {choosable.map(({ id, name }) => (
                <Checkbox key={id} value={id} label={name} size="sm" />
              ))}
            </Stack>
          </CheckboxGroup>
          <SegmentedControl
            size="xs"
            aria-label={t('density')}
            value={density}
            onChange={(chosen) => view.change({ density: chosen as Density })}
            data={DENSITIES.map((each) => ({ value: each, label: t(`densities.${each}`) }))}
          />
          <Button variant="subtle" size="compact-sm" onClick={view.reset}>
            {t('reset')}
          </Button>
        </Stack>
      </PopoverDropdown>
    </Popover>
  );
}
