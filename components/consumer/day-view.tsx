'use client';

import { Button, Paper, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { OwnDayWire } from '../../lib/usage/usage-wire.ts';
import { ChartFrame } from '../charts/chart-frame.tsx';
import { barTable } from '../charts/chart-table.ts';
import { LazyBarChart } from '../charts/lazy-charts.tsx';
import { cubicMetresShown } from '../text/figure-text.ts';
import { ChartKey } from './chart-key.tsx';
import classes from './consumer.module.css';
import {
  busiestHourSentence,
  dayChart,
  dayNotes,
  dayWithoutHours,
  gapSentences,
} from './day-chart.ts';
import { FiguresKept } from './figures-kept.tsx';
import { PreviousNext } from './previous-next.tsx';
import type { Reader } from './usage-text.ts';
import { dayText } from './usage-text.ts';

interface DayViewProps {
  own: OwnDayWire;
  /** The requested day, whose hours may still be loading. */
  day: string;
  reader: Reader;
  /** Goes so many days on, or back, from the day that was chosen last. */
  onMove: (days: number) => void;
  onClose: () => void;
}

/** One day: its usage, a sentence on the busiest hour, and its 24 hours. */
export function DayView({ own, day, reader, onMove, onClose }: DayViewProps) {
  const { t, locale } = reader;
  const name = dayText(day, locale);
  const isOnItsWay = day !== own.usage.day;
  return (
    <Paper
      withBorder
      p={{ base: 'sm', sm: 'md' }}
      component="section"
      aria-label={name}
      aria-busy={isOnItsWay}
      opacity={isOnItsWay ? 0.6 : 1}
    >
      <Stack gap="sm">
        <PreviousNext
          label={t('day.choose')}
          title={name}
          order={2}
          previous={{
            text: t('day.previous'),
            label: t('day.previous'),
            onSelect: day > own.firstDay ? () => onMove(-1) : undefined,
          }}
          next={{
            text: t('day.next'),
            label: t('day.next'),
            onSelect: day < own.finalDay ? () => onMove(1) : undefined,
          }}
        />
        {own.usage.usageL !== null || own.hours.some(({ usageL }) => usageL !== null) ? (
          <DayHours own={own} reader={reader} name={dayText(own.usage.day, locale)} />
        ) : (
          <Text>{dayWithoutHours(own, reader)}</Text>
        )}
        <Button variant="default" onClick={onClose}>
          {t('day.close')}
        </Button>
      </Stack>
    </Paper>
  );
}

function DayHours({ own, reader, name }: { own: OwnDayWire; reader: Reader; name: string }) {
  const { t } = reader;
  const words = useTranslations('charts');
  const model = dayChart(own, reader);
  const { usageL } = own.usage;
  const busiest = busiestHourSentence(own, reader);
  return (
    <Stack gap="xs">
      {usageL === null ? null : (
        <p className={classes.figure}>
          <span className={classes.dayNumber}>{cubicMetresShown(usageL, 2)}</span>
          <span>{t('unit')}</span>
        </p>
      )}
      {dayNotes(own, reader).map((note) => (
        <Text key={note}>{note}</Text>
      ))}
      {busiest === undefined ? null : (
        <Text>
          <FiguresKept>{busiest}</FiguresKept>
        </Text>
      )}
      <ChartFrame
        title={t('day.byHour')}
        summary={t('day.summary', { day: name })}
        table={barTable(model, { time: words('time'), remark: words('remark') })}
      >
        <ChartKey model={model} reader={reader} />
        <LazyBarChart model={model} height={220} />
      </ChartFrame>
      {gapSentences(model).map((sentence) => (
        <Text key={sentence} fz="0.9375rem">
          <FiguresKept>{sentence}</FiguresKept>
        </Text>
      ))}
    </Stack>
  );
}
