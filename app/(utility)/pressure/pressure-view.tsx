'use client';

import { Group, NativeSelect, Stack } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { AreaBand } from '../../../components/pressure/area-band.tsx';
import { pressureAnswer } from '../../../components/pressure/pressure-texts.ts';
import { useToday } from '../../../components/shell/today.tsx';
import { periodText } from '../../../components/text/period-text.ts';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { PageAnswer } from '../../../components/ui/page-answer.tsx';
import { PeriodChoice } from '../../../components/ui/period-choice.tsx';
import { PageSkeleton } from '../../../components/ui/waiting.tsx';
import type { AreaWire } from '../../../lib/pressure/pressure-wire.ts';
import { addDays } from '../../../lib/time.ts';
import { type ListAddress, useListAddress } from '../use-list-address.ts';
import {
  chosenArea,
  PRESSURE_PAGE,
  type PressureFilter,
  pressureFilter,
} from './pressure-address.ts';
import { PressureLists } from './pressure-lists.tsx';
import { useAreaPressure, useAreas } from './use-pressure.ts';

const PERIODS = [
  { name: 'day', days: 1 },
  { name: 'week', days: 7 },
  { name: 'month', days: 30 },
  { name: 'year', days: 395 },
] as const;

/** Pressure of one area over a period: summary, band chart, meters. */
export function PressureView() {
  const t = useTranslations('pressure');
  const address = useListAddress(PRESSURE_PAGE);
  const { data, error, refetch } = useAreas();
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  const chosen = chosenArea(address.get, data.areas);
  if (!chosen) return <EmptyState title={t('noAreaTitle')}>{t('noAreaDetail')}</EmptyState>;
  return <AreaView area={chosen} areas={data.areas} address={address} />;
}

interface AreaViewProps {
  area: AreaWire;
  areas: AreaWire[];
  address: ListAddress;
}

function AreaView({ area, areas, address }: AreaViewProps) {
  const t = useTranslations('pressure');
  const today = useToday();
  const filter = pressureFilter(address.get, area.areaId, today);
  const { data, error, refetch } = useAreaPressure(filter);
  const lastDay = addDays(today, -1);
  const controls = (
    <Group gap="sm" className="no-print">
      <NativeSelect
        aria-label={t('area')}
        value={String(area.areaId)}
        onChange={(event) => address.filter({ area: event.currentTarget.value })}
        data={areas.map(({ areaId, name }) => ({ value: String(areaId), label: name }))}
      />
      <PeriodChoice
        named={PERIODS}
        period={filter}
        lastDay={lastDay}
        onPeriod={({ from, to }) => address.filter({ from, to })}
      />
    </Group>
  );
  if (data && !error) {
    return <Answered pressure={data} filter={filter} address={address} controls={controls} />;
  }
  return (
    <Stack gap="xl">
      {controls}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <PageSkeleton />}
    </Stack>
  );
}

interface AnsweredProps {
  pressure: NonNullable<ReturnType<typeof useAreaPressure>['data']>;
  filter: PressureFilter;
  address: ListAddress;
  controls: ReactNode;
}

function Answered({ pressure, filter, address, controls }: AnsweredProps) {
  const t = useTranslations('pressure');
  const locale = useLocale();
  const period = periodText(pressure.period, locale, useToday());
  const { tone, sentence, detail } = pressureAnswer(pressure, period, { t, locale });
  const { averagePa, below, above, faults } = pressure.summary;
  return (
    <Stack gap="lg">
      <PageAnswer
        title={t('title')}
        tone={tone}
        detail={detail.map((line) => <div key={line}>{line}</div>)}
      >
        {sentence}
      </PageAnswer>
      {controls}
      {averagePa === null && faults === 0 ? (
        <EmptyState title={t('noMetersTitle')}>{t('noMetersDetail')}</EmptyState>
      ) : (
        <>
          {averagePa === null ? null : <AreaBand pressure={pressure} period={period} />}
          <PressureLists
            filter={filter}
            averagePa={averagePa ?? 0}
            outside={below + above + faults}
            address={address}
          />
        </>
      )}
    </Stack>
  );
}
