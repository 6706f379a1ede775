'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { MeterSort } from '../../lib/meters/meter-sort.ts';
import type { MeterRowWire } from '../../lib/meters/meter-wire.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import type { TableOrder } from '../table/table-head.tsx';
import { fileInstant, instantText } from '../text/date-text.ts';

interface MetersTableProps {
  meters: MeterRowWire[];
  order: TableOrder<MeterSort>;
}

/** Fitted meters, sorted by the server; each row links to its meter. */
export function MetersTable({ meters, order }: MetersTableProps) {
  const t = useTranslations('meters');
  const supplyPoint = useSupplyPointColumns();
  const state = useStateColumns();
  return (
    <DataTable
      name="meters"
      caption={t('title')}
      columns={[...supplyPoint, ...state]}
      rows={meters}
      idOf={({ meterId }) => String(meterId)}
      targetOf={({ meterId }) => ({ href: `/meters/${meterId}` })}
      order={order}
      fileName="kenshin-meters"
    />
  );
}

type Column = DataColumn<MeterRowWire, MeterSort>;

function useSupplyPointColumns(): Column[] {
  const t = useTranslations('meters');
  const numbers = useTranslations('collection');
  return [
    {
      id: 'customerNumber',
      name: numbers('customerNumber'),
      kind: 'identifier',
      sort: 'customerNumber',
      text: (meter) => meter.customerNumber ?? '',
      cell: (meter) => meter.customerNumber ?? `${numbers('vacant')} ${meter.supplyPointNumber}`,
      phone: 'title',
      fixed: true,
    },
    {
      id: 'terminalNumber',
      name: numbers('terminalNumber'),
      kind: 'identifier',
      sort: 'terminalNumber',
      text: (meter) => meter.terminalNumber ?? '',
      phone: 'fact',
    },
    {
      id: 'meterSerial',
      name: numbers('meterSerial'),
      kind: 'identifier',
      sort: 'meterSerial',
      text: (meter) => meter.meterSerial,
      phone: 'fact',
    },
    {
      id: 'area',
      name: t('area'),
      sort: 'area',
      text: (meter) => meter.areaName,
      cell: (meter) => `${meter.areaName}(${t(`gasKind.${meter.gasKind}`)})`,
      phone: 'aside',
    },
  ];
}

function useStateColumns(): Column[] {
  const t = useTranslations('meters');
  const numbers = useTranslations('collection');
  const locale = useLocale();
  return [
    {
      id: 'lastSeenAt',
      name: t('lastSeen'),
      sort: 'lastSeenAt',
      kind: 'time',
      text: (meter) => fileInstant(meter.lastSeenAt),
      cell: ({ lastSeenAt }) => (lastSeenAt ? instantText(lastSeenAt, locale) : numbers('never')),
      phone: 'fact',
    },
    {
      id: 'batteryMv',
      name: t('battery'),
      unit: 'V',
      kind: 'figure',
      sort: 'batteryMv',
      text: (meter) => volts(meter.batteryMv) ?? '',
      phone: 'fact',
    },
    {
      id: 'signalDbm',
      name: t('signal'),
      unit: 'dBm',
      kind: 'figure',
      sort: 'signalDbm',
      text: (meter) => meter.signalDbm?.toString() ?? '',
      phone: 'fact',
    },
  ];
}

/** 3.49 */
export function volts(millivolts: number | null): string | null {
  return millivolts === null ? null : (millivolts / 1_000).toFixed(2);
}
