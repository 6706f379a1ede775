'use client';

import { Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'next-intl';
import type { ClosingRowWire } from '../../lib/closing/wire.ts';

const DAY_HOURS = 24;
const DAYS_FROM_HOURS = 48;

/** When a row was read: 11月20日 24:00 at the closing itself, else the hour and how much earlier that was. */
export function ReadingTime({ row }: { row: ClosingRowWire }) {
  const t = useTranslations('closing.table');
  const format = useFormatter();
  if (row.readAt === null || row.lagHours === null) return t('missing');
  const day = { month: 'short', day: 'numeric' } as const;
  if (row.lagHours === 0) {
    return `${format.dateTime(new Date(`${row.closesOn}T12:00:00+09:00`), day)} 24:00`;
  }
  const lag =
    row.lagHours < DAYS_FROM_HOURS
      ? t('lag', { hours: row.lagHours })
      : t('lagDays', { days: Math.floor(row.lagHours / DAY_HOURS) });
  return (
    <>
      {format.dateTime(new Date(row.readAt), day)} {row.readAt.slice(11, 16)}{' '}
      <Text span size="xs" c="dimmed">
        ({lag})
      </Text>
    </>
  );
}
