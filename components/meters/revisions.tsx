'use client';

import { Text, Title } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { MeterRevisionsWire } from '../../lib/meters/meter-wire.ts';
import { kilopascals } from '../pressure/pressure-texts.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import { fileDay, fileInstant, fullDayText, instantText } from '../text/date-text.ts';
import { clockText } from '../text/hour-text.ts';
import { cubicMetresText, meterFigure } from './meter-charts.ts';

type Revision = MeterRevisionsWire['revisions'][number];
type ChangedHour = Revision['hours'][number];

/** One hour of a revision: value before and after. */
type Line = Omit<Revision, 'hours'> & ChangedHour;

interface RevisionsProps extends MeterRevisionsWire {
  fileName: string;
}

/** Days that changed after arrival: old and new value by hour. Renders nothing without revisions. */
export function Revisions({ revisions, fileName }: RevisionsProps) {
  const t = useTranslations('meter');
  const columns = useColumns();
  if (revisions.length === 0) return null;
  const lines = revisions.flatMap(({ hours, ...revision }) =>
    hours.map((hour): Line => ({ ...revision, ...hour })),
  );
  return (
    <section aria-label={t('revisions')}>
      <DataTable
        name="meter-revisions"
        caption={t('revisions')}
        heading={
          <Title order={2} size="h4">
            {t('revisions')}
          </Title>
        }
        columns={columns}
        rows={lines}
        idOf={(line) => `${line.meterId} ${line.day} ${line.revision} ${line.hourEnding}`}
        fileName={fileName}
      />
    </section>
  );
}

type Texts = ReturnType<typeof useTranslations<'meter'>>;

function useColumns(): DataColumn<Line>[] {
  const t = useTranslations('meter');
  const locale = useLocale();
  return [
    {
      id: 'hour',
      name: t('hour'),
      kind: 'time',
      text: ({ day, hourEnding }) => `${fileDay(day)} ${clockText(hourEnding)}`,
      cell: ({ day, hourEnding }) => `${fullDayText(day, locale)} ${clockText(hourEnding)}`,
      phone: 'title',
      fixed: true,
    },
    {
      id: 'index',
      name: t('indexChange'),
      unit: t('volumeUnit'),
      kind: 'figure',
      text: (line) => changeText(line.indexL, cubicMetresText, line.indexFaultL, t),
      cell: (line) => <Change change={line.indexL} write={meterFigure} fault={line.indexFaultL} />,
      phone: 'fact',
    },
    {
      id: 'pressure',
      name: t('pressure'),
      unit: 'kPa',
      kind: 'figure',
      text: (line) => changeText(line.pressurePa, kilopascals, null, t),
      cell: (line) => <Change change={line.pressurePa} write={kilopascals} fault={null} />,
      phone: 'fact',
    },
    {
      id: 'change',
      name: t('changeName'),
      text: ({ change }) => t(`change.${change}`),
      phone: 'line',
    },
    {
      id: 'changedAt',
      name: t('received'),
      kind: 'time',
      text: ({ changedAt }) => fileInstant(changedAt),
      cell: ({ changedAt }) => instantText(changedAt, locale),
      phone: 'fact',
    },
  ];
}

interface ChangeProps {
  change: ChangedHour['indexL'];
  write: (value: number) => string;
  /** Value received in place of this one that was beyond its range, and is therefore kept as a reading fault. */
  fault: number | null;
}

function Change({ change, write, fault }: ChangeProps) {
  const t = useTranslations('meter');
  if (!change) return <>—</>;
  const { before, after } = changeWords({ change, write, fault }, t);
  return (
    <>
      <Text span inherit c="dimmed" title={t('before')}>
        {before}
      </Text>
      {' → '}
      <Text span inherit fw={600} title={t('after')}>
        {after}
      </Text>
    </>
  );
}

function changeText(
  change: ChangeProps['change'],
  write: ChangeProps['write'],
  fault: number | null,
  t: Texts,
): string {
  if (!change) return '';
  const { before, after } = changeWords({ change, write, fault }, t);
  return `${before} → ${after}`;
}

function changeWords({ change, write, fault }: ChangeProps, t: Texts) {
  const words = (value: number | null = null) => (value === null ? t('noValue') : write(value));
  const isFault = change?.before === null && fault !== null;
  return {
    before: isFault ? t('faultBefore', { value: write(fault) }) : words(change?.before),
    after: words(change?.after),
  };
}
