'use client';

import { Alert, Button, Stack } from '@mantine/core';
import { Info } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { ConsumerFoot } from '../../../components/consumer/consumer-foot.tsx';
import { MonthAnswer, MonthAttention } from '../../../components/consumer/month-answer.tsx';
import { MonthBars } from '../../../components/consumer/month-bars.tsx';
import { MonthChoice, PeriodChoice } from '../../../components/consumer/month-choice.tsx';
import { NothingYet } from '../../../components/consumer/nothing-yet.tsx';
import { monthText, type Reader } from '../../../components/consumer/usage-text.ts';
import { useToday } from '../../../components/shell/today.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { PageSkeleton } from '../../../components/ui/waiting.tsx';
import type { OwnMonthWire } from '../../../lib/usage/usage-wire.ts';
import { OwnDayPanel } from './own-day-panel.tsx';
import { isOutside, useOwnMonth } from './use-own-usage.ts';
import { type OwnView, useOwnView } from './use-own-view.ts';

/** A household's page: the month's usage, its comparison with another month, and the hours of a day. */
export function OwnUsage() {
  const t = useTranslations('consumer');
  const reader: Reader = { t, locale: useLocale(), today: useToday() };
  const view = useOwnView();
  const { data, error, refetch, isPlaceholderData } = useOwnMonth(view.month, view.period);
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
      <PeriodChoice
        own={data}
        period={view.period}
        reader={reader}
        onPeriod={(period) => view.showPeriod(period, data)}
      />
      <MonthTurn own={data} view={view} reader={reader} />
      {data.usage.until === null ? (
        <NothingYet own={data} onMonth={view.showMonth} reader={reader} />
      ) : (
        <MonthInFull own={data} view={view} reader={reader} />
      )}
      <ConsumerFoot own={data} reader={reader} />
    </Stack>
  );
}

interface MonthProps {
  own: OwnMonthWire;
  view: OwnView;
  reader: Reader;
}

function MonthTurn({ own, view, reader }: MonthProps) {
  const bounds = { shown: own.usage.month, first: own.firstMonth, last: own.finalMonth };
  return (
    <MonthChoice
      own={own}
      // The requested month, whose figures may still be loading.
      month={view.month ?? own.usage.month}
      reader={reader}
      onMove={(months) => view.moveMonth(months, bounds)}
    />
  );
}

function MonthInFull({ own, view, reader }: MonthProps) {
  const isEarlier = view.month === undefined && own.usage.month < own.finalMonth;
  return (
    <>
      {isEarlier ? <LatestWithReadings own={own} reader={reader} /> : null}
      <MonthAnswer own={own} against={view.against} reader={reader} />
      <MonthBars
        own={own}
        against={view.against}
        onAgainst={view.compareWith}
        chosenDay={view.day}
        onChooseDay={(day) => view.showDay(day, own)}
        reader={reader}
      />
      {view.day === undefined ? null : (
        <OwnDayPanel own={own} day={view.day} view={view} reader={reader} />
      )}
      <MonthAttention own={own} reader={reader} />
    </>
  );
}

/** Reason why an earlier month is shown: nothing of the present one has arrived, as on its first day. */
function LatestWithReadings({ own, reader }: { own: OwnMonthWire; reader: Reader }) {
  const { finalMonth, usage, period } = own;
  return (
    <Alert variant="light" color="gray" icon={<Info size={20} aria-hidden />}>
      {reader.t('empty.latest', {
        month: monthText(finalMonth, period, reader),
        shown: monthText(usage.month, period, reader),
      })}
    </Alert>
  );
}
