'use client';

import { Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'next-intl';
import type { ClosingRowWire } from '../../lib/closing/closing-wire.ts';
import { readingClock } from '../../lib/closing/reading-clock.ts';

const DAY_HOURS = 24;
const DAYS_FROM_HOURS = 48;

/** Time of a row's reading: 11月20日 24:00; when it is before the closing instant, also by how much. */
export function ReadingTime({ row }: { row: ClosingRowWire }) {
  const t = useTranslations('closing.table');
  const format = useFormatter();
  if (row.readAt === null || row.lagHours === null) return t('missing');
  const { day, clock } = readingClock(row.readAt);
  const noon = new Date(`${day}T12:00:00+09:00`);
  const time = `${format.dateTime(noon, { month: 'short', day: 'numeric' })} ${clock}`;
  if (row.lagHours === 0) return time;
  const lag =
    row.lagHours < DAYS_FROM_HOURS
      ? t('lag', { hours: row.lagHours })
      : t('lagDays', { days: Math.floor(row.lagHours / DAY_HOURS) });
  return (
    <>
      {time}{' '}
      <Text span size="xs" c="dimmed">
        ({lag})
      </Text>
    </>
  );
}
