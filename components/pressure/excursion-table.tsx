'use client';

import {
  Anchor,
  Box,
  Group,
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
import { dayText, hourSpan } from '../text/date-text.ts';
import { Figure } from '../ui/figure.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { kilopascals } from './pressure-texts.ts';

const TONES = { low: 'attention', high: 'attention', fault: 'danger' } as const;

interface ExcursionTableProps {
  excursions: ExcursionWire[];
  hrefOf: (excursion: ExcursionWire) => string;
}

/** The hours outside the limits, each beside what flowed in it: at no flow a high pressure may be the lock-up. */
export function ExcursionTable({ excursions, hrefOf }: ExcursionTableProps) {
  const t = useTranslations('pressure');
  const numbers = useTranslations('collection');
  const locale = useLocale();
  return (
    <TableScrollContainer minWidth={0}>
      <Table stickyHeader highlightOnHover verticalSpacing="xs">
        <TableThead>
          <TableTr>
            <TableTh>{t('hour')}</TableTh>
            <TableTh>{numbers('customerNumber')}</TableTh>
            <TableTh visibleFrom="sm">{numbers('meterSerial')}</TableTh>
            <TableTh ta="right" visibleFrom="sm">
              {t('value')}
            </TableTh>
            <TableTh visibleFrom="sm">
              <VisuallyHidden>{t('outsideHours')}</VisuallyHidden>
            </TableTh>
            <TableTh visibleFrom="sm">{t('usage')}</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {excursions.map((excursion) => (
            <TableTr key={`${excursion.meterId} ${excursion.day} ${excursion.hourEnding}`}>
              <TableTd>
                <Text span inherit style={{ whiteSpace: 'nowrap' }}>
                  {dayText(excursion.day, locale)} {excursion.hourEnding}:00
                </Text>
                <PhoneLine excursion={excursion} />
              </TableTd>
              <TableTd>
                <Anchor component={Link} href={hrefOf(excursion)} fz="inherit">
                  {excursion.customerNumber ?? numbers('vacant')}
                </Anchor>
              </TableTd>
              <TableTd visibleFrom="sm">{excursion.meterSerial}</TableTd>
              <TableTd ta="right" visibleFrom="sm">
                <Figure value={kilopascals(excursion.pressurePa)} unit={t('unit')} />
              </TableTd>
              <TableTd visibleFrom="sm">
                <StatusBadge tone={TONES[excursion.side]} label={t(`side.${excursion.side}`)} />
              </TableTd>
              <TableTd visibleFrom="sm">
                <Flow excursion={excursion} />
              </TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </TableScrollContainer>
  );
}

/** What a phone does not show in columns of its own. */
function PhoneLine({ excursion }: { excursion: ExcursionWire }) {
  const t = useTranslations('pressure');
  return (
    <Box hiddenFrom="sm" fz="xs">
      <Group gap="xs">
        <Figure value={kilopascals(excursion.pressurePa)} unit={t('unit')} />
        <StatusBadge tone={TONES[excursion.side]} label={t(`side.${excursion.side}`)} />
      </Group>
      <Flow excursion={excursion} />
    </Box>
  );
}

function Flow({ excursion: { usageL, flow, side, hourEnding } }: { excursion: ExcursionWire }) {
  const t = useTranslations('pressure');
  if (side === 'fault') return null;
  const isLockUp = flow === 'still' && side === 'high';
  return (
    <Text fz="inherit" component="span" title={hourSpan(hourEnding)}>
      {usageL !== null && usageL > 0 ? (
        <Figure value={(usageL / 1_000).toFixed(3)} unit={t('volumeUnit')} />
      ) : null}{' '}
      {isLockUp ? t('lockUp') : t(`flow.${flow}`)}
    </Text>
  );
}
