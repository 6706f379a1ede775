'use client';

import { Anchor, Title } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { DayReadingWire } from '../../lib/meters/meter-wire.ts';
import { kilopascals } from '../pressure/pressure-texts.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import { fileDay, fileInstant, fullDayText, instantText } from '../text/date-text.ts';
import type { Tone } from '../ui/page-answer.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { cubicMetresText, dayRemarks, meterFigure } from './meter-charts.ts';

interface DayRecordsProps {
  days: DayReadingWire[];
  /** Address of the page that shows the day by the hour. */
  hrefOf: (day: string) => string;
  onDay: (day: string) => void;
  /** Address of the page that edits a reading of the day; undefined for a person without the right. */
  editHrefOf?: ((day: string) => string) | undefined;
  fileName: string;
}

/** Arrival and contents of each day, latest first; a click shows its hours. */
export function DayRecords({ days, hrefOf, onDay, editHrefOf, fileName }: DayRecordsProps) {
  const t = useTranslations('meter');
  return (
    <section aria-label={t('days')}>
      <DataTable
        name="meter-days"
        caption={t('days')}
        heading={
          <Title order={2} size="h4">
            {t('days')}
          </Title>
        }
        columns={useColumns(editHrefOf)}
        rows={days.toReversed()}
        idOf={({ day }) => day}
        targetOf={({ day }) => ({ href: hrefOf(day), onOpen: () => onDay(day) })}
        fileName={fileName}
      />
    </section>
  );
}

type Texts = ReturnType<typeof useTranslations<'meter'>>;

function useColumns(editHrefOf: DayRecordsProps['editHrefOf']): DataColumn<DayReadingWire>[] {
  const editing = useTranslations('editing');
  const t = useTranslations('meter');
  const locale = useLocale();
  const pressure = { unit: 'kPa', kind: 'figure' } as const;
  return [
    {
      id: 'day',
      name: t('day'),
      kind: 'time',
      text: ({ day }) => fileDay(day),
      cell: ({ day }) => fullDayText(day, locale),
      phone: 'title',
      fixed: true,
    },
    {
      id: 'usage',
      name: t('usage'),
      unit: t('volumeUnit'),
      kind: 'figure',
      text: ({ usageL }) => (usageL === null ? '' : cubicMetresText(usageL)),
      cell: ({ usageL }) => (usageL === null ? '' : meterFigure(usageL)),
      phone: 'fact',
    },
    {
      id: 'arrival',
      name: t('arrival'),
      text: (day) => arrivalOf(day, t).label,
      cell: (day) => <StatusBadge {...arrivalOf(day, t)} />,
      phone: 'aside',
    },
    {
      id: 'receivedAt',
      name: t('received'),
      kind: 'time',
      text: ({ receivedAt }) => fileInstant(receivedAt),
      cell: ({ receivedAt }) => (receivedAt ? instantText(receivedAt, locale) : '—'),
      phone: 'none',
    },
    {
      id: 'missing',
      name: t('missingHours'),
      unit: t('hourUnit'),
      kind: 'figure',
      text: ({ gap, missingHours }) =>
        gap === 'notYetDue' || gap === 'withoutMeter' ? '' : String(missingHours),
      phone: 'fact',
    },
    { id: 'low', name: t('lowPressure'), ...pressure, text: (d) => kPa(d.lowPa), phone: 'fact' },
    { id: 'high', name: t('highPressure'), ...pressure, text: (d) => kPa(d.highPa), phone: 'fact' },
    remarkColumn(t),
    ...(editHrefOf ? [editColumn(editHrefOf, editing)] : []),
  ];
}

function remarkColumn(t: Texts): DataColumn<DayReadingWire> {
  const text = (day: DayReadingWire) => dayRemarks(day, t).join(' / ');
  return { id: 'remark', name: t('remark'), wide: true, text, cell: text, phone: 'line' };
}

function editColumn(
  hrefOf: (day: string) => string,
  t: ReturnType<typeof useTranslations<'editing'>>,
): DataColumn<DayReadingWire> {
  return {
    id: 'edit',
    name: t('title'),
    text: () => '',
    cell: ({ day }) => (
      <Anchor
        component={Link}
        href={hrefOf(day)}
        fz="inherit"
        onClick={(event) => event.stopPropagation()}
      >
        {t('open')}
      </Anchor>
    ),
    phone: 'line',
  };
}

const ARRIVAL_TONES: Record<NonNullable<DayReadingWire['arrival']>, Tone> = {
  onTime: 'done',
  late: 'attention',
  backFill: 'calm',
  requested: 'calm',
};

function arrivalOf({ arrival, gap }: DayReadingWire, t: Texts): { tone: Tone; label: string } {
  if (arrival !== null) return { tone: ARRIVAL_TONES[arrival], label: t(`arrivals.${arrival}`) };
  if (gap === 'withoutMeter') return { tone: 'calm', label: t('withoutMeter') };
  if (gap === 'notYetDue') return { tone: 'calm', label: t('notYetDue') };
  return { tone: 'danger', label: t('notArrived') };
}

function kPa(pascals: number | null): string {
  return pascals === null ? '' : kilopascals(pascals);
}
