'use client';

import { Group, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import { reasonOf } from '../../lib/closing/closing-counts.ts';
import type { ClosingPreviewWire, ClosingRowWire } from '../../lib/closing/closing-wire.ts';
import { readingClock } from '../../lib/closing/reading-clock.ts';
import { instantOf } from '../../lib/time.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import type { RowTarget } from '../table/row-link.tsx';
import { fileDay } from '../text/date-text.ts';
import { QualityBadge, StatusBadge } from '../ui/status-badge.tsx';
import classes from './closing.module.css';
import { ReadingTime } from './reading-time.tsx';
import { useClosingTime } from './use-closing-time.ts';

export interface ClosingTableProps {
  /** For example 11月20日. */
  day: string;
  /** JST day of the previous closing. */
  previousOn: string | null;
  /** The filters of the rows. */
  heading: ReactNode;
  rows: readonly ClosingRowWire[];
  /** Rows of all pages that the filters leave, and the sum of their usages. */
  total: number;
  totals: ClosingPreviewWire['totals'];
  /** Opens the row beside the list. */
  targetOf: (row: ClosingRowWire) => RowTarget;
}

/**
 * Rows of a closing, as they will be billed. No file of the page is offered: bills are made from the file of the whole
 * closing, whose download is recorded.
 */
export function ClosingTable(props: ClosingTableProps) {
  const { day, previousOn, heading, rows, total, totals, targetOf } = props;
  const t = useTranslations('closing.table');
  const hasDecimals = [totals, ...rows].some(({ usageM3 }) => usageM3?.includes('.'));
  const supplyPoint = useSupplyPointColumns();
  const reading = useReadingColumns({ hasDecimals, previousOn });
  const judgement = useJudgementColumns();
  return (
    <DataTable
      name="closing"
      caption={t('caption', { day })}
      heading={heading}
      columns={[...supplyPoint, ...reading, ...judgement]}
      rows={rows}
      idOf={(row) => [row.customerNumber, row.supplyPointNumber, row.closesOn].join(' ')}
      targetOf={targetOf}
      totals={{
        customerNumber: t('total', { count: total }),
        usage: <UsageText usageM3={totals.usageM3} hasDecimals={hasDecimals} />,
        ...(totals.withoutUsage > 0
          ? { remarks: t('withoutUsage', { count: totals.withoutUsage }) }
          : {}),
      }}
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

interface ReadingColumns {
  hasDecimals: boolean;
  previousOn: string | null;
}

function useReadingColumns({ hasDecimals, previousOn }: ReadingColumns): Column[] {
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
      cell: (row) => <PreviousIndex row={row} previousOn={previousOn} />,
      phone: 'none',
    },
    {
      id: 'previousAt',
      name: t('previousAt'),
      kind: 'time',
      text: (row) => fileReadAt(row.previousAt),
      extra: true,
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
      cell: (row) =>
        row.usageM3 === null ? (
          t('missing')
        ) : (
          <UsageText
            usageM3={row.usageM3}
            hasDecimals={hasDecimals}
            isDraft={row.quality === 'awaited'}
          />
        ),
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
      // A plain word where nothing has to be done; a badge for an exception.
      cell: (row) =>
        row.quality === 'actual' || row.quality === 'awaited' ? (
          qualities(row.quality)
        ) : (
          <QualityBadge quality={row.quality} />
        ),
      phone: 'aside',
    },
    {
      id: 'remarks',
      name: t('remarks'),
      text: (row) =>
        [
          ...(row.kind === 'final' ? [closing('kind.final')] : []),
          ...row.remarks.map((remark) => closing(`remark.${remark}`)),
        ].join(' / '),
      cell: (row) => <Remarks row={row} />,
      phone: 'line',
    },
  ];
}

/** The register from which the usage counts; its time beside it when it is not that of the previous closing. */
function PreviousIndex({ row, previousOn }: { row: ClosingRowWire; previousOn: string | null }) {
  const t = useTranslations('closing.table');
  const time = useClosingTime();
  const { previousIndexL, previousAt } = row;
  if (previousIndexL === null || previousAt === null) return t('missing');
  const isUsual = previousOn !== null && Date.parse(previousAt) === endOf(previousOn);
  return (
    <>
      {isUsual ? null : (
        <Text span size="xs" c="dimmed">
          {t('lagBeside', { lag: time.reading(previousAt) })}{' '}
        </Text>
      )}
      {indexText(previousIndexL)}
    </>
  );
}

function endOf(day: string): number {
  return instantOf(day, 24).getTime();
}

interface UsageTextProps {
  usageM3: string;
  /** True when another usage of the list has a decimal. */
  hasDecimals: boolean;
  /** A usage that changes when the report arrives. */
  isDraft?: boolean;
}

/** A billed usage; whole ones keep the room of the decimal that others have. */
function UsageText({ usageM3, hasDecimals, isDraft = false }: UsageTextProps) {
  const t = useTranslations('closing.table');
  const isWhole = hasDecimals && !usageM3.includes('.');
  const className = [isWhole && classes.whole, isDraft && classes.draft].filter(Boolean).join(' ');
  return (
    <Text
      span
      inherit
      fw={isDraft ? 400 : 600}
      className={className}
      title={isDraft ? t('soFar') : undefined}
    >
      {usageM3}
    </Text>
  );
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

/** Remarks of a row, and when its report is expected; each remark explains what it means and asks for on hover or focus. */
function Remarks({ row }: { row: ClosingRowWire }) {
  const t = useTranslations('closing');
  const time = useClosingTime();
  if (row.kind !== 'final' && row.remarks.length === 0 && row.expectedAt === null) return null;
  return (
    <Group gap={4} wrap="nowrap">
      {row.kind === 'final' ? <StatusBadge tone="calm" label={t('kind.final')} /> : null}
      {row.expectedAt === null ? null : (
        <Text span size="xs" c="dimmed">
          {t('table.expected', { at: time.instant(row.expectedAt) })}
        </Text>
      )}
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
