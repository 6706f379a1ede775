'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { ExcursionWire } from '../../lib/pressure/pressure-wire.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import { dayText, fileDay } from '../text/date-text.ts';
import { clockText } from '../text/hour-text.ts';
import { Figure } from '../ui/figure.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { kilopascals } from './pressure-texts.ts';

const TONES = { low: 'attention', high: 'attention', fault: 'danger' } as const;

interface ExcursionTableProps {
  excursions: ExcursionWire[];
  hrefOf: (excursion: ExcursionWire) => string;
  fileName: string;
}

/** Hours outside the limits, each with the usage of the hour: a high pressure without flow may be lock-up. */
export function ExcursionTable({ excursions, hrefOf, fileName }: ExcursionTableProps) {
  const t = useTranslations('pressure');
  return (
    <DataTable
      name="pressure-excursions"
      caption={t('outsideHours')}
      columns={useColumns()}
      rows={excursions}
      idOf={({ meterId, day, hourEnding }) => `${meterId} ${day} ${hourEnding}`}
      targetOf={(excursion) => ({ href: hrefOf(excursion) })}
      fileName={fileName}
    />
  );
}

function useColumns(): DataColumn<ExcursionWire>[] {
  const t = useTranslations('pressure');
  const numbers = useTranslations('collection');
  const locale = useLocale();
  return [
    {
      id: 'customerNumber',
      name: numbers('customerNumber'),
      kind: 'identifier',
      text: (excursion) => excursion.customerNumber ?? '',
      cell: (excursion) => excursion.customerNumber ?? numbers('vacant'),
      phone: 'title',
      fixed: true,
    },
    {
      id: 'hour',
      name: t('hour'),
      kind: 'time',
      text: ({ day, hourEnding }) => `${fileDay(day)} ${clockText(hourEnding)}`,
      cell: ({ day, hourEnding }) => `${dayText(day, locale)} ${clockText(hourEnding)}`,
      phone: 'aside',
    },
    {
      id: 'meterSerial',
      name: numbers('meterSerial'),
      kind: 'identifier',
      text: (excursion) => excursion.meterSerial,
      extra: true,
      phone: 'none',
    },
    {
      id: 'value',
      name: t('value'),
      unit: t('unit'),
      kind: 'figure',
      text: (excursion) => kilopascals(excursion.pressurePa),
      phone: 'fact',
    },
    {
      id: 'side',
      name: t('sideName'),
      text: ({ side }) => t(`side.${side}`),
      cell: ({ side }) => <StatusBadge tone={TONES[side]} label={t(`side.${side}`)} />,
      phone: 'fact',
    },
    {
      id: 'usage',
      name: t('usage'),
      text: (excursion) => [usageText(excursion), flowText(excursion, t)].join(' ').trim(),
      cell: (excursion) => <Flow excursion={excursion} />,
      phone: 'line',
    },
  ];
}

function Flow({ excursion }: { excursion: ExcursionWire }) {
  const t = useTranslations('pressure');
  const usage = usageText(excursion);
  return (
    <>
      {usage === '' ? null : <Figure value={usage} unit={t('volumeUnit')} />}{' '}
      {flowText(excursion, t)}
    </>
  );
}

/** Litres of the hour as m³; empty without flow, when unknown, or when the value is not a pressure. */
function usageText({ usageL, side }: ExcursionWire): string {
  return side === 'fault' || usageL === null || usageL === 0 ? '' : (usageL / 1_000).toFixed(3);
}

function flowText(
  { flow, side }: ExcursionWire,
  t: ReturnType<typeof useTranslations<'pressure'>>,
): string {
  if (side === 'fault') return '';
  return flow === 'still' && side === 'high' ? t('lockUp') : t(`flow.${flow}`);
}
