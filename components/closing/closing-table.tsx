'use client';

import { Group, Tooltip, UnstyledButton } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import { reasonOf } from '../../lib/closing/closing-row.ts';
import type { ClosingRowWire } from '../../lib/closing/closing-wire.ts';
import { readingClock } from '../../lib/closing/reading-clock.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import { fileDay } from '../text/date-text.ts';
import { QualityBadge, StatusBadge } from '../ui/status-badge.tsx';
import { ReadingTime } from './reading-time.tsx';

export interface ClosingTableProps {
  /** For example 11月20日. */
  day: string;
  /** The filters of the rows. */
  heading: ReactNode;
  rows: readonly ClosingRowWire[];
}

/**
 * Rows of a closing, as they will be billed. No file of the page is offered: bills are made from the file of the whole
 * closing, whose download is recorded.
 */
export function ClosingTable({ day, heading, rows }: ClosingTableProps) {
  const t = useTranslations('closing.table');
  const supplyPoint = useSupplyPointColumns();
  const reading = useReadingColumns();
  const judgement = useJudgementColumns();
  return (
    <DataTable
      name="closing"
      caption={t('caption', { day })}
      heading={heading}
      columns={[...supplyPoint, ...reading, ...judgement]}
      rows={rows}
      idOf={(row) => `${row.customerNumber} ${row.supplyPointNumber}`}
    />
  );
}

type Column = DataColumn<ClosingRowWire>;

function useSupplyPointColumns(): Column[] {
  const t = useTranslations('closing.table');
  return [
    {
      id: 'customerNumber',
      name: t('customerNumber'),
      kind: 'identifier',
      text: (row) => row.customerNumber,
      phone: 'title',
      fixed: true,
    },
    { id: 'area', name: t('area'), text: (row) => row.areaName, phone: 'none' },
    {
      id: 'terminalNumber',
      name: t('terminalNumber'),
      kind: 'identifier',
      text: (row) => row.terminalNumber ?? '',
      extra: true,
      phone: 'none',
    },
    {
      id: 'meterSerial',
      name: t('meterSerial'),
      kind: 'identifier',
      text: (row) => row.meterSerial ?? '',
      cell: (row) => row.meterSerial ?? t('noMeter'),
      phone: 'none',
    },
  ];
}

function useReadingColumns(): Column[] {
  const t = useTranslations('closing.table');
  const volume = { unit: t('volumeUnit'), kind: 'figure' } as const;
  return [
    {
      id: 'readAt',
      name: t('readAt'),
      kind: 'time',
      text: (row) => fileReadAt(row.readAt),
      cell: (row) => <ReadingTime row={row} />,
      phone: 'fact',
    },
    {
      id: 'previousIndex',
      name: t('previousIndex'),
      ...volume,
      text: (row) => indexText(row.previousIndexL),
      phone: 'none',
    },
    {
      id: 'index',
      name: t('index'),
      ...volume,
      text: (row) => indexText(row.indexL),
      phone: 'fact',
    },
    {
      id: 'usage',
      name: t('usage'),
      ...volume,
      text: (row) => row.usageM3 ?? '',
      cell: (row) => <strong>{row.usageM3 ?? t('missing')}</strong>,
      phone: 'fact',
    },
  ];
}

function useJudgementColumns(): Column[] {
  const t = useTranslations('closing.table');
  const closing = useTranslations('closing');
  const qualities = useTranslations('common.quality');
  return [
    {
      id: 'quality',
      name: t('quality'),
      text: (row) => qualities(row.quality),
      // A plain word for the normal state; a badge for any other.
      cell: (row) =>
        row.quality === 'actual' ? qualities(row.quality) : <QualityBadge quality={row.quality} />,
      phone: 'aside',
    },
    {
      id: 'remarks',
      name: t('remarks'),
      text: (row) => row.remarks.map((remark) => closing(`remark.${remark}`)).join(' / '),
      cell: (row) => (row.remarks.length === 0 ? null : <Remarks row={row} />),
      phone: 'line',
    },
  ];
}

function indexText(indexL: number | null): string {
  return indexL === null ? '' : formatIndexM3(indexL);
}

/** Closing reading's time for a file: 2026/11/20 24:00. */
function fileReadAt(readAt: string | null): string {
  if (readAt === null) return '';
  const { day, clock } = readingClock(readAt);
  return `${fileDay(day)} ${clock}`;
}

/** Remarks of a row; each explains what it means and asks for on hover or focus. */
function Remarks({ row }: { row: ClosingRowWire }) {
  const t = useTranslations('closing');
  return (
    <Group gap={4} wrap="nowrap">
      {row.remarks.map((remark) => (
        <Tooltip
          key={remark}
          label={t(`remarkDetail.${remark}`)}
          multiline
          maw={320}
          events={{ hover: true, focus: true, touch: true }}
        >
          <UnstyledButton>
            <StatusBadge
              tone={reasonOf(remark) ? 'attention' : 'calm'}
              label={t(`remark.${remark}`)}
            />
          </UnstyledButton>
        </Tooltip>
      ))}
    </Group>
  );
}
