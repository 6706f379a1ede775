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
import type { AreaWire } from '../../../lib/pressure/wire.ts';
import { addDays, isDay } from '../../../lib/time.ts';
import { type Address, useAddress } from '../use-address.ts';
import { PressureLists } from './pressure-lists.tsx';
import { type PressureAsked, useAreaPressure, useAreas } from './use-pressure.ts';

const PERIODS = [
  { name: 'day', days: 1 },
  { name: 'week', days: 7 },
  { name: 'month', days: 30 },
  { name: 'year', days: 395 },
] as const;

/** The pressure of one area over a period: answer, band, meters. */
export function PressureView() {
  const t = useTranslations('pressure');
  const address = useAddress();
  const { data, error, refetch } = useAreas();
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  const area = data.areas.find(({ areaId }) => String(areaId) === address.get('area'));
  const chosen = area ?? data.areas[0];
  if (!chosen) return <EmptyState title={t('noAreaTitle')}>{t('noAreaDetail')}</EmptyState>;
  return <AreaView area={chosen} areas={data.areas} address={address} />;
}

interface AreaViewProps {
  area: AreaWire;
  areas: AreaWire[];
  address: Address;
}

function AreaView({ area, areas, address }: AreaViewProps) {
  const t = useTranslations('pressure');
  const lastDay = addDays(useToday(), -1);
  const asked = askedOf(area.areaId, address, lastDay);
  const { data, error, refetch } = useAreaPressure(asked);
  const controls = (
    <Group gap="sm" className="no-print">
      <NativeSelect
        aria-label={t('area')}
        value={String(area.areaId)}
        onChange={(event) => address.set({ area: event.currentTarget.value, page: undefined })}
        data={areas.map(({ areaId, name }) => ({ value: String(areaId), label: name }))}
      />
      <PeriodChoice
        named={PERIODS}
        period={asked}
        lastDay={lastDay}
        onPeriod={({ from, to }) => address.set({ from, to, page: undefined })}
      />
    </Group>
  );
  if (data && !error) {
    return <Answered pressure={data} asked={asked} address={address} controls={controls} />;
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
  asked: PressureAsked;
  address: Address;
  controls: ReactNode;
}

function Answered({ pressure, asked, address, controls }: AnsweredProps) {
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
            asked={asked}
            averagePa={averagePa ?? 0}
            outside={below + above + faults}
            address={address}
          />
        </>
      )}
    </Stack>
  );
}

/** The address's area and period; seven days up to the last that is over where it names none that are days. */
function askedOf(areaId: number, address: Address, lastDay: string): PressureAsked {
  const to = address.get('to') ?? '';
  const end = isDay(to) ? to : lastDay;
  const from = address.get('from') ?? '';
  return { areaId, from: isDay(from) && from <= end ? from : addDays(end, -6), to: end };
}
