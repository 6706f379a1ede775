'use client';

import { NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import { ChartFrame } from '../charts/chart-frame.tsx';
import type { BarChartModel } from '../charts/chart-model.ts';
import { barTable } from '../charts/chart-table.ts';
import { LazyBarChart } from '../charts/lazy-charts.tsx';
import classes from './consumer.module.css';
import { daysWithHours, monthChart } from './month-chart.ts';
import type { Against } from './month-sentences.ts';
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
          {
            value: 'lastMonth',
            label: t(own.progress === 'running' ? 'compare.lastMonth' : 'compare.monthBefore'),
          },
          { value: 'lastYear', label: t('compare.lastYear') },
        ]}
      />
      <ChartFrame
        title={t('byDay.title')}
        summary={t('byDay.summary', {
          month: monthText(own.usage.month, locale),
          other: monthText(own[against].usage.month, locale),
        })}
        table={barTable(model, { time: words('time'), remark: words('remark') })}
        onSelect={choose}
      >
        <ChartKey model={model} lostText={t('byDay.lost')} />
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

/** Legend of the bars. */
export function ChartKey({ model, lostText }: { model: BarChartModel; lostText: string }) {
  return (
    <ul className={classes.key} aria-hidden>
      <li>
        <span className={`${classes.swatch} ${classes.usage}`} />
        <Text span inherit>
          {model.valueName}
        </Text>
      </li>
      {model.ghostName === undefined ? null : (
        <li>
          <span className={`${classes.swatch} ${classes.ghost}`} />
          {model.ghostName}
        </li>
      )}
      {model.slots.some(({ gap }) => gap !== undefined) ? (
        <li>
          <span className={`${classes.swatch} ${classes.lost}`} />
          {lostText}
        </li>
      ) : null}
    </ul>
  );
}
