'use client';

import { NativeSelect, SegmentedControl, Stack } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import { ChartFrame } from '../charts/chart-frame.tsx';
import { barTable } from '../charts/chart-table.ts';
import { LazyBarChart } from '../charts/lazy-charts.tsx';
import { ChartKey } from './chart-key.tsx';
import { daysWithHours, monthChart } from './month-chart.ts';
import { type Against, isThisMonth } from './month-sentences.ts';
import type { Reader } from './usage-text.ts';
import { dayText, monthText } from './usage-text.ts';

interface MonthBarsProps {
  own: OwnMonthWire;
  against: Against;
  onAgainst: (against: Against) => void;
  chosenDay: string | undefined;
  onChooseDay: (day: string) => void;
  reader: Reader;
}

/** The month by day with another month behind it, the choice of that month, and links to a day's hours. */
export function MonthBars(props: MonthBarsProps) {
  const { own, against, onAgainst, chosenDay, onChooseDay, reader } = props;
  const { t, locale } = reader;
  const words = useTranslations('charts');
  const model = monthChart(own, against, reader);
  const days = daysWithHours(own);
  const isListed = chosenDay === undefined || days.includes(chosenDay);
  const choose = (day: string) => {
    if (days.includes(day)) onChooseDay(day);
  };
  return (
    <Stack gap="sm">
      <SegmentedControl
        fullWidth
        size="md"
        aria-label={t('compare.label')}
        value={against}
        onChange={onAgainst}
        data={[
          { value: 'lastMonth', label: monthBefore(own, reader) },
          {
            value: 'lastYear',
            label: t(isThisMonth(own, reader) ? 'compare.lastYear' : 'compare.yearBefore'),
          },
        ]}
      />
      <ChartFrame
        title={t('byDay.title')}
        summary={t('byDay.summary', {
          month: monthText(own.usage.month, own.period, reader),
          other: monthText(own[against].usage.month, own.period, reader),
        })}
        table={barTable(model, { time: words('time'), remark: words('remark') })}
        onSelect={choose}
      >
        <ChartKey model={model} reader={reader} />
        <LazyBarChart model={model} selectedKey={chosenDay} onSelect={choose} />
      </ChartFrame>
      {days.length === 0 ? null : (
        <NativeSelect
          size="md"
          label={t('byDay.chosenDay')}
          description={t('byDay.hint')}
          value={chosenDay ?? ''}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[
            { value: '', label: t('byDay.choose'), disabled: true },
            ...(isListed ? days : [...days, chosenDay])
              .toReversed()
              .map((day) => ({ value: day, label: dayText(day, locale) })),
          ]}
        />
      )}
    </Stack>
  );
}

function monthBefore(own: OwnMonthWire, reader: Reader): string {
  if (own.period === 'billing') return reader.t('compare.periodBefore');
  return reader.t(isThisMonth(own, reader) ? 'compare.lastMonth' : 'compare.monthBefore');
}
