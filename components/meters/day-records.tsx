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
  Title,
  UnstyledButton,
} from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { DayReadingWire } from '../../lib/meters/wire.ts';
import { kilopascals } from '../pressure/pressure-texts.ts';
import { fullDayText, instantText } from '../text/date-text.ts';
import { Figure } from '../ui/figure.tsx';
import type { Tone } from '../ui/page-answer.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { cubicMetresText, dayRemarks } from './meter-charts.ts';

interface DayRecordsProps {
  days: DayReadingWire[];
  onDay: (day: string) => void;
}

/** How each day came and what it holds, latest first; choosing a day shows its hours. */
export function DayRecords({ days, onDay }: DayRecordsProps) {
  const t = useTranslations('meter');
  return (
    <section aria-label={t('days')}>
      <Title order={2} size="h4" mb="xs">
        {t('days')}
      </Title>
      <TableScrollContainer minWidth={0} mah={420} style={{ overflowY: 'auto' }}>
        <Table stickyHeader highlightOnHover verticalSpacing="xs">
          <TableThead>
            <TableTr>
              <TableTh>{t('day')}</TableTh>
              <TableTh ta="right">{t('usage')}</TableTh>
              <TableTh>{t('arrival')}</TableTh>
              <TableTh visibleFrom="sm">{t('received')}</TableTh>
              <TableTh ta="right">{t('missingHours')}</TableTh>
              <TableTh ta="right" visibleFrom="sm">
                {t('pressureRange')}
              </TableTh>
              <TableTh visibleFrom="sm">{t('remark')}</TableTh>
            </TableTr>
          </TableThead>
          <TableTbody>
            {days.toReversed().map((day) => (
              <DayRow key={day.day} day={day} onDay={onDay} />
            ))}
          </TableTbody>
        </Table>
      </TableScrollContainer>
    </section>
  );
}

interface DayRowProps {
  day: DayReadingWire;
  onDay: (day: string) => void;
}

function DayRow({ day, onDay }: DayRowProps) {
  const t = useTranslations('meter');
  const locale = useLocale();
  return (
    <TableTr>
      <TableTd>
        <UnstyledButton fz="inherit" td="underline" onClick={() => onDay(day.day)}>
          {fullDayText(day.day, locale)}
        </UnstyledButton>
        <Text hiddenFrom="sm" fz="xs" c="dimmed">
          {dayRemarks(day, t).join(' / ')}
        </Text>
      </TableTd>
      <TableTd ta="right">
        <Figure
          value={day.usageL === null ? null : cubicMetresText(day.usageL)}
          unit={t('volumeUnit')}
        />
      </TableTd>
      <TableTd>
        <Arrival day={day} />
      </TableTd>
      <TableTd visibleFrom="sm">
        {day.receivedAt ? instantText(day.receivedAt, locale) : '—'}
      </TableTd>
      <TableTd ta="right" style={{ whiteSpace: 'nowrap' }}>
        <MissingHours day={day} />
      </TableTd>
      <TableTd ta="right" visibleFrom="sm">
        <Range lowPa={day.lowPa} highPa={day.highPa} />
      </TableTd>
      <TableTd visibleFrom="sm">{dayRemarks(day, t).join(' / ')}</TableTd>
    </TableTr>
  );
}

const ARRIVAL_TONES: Record<1 | 2 | 3 | 4, Tone> = {
  1: 'done',
  2: 'attention',
  3: 'calm',
  4: 'calm',
};

function Arrival({ day: { arrival, gap } }: { day: DayReadingWire }) {
  const t = useTranslations('meter');
  if (arrival !== null) {
    return <StatusBadge tone={ARRIVAL_TONES[arrival]} label={t(`arrivals.${arrival}`)} />;
  }
  if (gap === 'withoutMeter') return t('gap.withoutMeter');
  if (gap === 'notYetDue') return <StatusBadge tone="calm" label={t('notYetDue')} />;
  return <StatusBadge tone="danger" label={t('notArrived')} />;
}

function MissingHours({ day: { missingHours, gap } }: { day: DayReadingWire }) {
  const t = useTranslations('meter');
  if (gap === 'notYetDue') return <>—</>;
  return <>{missingHours === 0 ? '0' : t('hours', { count: missingHours })}</>;
}

function Range({ lowPa, highPa }: { lowPa: number | null; highPa: number | null }) {
  if (lowPa === null || highPa === null) return <>—</>;
  return <Figure value={`${kilopascals(lowPa)}〜${kilopascals(highPa)}`} unit="kPa" />;
}
