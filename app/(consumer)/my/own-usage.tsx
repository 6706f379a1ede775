'use client';

import { Button, Stack } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import { ConsumerFoot } from '../../../components/consumer/consumer-foot.tsx';
import { MonthAnswer, MonthAttention } from '../../../components/consumer/month-answer.tsx';
import { MonthBars } from '../../../components/consumer/month-bars.tsx';
import { PreviousNext } from '../../../components/consumer/previous-next.tsx';
import { monthText, type Reader } from '../../../components/consumer/usage-text.ts';
import { useToday } from '../../../components/shell/today.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { PageSkeleton } from '../../../components/ui/waiting.tsx';
import { addMonths } from '../../../lib/time.ts';
import type { OwnMonthWire } from '../../../lib/usage/usage-wire.ts';
import { OwnDayPanel } from './own-day-panel.tsx';
import { isOutside, useOwnMonth } from './use-own-usage.ts';
import { type OwnView, useOwnView } from './use-own-view.ts';

/** A household's page: the month's usage, its comparison with another month, and the hours of a day. */
export function OwnUsage() {
  const t = useTranslations('consumer');
  const reader: Reader = { t, locale: useLocale(), today: useToday() };
  const view = useOwnView();
  const { data, error, refetch, isPlaceholderData } = useOwnMonth(view.month);
  if (error && isOutside(error) && view.month !== undefined) {
    return (
      <EmptyState
        title={t('empty.outside.title')}
        action={
          <Button variant="default" onClick={() => view.showMonth(undefined)}>
            {t('months.latest')}
          </Button>
        }
      >
        {t('empty.outside.text')}
      </EmptyState>
    );
  }
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <Stack gap="lg" aria-busy={isPlaceholderData} opacity={isPlaceholderData ? 0.6 : 1}>
      <MonthChoice own={data} view={view} reader={reader} />
      {data.usage.until === null ? (
        <NothingYet own={data} view={view} reader={reader} />
      ) : (
        <MonthInFull own={data} view={view} reader={reader} />
      )}
      <ConsumerFoot customerNumber={data.customerNumber} reader={reader} />
    </Stack>
  );
}

interface MonthProps {
  own: OwnMonthWire;
  view: OwnView;
  reader: Reader;
}

function MonthChoice({ own, view, reader }: MonthProps) {
  const { t, locale } = reader;
  // The requested month, whose figures may still be loading.
  const month = view.month ?? own.usage.month;
  const bounds = { shown: own.usage.month, first: own.firstMonth, last: own.finalMonth };
  return (
    <PreviousNext
      label={t('months.label')}
      title={monthText(month, locale)}
      order={1}
      previous={{
        text: t('months.previous'),
        label: t('months.previousLabel'),
        onSelect: month > own.firstMonth ? () => view.moveMonth(-1, bounds) : undefined,
      }}
      next={{
        text: t('months.next'),
        label: t('months.nextLabel'),
        onSelect: month < own.finalMonth ? () => view.moveMonth(1, bounds) : undefined,
      }}
    />
  );
}

function MonthInFull({ own, view, reader }: MonthProps) {
  return (
    <>
      <MonthAnswer own={own} against={view.against} reader={reader} />
      <MonthBars
        own={own}
        against={view.against}
        onAgainst={view.compareWith}
        chosenDay={view.day}
        onChooseDay={view.showDay}
        reader={reader}
      />
      {view.day === undefined ? null : <OwnDayPanel day={view.day} view={view} reader={reader} />}
      <MonthAttention own={own} reader={reader} />
    </>
  );
}

function NothingYet({ own, view, reader }: MonthProps) {
  const { t, locale } = reader;
  const { month } = own.usage;
  if (own.firstMonth === own.finalMonth && month === own.firstMonth) {
    return <EmptyState title={t('empty.first.title')}>{t('empty.first.text')}</EmptyState>;
  }
  const earlier = month > own.firstMonth ? addMonths(month, -1) : undefined;
  return (
    <EmptyState
      title={t('empty.month.title', { month: monthText(month, locale) })}
      action={
        earlier && (
          <Button variant="default" onClick={() => view.showMonth(earlier)}>
            {t('empty.month.earlier', { month: monthText(earlier, locale) })}
          </Button>
        )
      }
    >
      {t('empty.month.text')}
    </EmptyState>
  );
}
