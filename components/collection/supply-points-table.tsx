'use client';

import { Anchor, Text } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { CollectionSupplyPointWire } from '../../lib/collection/collection-wire.ts';
import { summaryText } from '../refusals/refusal-texts.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import { dayText, fileDay, fileInstant, instantText } from '../text/date-text.ts';

interface SupplyPointsTableProps {
  supplyPoints: CollectionSupplyPointWire[];
  /** `missing` has columns for the last contact and the advice, `arrived` for time and number of values. */
  kind: 'missing' | 'arrived';
  day: string;
}

type Column = DataColumn<CollectionSupplyPointWire>;

/** Supply points behind a count, each with a link to its meter. */
export function SupplyPointsTable({ supplyPoints, kind, day }: SupplyPointsTableProps) {
  const t = useTranslations('collection');
  const supplyPoint = useSupplyPointColumns();
  const missing = useMissingColumns();
  const arrived = useArrivedColumns();
  return (
    <DataTable
      name={`collection-${kind}`}
      caption={t('listOf', { day })}
      columns={[...supplyPoint, ...(kind === 'missing' ? missing : arrived)]}
      rows={supplyPoints}
      idOf={({ supplyPointId }) => String(supplyPointId)}
      targetOf={({ meterId }) => ({ href: `/meters/${meterId}` })}
      fileName={`kenshin-collection-${kind}-${day}`}
    />
  );
}

function useSupplyPointColumns(): Column[] {
  const t = useTranslations('collection');
  return [
    {
      id: 'customerNumber',
      name: t('customerNumber'),
      kind: 'identifier',
      text: (row) => row.customerNumber ?? '',
      cell: (row) => row.customerNumber ?? `${t('vacant')} ${row.supplyPointNumber}`,
      phone: 'title',
      fixed: true,
    },
    {
      id: 'terminalNumber',
      name: t('terminalNumber'),
      kind: 'identifier',
      text: (row) => row.terminalNumber,
      phone: 'fact',
    },
    {
      id: 'meterSerial',
      name: t('meterSerial'),
      kind: 'identifier',
      text: (row) => row.meterSerial,
      extra: true,
      phone: 'none',
    },
    { id: 'area', name: t('area'), text: (row) => row.areaName, phone: 'aside' },
  ];
}

function useMissingColumns(): Column[] {
  const t = useTranslations('collection');
  const locale = useLocale();
  const requestText = ({ lastAskedAt, askedCount }: CollectionSupplyPointWire) =>
    lastAskedAt
      ? t('askedTimes', { count: askedCount, time: instantText(lastAskedAt, locale) })
      : t('notAsked');
  return [
    {
      id: 'lastDay',
      name: t('lastDay'),
      kind: 'time',
      text: (row) => fileDay(row.lastDay),
      cell: ({ lastDay }) => (lastDay ? dayText(lastDay, locale) : t('never')),
      phone: 'fact',
    },
    {
      id: 'lastSeenAt',
      name: t('lastSeen'),
      kind: 'time',
      text: (row) => fileInstant(row.lastSeenAt),
      cell: ({ lastSeenAt }) => (lastSeenAt ? instantText(lastSeenAt, locale) : t('never')),
      phone: 'fact',
    },
    {
      id: 'dueAt',
      name: t('due'),
      kind: 'time',
      text: (row) => fileInstant(row.dueAt),
      cell: ({ dueAt }) => instantText(dueAt, locale),
      extra: true,
      phone: 'none',
    },
    { id: 'asked', name: t('asked'), text: requestText, phone: 'fact' },
    {
      id: 'whatToDo',
      name: t('whatToDo'),
      wide: true,
      text: (row) => adviceOf(row, t),
      cell: (row) => (
        <>
          {adviceOf(row, t)}
          <Refused row={row} />
        </>
      ),
      phone: 'line',
    },
  ];
}

function adviceOf(
  { advice, state, refusal }: CollectionSupplyPointWire,
  t: ReturnType<typeof useTranslations<'collection'>>,
): string {
  return advice
    ? t(`advice.${advice}`, { serial: refusal?.meterSerial ?? '' })
    : t(`state.${state}`);
}

/** Link to the refused frames of the supply point's terminal. */
function Refused({ row: { refused, meterId } }: { row: CollectionSupplyPointWire }) {
  const t = useTranslations('refusals');
  const locale = useLocale();
  if (!refused) return null;
  return (
    <Text fz="xs">
      <Anchor component={Link} prefetch={false} href={`/meters/${meterId}#refusals`} fz="inherit">
        {summaryText(refused, t, locale)}
      </Anchor>
    </Text>
  );
}

function useArrivedColumns(): Column[] {
  const t = useTranslations('collection');
  const locale = useLocale();
  return [
    {
      id: 'receivedAt',
      name: t('received'),
      kind: 'time',
      text: (row) => fileInstant(row.receivedAt),
      cell: ({ receivedAt }) => (receivedAt ? instantText(receivedAt, locale) : t('never')),
      phone: 'fact',
    },
    {
      id: 'values',
      name: t('values'),
      kind: 'figure',
      text: (row) => String(row.indexCount ?? 0),
      cell: (row) => t('valuesOf', { count: row.indexCount ?? 0, expected: row.expectedCount }),
      phone: 'fact',
    },
    {
      id: 'dueAt',
      name: t('due'),
      kind: 'time',
      text: (row) => fileInstant(row.dueAt),
      cell: ({ dueAt }) => instantText(dueAt, locale),
      phone: 'none',
    },
  ];
}
