'use client';

import {
  Table,
  TableScrollContainer,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
} from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { RefusalWire } from '../../lib/readings/refusal-wire.ts';
import { fullDayText, instantText } from '../text/date-text.ts';
import { StatusBadge } from '../ui/status-badge.tsx';
import { adviceText, reasonText } from './refusal-texts.ts';

const ONE_LINE = { whiteSpace: 'nowrap' } as const;

/** Frames that were not accepted, each with its reason and what to do. */
export function RefusalTable({ refusals }: { refusals: RefusalWire[] }) {
  const t = useTranslations('refusals');
  return (
    <TableScrollContainer minWidth={0}>
      <Table highlightOnHover verticalSpacing="xs">
        <TableThead>
          <TableTr>
            <TableTh>{t('received')}</TableTh>
            <TableTh>{t('reason')}</TableTh>
            <TableTh visibleFrom="sm">{t('meterSerial')}</TableTh>
            <TableTh visibleFrom="sm">{t('day')}</TableTh>
            <TableTh visibleFrom="sm">{t('whatToDo')}</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {refusals.map((refusal) => (
            <RefusalRow key={refusal.refusalId} refusal={refusal} />
          ))}
        </TableTbody>
      </Table>
    </TableScrollContainer>
  );
}

function RefusalRow({ refusal }: { refusal: RefusalWire }) {
  const t = useTranslations('refusals');
  const collection = useTranslations('collection');
  const locale = useLocale();
  const { meterSerial, day, isAuthentic } = refusal;
  const advice = adviceText(refusal, collection) ?? t('settled');
  const dayName = day === null ? '—' : fullDayText(day, locale);
  return (
    <TableTr>
      <TableTd style={ONE_LINE}>{instantText(refusal.receivedAt, locale)}</TableTd>
      <TableTd>
        {reasonText(refusal, t)}{' '}
        {isAuthentic ? null : <StatusBadge tone="attention" label={t('notAuthentic')} />}
        <Text hiddenFrom="sm" fz="xs" c="dimmed">
          {meterSerial === null ? null : `${t('meterSerial')} ${meterSerial}・${dayName}・`}
          {advice}
        </Text>
      </TableTd>
      <TableTd visibleFrom="sm" style={ONE_LINE}>
        {meterSerial ?? '—'}
      </TableTd>
      <TableTd visibleFrom="sm" style={ONE_LINE}>
        {dayName}
      </TableTd>
      <TableTd visibleFrom="sm">{advice}</TableTd>
    </TableTr>
  );
}
