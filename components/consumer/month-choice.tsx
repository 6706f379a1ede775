'use client';

import { SegmentedControl, Text } from '@mantine/core';
import { MONTH_END } from '../../lib/closing/closing-day.ts';
import { PERIOD_KINDS, type PeriodKind } from '../../lib/usage/usage-period.ts';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import { PreviousNext } from './previous-next.tsx';
import type { Reader } from './usage-text.ts';
import { fromToText, monthText } from './usage-text.ts';

interface PeriodChoiceProps {
  own: OwnMonthWire;
  /** The chosen kind, whose figures may still be loading. */
  period: PeriodKind;
  reader: Reader;
  onPeriod: (period: PeriodKind) => void;
}

/** Choice between calendar months and billing periods; none where they are the same. */
export function PeriodChoice({ own, period, reader, onPeriod }: PeriodChoiceProps) {
  const { t } = reader;
  if (own.closingDay === MONTH_END && period === 'calendar') return null;
  return (
    <SegmentedControl
      fullWidth
      mt="xs"
      aria-label={t('period.label')}
      value={period}
      onChange={onPeriod}
      data={PERIOD_KINDS.map((kind) => ({ value: kind, label: t(`period.${kind}`) }))}
    />
  );
}

interface MonthChoiceProps {
  own: OwnMonthWire;
  month: string;
  reader: Reader;
  /** Goes so many months on, or back. */
  onMove: (months: number) => void;
}

/** The month between its neighbours; a billing period with its first and last day. */
export function MonthChoice({ own, month, reader, onMove }: MonthChoiceProps) {
  const { t } = reader;
  const isBilling = own.period === 'billing';
  const previous = t(isBilling ? 'months.previousPeriod' : 'months.previous');
  const next = t(isBilling ? 'months.nextPeriod' : 'months.next');
  return (
    <div>
      <PreviousNext
        label={t(isBilling ? 'months.periodLabel' : 'months.label')}
        title={monthText(month, own.period, reader)}
        order={1}
        previous={{
          text: previous,
          label: previous,
          onSelect: month > own.firstMonth ? () => onMove(-1) : undefined,
        }}
        next={{
          text: next,
          label: next,
          onSelect: month < own.finalMonth ? () => onMove(1) : undefined,
        }}
      />
      {isBilling ? (
        <Text ta="center" c="dimmed">
          {fromToText(own.usage, reader)}
        </Text>
      ) : null}
    </div>
  );
}
