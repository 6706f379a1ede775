'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { RefusalWire } from '../../lib/readings/refusal-wire.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import { fileDay, fileInstant, fullDayText, instantText } from '../text/date-text.ts';
import { StatusBadge } from '../ui/status-badge.tsx';
import { adviceText, reasonText } from './refusal-texts.ts';

/** Refused frames, each with its reason and advice. */
export function RefusalTable({ refusals }: { refusals: RefusalWire[] }) {
  const t = useTranslations('refusals');
  return (
    <DataTable
      name="refusals"
      caption={t('title')}
      columns={useColumns()}
      rows={refusals}
      idOf={({ refusalId }) => String(refusalId)}
      fileName="kenshin-refusals"
    />
  );
}

function useColumns(): DataColumn<RefusalWire>[] {
  const t = useTranslations('refusals');
  const collection = useTranslations('collection');
  const locale = useLocale();
  const reason = (refusal: RefusalWire) =>
    [reasonText(refusal, t), refusal.isAuthentic ? '' : t('notAuthentic')].join(' ').trim();
  return [
    {
      id: 'receivedAt',
      name: t('received'),
      kind: 'time',
      text: (refusal) => fileInstant(refusal.receivedAt),
      cell: (refusal) => instantText(refusal.receivedAt, locale),
      phone: 'title',
      fixed: true,
    },
    {
      id: 'reason',
      name: t('reason'),
      text: reason,
      cell: (refusal) => (
        <>
          {reasonText(refusal, t)}{' '}
          {refusal.isAuthentic ? null : <StatusBadge tone="attention" label={t('notAuthentic')} />}
        </>
      ),
      phone: 'line',
    },
    {
      id: 'meterSerial',
      name: t('meterSerial'),
      kind: 'identifier',
      text: (refusal) => refusal.meterSerial ?? '',
      phone: 'fact',
    },
    {
      id: 'day',
      name: t('day'),
      kind: 'time',
      text: (refusal) => fileDay(refusal.day),
      cell: ({ day }) => (day === null ? '—' : fullDayText(day, locale)),
      phone: 'fact',
    },
    {
      id: 'advice',
      name: t('whatToDo'),
      wide: true,
      text: (refusal) => adviceText(refusal, collection) ?? t('settled'),
      phone: 'line',
    },
  ];
}
