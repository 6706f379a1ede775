'use client';

import { useEffect, useRef } from 'react';
import { DayView } from '../../../components/consumer/day-view.tsx';
import type { Reader } from '../../../components/consumer/usage-text.ts';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { ChartSkeleton } from '../../../components/ui/waiting.tsx';
import { useOwnDay } from './use-own-usage.ts';
import type { OwnView } from './use-own-view.ts';

interface OwnDayPanelProps {
  day: string;
  view: OwnView;
  reader: Reader;
}

/** The chosen day's hours, brought into view when the day is chosen. */
export function OwnDayPanel({ day, view, reader }: OwnDayPanelProps) {
  const { data, error, refetch } = useOwnDay(day);
  const panel = useRef<HTMLDivElement>(null);
  const isThere = data !== undefined;
  useEffect(() => {
    if (isThere) panel.current?.scrollIntoView({ block: 'nearest' });
  }, [isThere]);
  return (
    <div ref={panel}>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {error || data ? null : <ChartSkeleton height={320} />}
      {data && !error ? (
        <DayView
          own={data}
          reader={reader}
          onDay={view.showDay}
          onClose={() => view.showDay(undefined)}
        />
      ) : null}
    </div>
  );
}
