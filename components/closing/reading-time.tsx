'use client';

import { Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ClosingRowWire } from '../../lib/closing/closing-wire.ts';
import { useClosingTime } from './use-closing-time.ts';

const DAY_HOURS = 24;
const DAYS_FROM_HOURS = 48;

/** How long before the closing a reading was taken: 締めの22時間前, from two days on in days. */
export function useLag(): (lagHours: number) => string {
  const t = useTranslations('closing.table');
  return (lagHours) =>
    lagHours < DAYS_FROM_HOURS
      ? t('lag', { hours: lagHours })
      : t('lagDays', { days: Math.floor(lagHours / DAY_HOURS) });
}

/** Time of a row's reading: 11月20日 24:00; when it is before the closing instant, also by how much. */
export function ReadingTime({ row }: { row: ClosingRowWire }) {
  const t = useTranslations('closing.table');
  const time = useClosingTime();
  const lag = useLag();
  if (row.readAt === null || row.lagHours === null) return t('missing');
  if (row.lagHours === 0) return time.reading(row.readAt);
  return (
    <>
      {time.reading(row.readAt)}{' '}
      <Text span size="xs" c="dimmed">
        {t('lagBeside', { lag: lag(row.lagHours) })}
      </Text>
    </>
  );
}
