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
  Text,
  VisuallyHidden,
} from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { ExcursionWire } from '../../lib/pressure/wire.ts';
import { dayText, hourSpan } from '../charts/date-text.ts';
import { Figure } from '../ui/figure.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { kilopascals } from './pressure-texts.ts';

interface ExcursionTableProps {
  excursions: ExcursionWire[];
  hrefOf: (excursion: ExcursionWire) => string;
}

/** The hours outside the limits, each beside what flowed in it: at no flow a high pressure may be the lock-up. */
export function ExcursionTable({ excursions, hrefOf }: ExcursionTableProps) {
  const t = useTranslations('analyst.pressure');
  const numbers = useTranslations('analyst.collection');
  const locale = useLocale();
  return (
    <TableScrollContainer minWidth={680}>
      <Table stickyHeader highlightOnHover verticalSpacing="xs">
        <TableThead>
          <TableTr>
            <TableTh>{t('hour')}</TableTh>
            <TableTh>{numbers('customerNumber')}</TableTh>
            <TableTh>{numbers('meterSerial')}</TableTh>
            <TableTh ta="right">{t('value')}</TableTh>
            <TableTh>
              <VisuallyHidden>{t('outsideHours')}</VisuallyHidden>
            </TableTh>
            <TableTh>{t('usage')}</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {excursions.map((excursion) => (
            <TableTr key={`${excursion.meterId} ${excursion.day} ${excursion.hourEnding}`}>
              <TableTd style={{ whiteSpace: 'nowrap' }}>
                {dayText(excursion.day, locale)} {excursion.hourEnding}:00
              </TableTd>
              <TableTd>
                <Anchor component={Link} href={hrefOf(excursion)} fz="inherit">
                  {excursion.customerNumber ?? numbers('vacant')}
                </Anchor>
              </TableTd>
              <TableTd>{excursion.meterSerial}</TableTd>
              <TableTd ta="right">
                <Figure value={kilopascals(excursion.pressurePa)} unit={t('unit')} />
              </TableTd>
              <TableTd>
                <StatusBadge tone="attention" label={t(`side.${excursion.side}`)} />
              </TableTd>
              <TableTd>
                <Flow excursion={excursion} />
              </TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </TableScrollContainer>
  );
}

function Flow({ excursion: { usageL, flow, side, hourEnding } }: { excursion: ExcursionWire }) {
  const t = useTranslations('analyst.pressure');
  const isLockUp = flow === 'still' && side === 'high';
  return (
    <Text fz="inherit" component="span" title={hourSpan(hourEnding)}>
      {usageL !== null && usageL > 0 ? (
        <Figure value={(usageL / 1_000).toFixed(3)} unit="㎥" />
      ) : null}{' '}
      {isLockUp ? t('lockUp') : t(`flow.${flow}`)}
    </Text>
  );
}
