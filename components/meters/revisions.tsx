'use client';

import {
  Stack,
  Table,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
  Title,
} from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { MeterRevisionsWire } from '../../lib/meters/wire.ts';
import { kilopascals } from '../pressure/pressure-texts.ts';
import { fullDayText, instantText } from '../text/date-text.ts';
import { cubicMetresText } from './meter-charts.ts';

type Revision = MeterRevisionsWire['revisions'][number];
type ChangedHour = Revision['hours'][number];

/** Days that changed after they had come: hour by hour the old value and the new. Nothing when none did. */
export function Revisions({ revisions }: MeterRevisionsWire) {
  const t = useTranslations('meter');
  const locale = useLocale();
  if (revisions.length === 0) return null;
  return (
    <Stack component="section" gap="sm" aria-label={t('revisions')}>
      <Title order={2} size="h4">
        {t('revisions')}
      </Title>
      {revisions.map((revision) => (
        <div key={`${revision.meterId} ${revision.day} ${revision.revision}`}>
          <Text fw={500} size="sm">
            {t('revisionOf', {
              day: fullDayText(revision.day, locale),
              change: t(`change.${revision.change}`),
              time: instantText(revision.changedAt, locale),
            })}
          </Text>
          <HourChanges hours={revision.hours} />
        </div>
      ))}
    </Stack>
  );
}

function HourChanges({ hours }: { hours: ChangedHour[] }) {
  const t = useTranslations('meter');
  return (
    <Table verticalSpacing={4} maw={640}>
      <TableThead>
        <TableTr>
          <TableTh>{t('hour')}</TableTh>
          <TableTh ta="right">{t('index')}</TableTh>
          <TableTh ta="right">{t('pressure')} (kPa)</TableTh>
        </TableTr>
      </TableThead>
      <TableTbody>
        {hours.map(({ hourEnding, indexL, indexFaultL, pressurePa }) => (
          <TableTr key={hourEnding}>
            <TableTd>{hourEnding}:00</TableTd>
            <TableTd ta="right">
              <Change change={indexL} write={cubicMetresText} fault={indexFaultL} />
            </TableTd>
            <TableTd ta="right">
              <Change change={pressurePa} write={kilopascals} />
            </TableTd>
          </TableTr>
        ))}
      </TableTbody>
    </Table>
  );
}

interface ChangeProps {
  change: ChangedHour['indexL'];
  write: (value: number) => string;
  /** What had come in place of a value. */
  fault?: number | null;
}

function Change({ change, write, fault = null }: ChangeProps) {
  const t = useTranslations('meter');
  if (!change) return <>—</>;
  const words = (value: number | null) => (value === null ? t('noValue') : write(value));
  return (
    <>
      <Text span inherit c="dimmed" title={t('before')}>
        {change.before === null && fault !== null
          ? t('faultBefore', { value: write(fault) })
          : words(change.before)}
      </Text>
      {' → '}
      <Text span inherit fw={600} title={t('after')}>
        {words(change.after)}
      </Text>
    </>
  );
}
