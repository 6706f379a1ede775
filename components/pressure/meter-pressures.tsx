'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { MeterPressureSort } from '../../lib/pressure/meter-pressure-sort.ts';
import type { MeterPressureWire } from '../../lib/pressure/pressure-wire.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import type { TableOrder } from '../table/table-head.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { kilopascals, kilopascalsOrNull } from './pressure-texts.ts';

interface MeterPressuresProps {
  meters: MeterPressureWire[];
  averagePa: number;
  /** Address of the meter's page over the same period. */
  hrefOf: (meterId: number) => string;
  order: TableOrder<MeterPressureSort>;
  fileName: string;
}

/** Meters of an area in the server's order: by default those outside the limits first, then those that differ most. */
export function MeterPressures(props: MeterPressuresProps) {
  const { meters, averagePa, hrefOf, order, fileName } = props;
  const t = useTranslations('pressure');
  const numbers = useNumberColumns();
  const pressures = usePressureColumns(averagePa);
  return (
    <DataTable
      name="meter-pressures"
      caption={t('meters')}
      columns={[...numbers, ...pressures]}
      rows={meters}
      idOf={({ meterId }) => String(meterId)}
      targetOf={({ meterId }) => ({ href: hrefOf(meterId) })}
      order={order}
      fileName={fileName}
    />
  );
}

type Column = DataColumn<MeterPressureWire, MeterPressureSort>;

function useNumberColumns(): Column[] {
  const numbers = useTranslations('collection');
  return [
    {
      id: 'customerNumber',
      name: numbers('customerNumber'),
      kind: 'identifier',
      text: (meter) => meter.customerNumber ?? '',
      cell: (meter) => meter.customerNumber ?? numbers('vacant'),
      phone: 'title',
      fixed: true,
    },
    {
      id: 'meterSerial',
      name: numbers('meterSerial'),
      kind: 'identifier',
      text: (meter) => meter.meterSerial,
      phone: 'none',
    },
    {
      id: 'terminalNumber',
      name: numbers('terminalNumber'),
      kind: 'identifier',
      text: (meter) => meter.terminalNumber ?? '',
      extra: true,
      phone: 'none',
    },
  ];
}

function usePressureColumns(averagePa: number): Column[] {
  const t = useTranslations('pressure');
  const figure = { unit: t('unit'), kind: 'figure', phone: 'fact' } as const;
  return [
    {
      id: 'low',
      name: t('low'),
      ...figure,
      sort: 'lowPa',
      text: (m) => kilopascalsOrNull(m.lowPa) ?? '',
    },
    {
      id: 'average',
      name: t('average'),
      ...figure,
      sort: 'averagePa',
      text: (m) => kilopascalsOrNull(m.averagePa) ?? '',
    },
    {
      id: 'high',
      name: t('high'),
      ...figure,
      sort: 'highPa',
      text: (m) => kilopascalsOrNull(m.highPa) ?? '',
    },
    {
      id: 'deviation',
      name: t('deviation'),
      ...figure,
      text: (m) => (m.averagePa === null ? '' : ((m.averagePa - averagePa) / 1_000).toFixed(2)),
      cell: (m) => (m.averagePa === null ? '—' : signed(m.averagePa - averagePa)),
    },
    {
      id: 'outside',
      name: t('outsideHours'),
      kind: 'figure',
      sort: 'outside',
      text: (m) => String(m.below + m.above + m.faults),
      cell: (m) => <OutsideHours meter={m} />,
      phone: 'aside',
    },
  ];
}

function OutsideHours({ meter: { below, above, faults } }: { meter: MeterPressureWire }) {
  const t = useTranslations('pressure');
  const format = useFormatter();
  if (below + above + faults === 0) return <>0</>;
  const parts = [
    below > 0 ? `${t('side.low')} ${format.number(below)}` : '',
    above > 0 ? `${t('side.high')} ${format.number(above)}` : '',
    faults > 0 ? `${t('side.fault')} ${format.number(faults)}` : '',
  ];
  return <StatusBadge tone="attention" label={parts.filter(Boolean).join(' ')} />;
}

function signed(pascals: number): string {
  const sign = pascals > 0 ? '+' : pascals < 0 ? '−' : '±';
  return `${sign}${kilopascals(Math.abs(pascals))}`;
}
