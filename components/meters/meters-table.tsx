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
  UnstyledButton,
} from '@mantine/core';
import { ArrowDown, ArrowUp } from 'lucide-react';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { MeterSort } from '../../lib/meters/meter-sort.ts';
import type { MeterRowWire } from '../../lib/meters/wire.ts';
import { instantText } from '../text/date-text.ts';
import { Figure } from '../ui/figure.tsx';

export interface MeterOrder {
  sort: MeterSort;
  descending: boolean;
}

interface MetersTableProps {
  meters: MeterRowWire[];
  order: MeterOrder;
  onOrder: (order: MeterOrder) => void;
}

/** Meters that are fitted, sorted by the server; the customer number leads to the meter. */
export function MetersTable({ meters, order, onOrder }: MetersTableProps) {
  const t = useTranslations('meters');
  const numbers = useTranslations('collection');
  const locale = useLocale();
  const head = { order, onOrder };
  return (
    <TableScrollContainer minWidth={0}>
      <Table stickyHeader highlightOnHover verticalSpacing="xs">
        <TableThead>
          <TableTr>
            <SortHead {...head} sort="customerNumber" name={numbers('customerNumber')} />
            <SortHead {...head} sort="terminalNumber" name={numbers('terminalNumber')} />
            <SortHead {...head} sort="meterSerial" name={numbers('meterSerial')} hiddenAtPhone />
            <SortHead {...head} sort="area" name={t('area')} hiddenAtPhone />
            <SortHead {...head} sort="lastSeenAt" name={t('lastSeen')} />
            <SortHead {...head} sort="batteryMv" name={t('battery')} isFigure hiddenAtPhone />
            <SortHead {...head} sort="signalDbm" name={t('signal')} isFigure hiddenAtPhone />
          </TableTr>
        </TableThead>
        <TableTbody>
          {meters.map((meter) => (
            <TableTr key={meter.meterId}>
              <TableTd>
                <Anchor component={Link} href={`/meters/${meter.meterId}`} fz="inherit">
                  {meter.customerNumber ?? `${numbers('vacant')} ${meter.supplyPointNumber}`}
                </Anchor>
              </TableTd>
              <TableTd>{meter.terminalNumber ?? '—'}</TableTd>
              <TableTd visibleFrom="sm">{meter.meterSerial}</TableTd>
              <TableTd visibleFrom="sm">
                {meter.areaName}({t(`gasKind.${meter.gasKind}`)})
              </TableTd>
              <TableTd>
                {meter.lastSeenAt ? instantText(meter.lastSeenAt, locale) : numbers('never')}
              </TableTd>
              <TableTd ta="right" visibleFrom="sm">
                <Figure value={volts(meter.batteryMv)} unit="V" />
              </TableTd>
              <TableTd ta="right" visibleFrom="sm">
                <Figure value={meter.signalDbm?.toString() ?? null} unit="dBm" />
              </TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </TableScrollContainer>
  );
}

/** 3.49 */
export function volts(millivolts: number | null): string | null {
  return millivolts === null ? null : (millivolts / 1_000).toFixed(2);
}

interface SortHeadProps {
  sort: MeterSort;
  name: string;
  order: MeterOrder;
  onOrder: (order: MeterOrder) => void;
  isFigure?: boolean;
  hiddenAtPhone?: boolean;
}

function SortHead({ sort, name, order, onOrder, isFigure, hiddenAtPhone }: SortHeadProps) {
  const t = useTranslations('meters');
  const isHere = order.sort === sort;
  const descending = isHere && !order.descending;
  const Arrow = order.descending ? ArrowDown : ArrowUp;
  return (
    <TableTh
      ta={isFigure ? 'right' : 'left'}
      aria-sort={isHere ? (order.descending ? 'descending' : 'ascending') : 'none'}
      {...(hiddenAtPhone ? { visibleFrom: 'sm' as const } : {})}
    >
      <UnstyledButton
        fz="inherit"
        fw="inherit"
        title={t(descending ? 'sortDescending' : 'sortAscending', { column: name })}
        onClick={() => onOrder({ sort, descending })}
      >
        {name}
        {isHere ? <Arrow size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> : null}
      </UnstyledButton>
    </TableTh>
  );
}
