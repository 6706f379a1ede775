'use client';

import { Group } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import type { ClosingChecksWire } from '../../lib/work-list/closing-check-wire.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import type { RowTarget } from '../table/row-link.tsx';
import { QualityBadge, StatusBadge } from '../ui/status-badge.tsx';

type CheckedRow = ClosingChecksWire['rows'][number];

export interface ClosingCheckTableProps {
  caption: string;
  rows: readonly CheckedRow[];
  /** Opens the row on the closing's page. */
  targetOf: (row: CheckedRow) => RowTarget;
}

/** Rows of a closing with what is to be checked of each. */
export function ClosingCheckTable({ caption, rows, targetOf }: ClosingCheckTableProps) {
  return (
    <DataTable
      name="closing-checks"
      caption={caption}
      columns={useColumns()}
      rows={rows}
      idOf={({ row }) => [row.customerNumber, row.supplyPointNumber, row.kind].join(' ')}
      targetOf={targetOf}
    />
  );
}

function useColumns(): DataColumn<CheckedRow>[] {
  const t = useTranslations('check.rows');
  const closing = useTranslations('closing');
  const qualities = useTranslations('common.quality');
  const unit = useTranslations('check')('volumeUnit');
  const reasonText = (reason: CheckedRow['reasons'][number]) =>
    reason === 'none' ? qualities('none') : closing(`remark.${reason}`);
  return [
    {
      ...{ id: 'customerNumber', name: t('customerNumber'), kind: 'identifier', fixed: true },
      ...{ text: ({ row }) => row.customerNumber, phone: 'title' },
    },
    { id: 'area', name: t('area'), text: ({ row }) => row.areaName, phone: 'none' },
    {
      id: 'reasons',
      name: t('reasons'),
      text: ({ reasons }) => reasons.map(reasonText).join(' / '),
      cell: ({ reasons }) => (
        <Group gap={4}>
          {reasons.map((reason) => (
            <StatusBadge key={reason} tone="attention" label={reasonText(reason)} />
          ))}
        </Group>
      ),
      phone: 'line',
    },
    {
      ...{ id: 'index', name: t('index'), unit, kind: 'figure', phone: 'fact' },
      text: ({ row }) => (row.indexL === null ? '' : formatIndexM3(row.indexL)),
    },
    {
      ...{ id: 'usage', name: t('usage'), unit, kind: 'figure', phone: 'fact' },
      text: ({ row }) => row.usageM3 ?? '',
    },
    {
      ...{ id: 'quality', name: t('quality'), phone: 'aside' },
      text: ({ row }) => qualities(row.quality),
      cell: ({ row }) => <QualityBadge quality={row.quality} />,
    },
  ];
}
