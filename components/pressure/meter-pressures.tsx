'use client';

import {
  Anchor,
  Table,
  TableScrollContainer,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
} from '@mantine/core';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import type { MeterPressureWire } from '../../lib/pressure/wire.ts';
import { Figure } from '../ui/figure.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { kilopascals, kilopascalsOrNull } from './pressure-texts.ts';

interface MeterPressuresProps {
  meters: MeterPressureWire[];
  averagePa: number;
  /** Where a row leads: the meter's page over the same period. */
  hrefOf: (meterId: number) => string;
}

/** The meters of an area: those outside its limits first, then those that differ most from their neighbours. */
export function MeterPressures({ meters, averagePa, hrefOf }: MeterPressuresProps) {
  const t = useTranslations('pressure');
  const numbers = useTranslations('collection');
  const unit = t('unit');
  return (
    <TableScrollContainer minWidth={0}>
      <Table stickyHeader highlightOnHover verticalSpacing="xs">
        <TableThead>
          <TableTr>
            <TableTh>{numbers('customerNumber')}</TableTh>
            <TableTh visibleFrom="sm">{numbers('meterSerial')}</TableTh>
            <TableTh ta="right" visibleFrom="sm">
              {t('low')}
            </TableTh>
            <TableTh ta="right">{t('average')}</TableTh>
            <TableTh ta="right" visibleFrom="sm">
              {t('high')}
            </TableTh>
            <TableTh ta="right">{t('deviation')}</TableTh>
            <TableTh ta="right">{t('outsideHours')}</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {meters.map((meter) => (
            <TableTr key={meter.meterId}>
              <TableTd style={{ whiteSpace: 'nowrap' }}>
                <Anchor component={Link} href={hrefOf(meter.meterId)} fz="inherit">
                  {meter.customerNumber ?? numbers('vacant')}
                </Anchor>
              </TableTd>
              <TableTd visibleFrom="sm">{meter.meterSerial}</TableTd>
              <TableTd ta="right" visibleFrom="sm">
                <Figure value={kilopascalsOrNull(meter.lowPa)} unit={unit} />
              </TableTd>
              <TableTd ta="right">
                <Figure value={kilopascalsOrNull(meter.averagePa)} unit={unit} />
              </TableTd>
              <TableTd ta="right" visibleFrom="sm">
                <Figure value={kilopascalsOrNull(meter.highPa)} unit={unit} />
              </TableTd>
              <TableTd ta="right">
                <Figure
                  value={meter.averagePa === null ? null : signed(meter.averagePa - averagePa)}
                  unit={unit}
                />
              </TableTd>
              <TableTd ta="right">
                <OutsideHours meter={meter} />
              </TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </TableScrollContainer>
  );
}

function OutsideHours({
  meter: { below, above, faults },
}: {
  meter: MeterPressuresProps['meters'][number];
}) {
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
