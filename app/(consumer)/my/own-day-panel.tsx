'use client';

import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { DayView } from '../../../components/consumer/day-view.tsx';
import type { Reader } from '../../../components/consumer/usage-text.ts';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { ChartSkeleton } from '../../../components/ui/waiting.tsx';
import type { OwnMonthWire } from '../../../lib/usage/usage-wire.ts';
import { isOutside, useOwnDay } from './use-own-usage.ts';
import type { OwnView } from './use-own-view.ts';

interface OwnDayPanelProps {
  /** The month in which the day is shown. */
  own: OwnMonthWire;
  day: string;
  view: OwnView;
  reader: Reader;
}

/** Hours of the chosen day, scrolled into view when the day is chosen. */
export function OwnDayPanel({ own, day, view, reader }: OwnDayPanelProps) {
  const { data, error, refetch } = useOwnDay(day);
  const panel = useRef<HTMLDivElement>(null);
  const isThere = data !== undefined;
  useEffect(() => {
    if (isThere) panel.current?.scrollIntoView({ block: 'nearest' });
  }, [isThere]);
  return (
    <div ref={panel}>
      {error && isOutside(error) ? <OutsideDay view={view} reader={reader} /> : null}
      {error && !isOutside(error) ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : null}
      {error || data ? null : <ChartSkeleton height={320} />}
      {data && !error ? (
        <DayView
          own={data}
          day={day}
          reader={reader}
          onMove={(days) =>
            view.moveDay(days, { shown: day, first: data.firstDay, last: data.finalDay }, own)
          }
          onClose={view.closeDay}
        />
      ) : null}
    </div>
  );
}

function OutsideDay({ view, reader }: { view: OwnView; reader: Reader }) {
  const { t } = reader;
  return (
    <EmptyState
      title={t('empty.outside.title')}
      action={
        <Button variant="default" onClick={view.closeDay}>
          {t('day.close')}
        </Button>
      }
    >
      {t('empty.outside.text')}
    </EmptyState>
  );
}
