'use client';

import { Alert, Anchor, Stack } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import { DayRecords } from '../../../../components/meters/day-records.tsx';
import { meterAnswer } from '../../../../components/meters/meter-answer.ts';
import { MeterFacts } from '../../../../components/meters/meter-facts.tsx';
import { MeterFittings } from '../../../../components/meters/meter-fittings.tsx';
import { MeterPictures } from '../../../../components/meters/meter-pictures.tsx';
import { Revisions } from '../../../../components/meters/revisions.tsx';
import { RefusalAlert } from '../../../../components/refusals/refusal-alert.tsx';
import { useToday } from '../../../../components/shell/today.tsx';
import { periodText } from '../../../../components/text/period-text.ts';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { PageAnswer } from '../../../../components/ui/page-answer.tsx';
import { PeriodChoice } from '../../../../components/ui/period-choice.tsx';
import { ChartSkeleton, PageSkeleton } from '../../../../components/ui/waiting.tsx';
import type { MeterDetailWire, MeterReadingsWire } from '../../../../lib/meters/wire.ts';
import { addDays, daysBetween, isDay } from '../../../../lib/time.ts';
import { type Address, useAddress } from '../../use-address.ts';
import {
  type ReadingsAsked,
  useMeter,
  useMeterReadings,
  useMeterRevisions,
} from '../use-meters.ts';
import { MeterRefusals } from './meter-refusals.tsx';

const PERIODS = [
  { name: 'twoDays', days: 2 },
  { name: 'week', days: 7 },
  { name: 'monthLong', days: 31 },
  { name: 'year', days: 395 },
] as const;

/** Up to this many days the readings are shown by the hour. */
const HOURLY_DAYS = 31;

/** One meter: usage and pressure of its place, how the days came, what is fitted. */
export function MeterView({ meterId }: { meterId: number }) {
  const { data, error, refetch } = useMeter(meterId);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return <Opened meter={data} />;
}

function Opened({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('meter');
  const locale = useLocale();
  const address = useAddress();
  const today = useToday();
  const lastDay = addDays(today, -1);
  const asked = askedOf(address, lastDay);
  const { data, error, refetch } = useMeterReadings(meter.meterId, asked);
  const period = periodText(data ?? asked, locale, today);
  const answer = data ? meterAnswer(data, period, t) : undefined;
  return (
    <Stack gap="lg">
      <PageAnswer
        title={t('title', { serial: meter.meterSerial })}
        tone={answer?.tone ?? 'calm'}
        detail={<Whose meter={meter} />}
      >
        {answer?.sentence ?? period}
      </PageAnswer>
      {meter.fitted ? null : <Removed meter={meter} />}
      {meter.terminal?.refused ? (
        <RefusalAlert refused={meter.terminal.refused} href="#refusals" />
      ) : null}
      <PeriodChoice
        named={PERIODS}
        period={asked}
        lastDay={lastDay}
        onPeriod={({ from, to }) => address.set({ from, to })}
      />
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <ChartSkeleton height={560} />}
      {data ? <Read meter={meter} readings={data} period={period} address={address} /> : null}
      <MeterFacts meter={meter} />
      <MeterRefusals meter={meter} />
      <MeterFittings meter={meter} />
    </Stack>
  );
}

interface ReadProps {
  meter: MeterDetailWire;
  readings: MeterReadingsWire;
  period: string;
  address: Address;
}

function Read({ meter, readings, period, address }: ReadProps) {
  const revisions = useMeterRevisions(meter.meterId, readings);
  return (
    <>
      <MeterPictures
        meter={meter}
        readings={readings}
        period={period}
        onDay={(day) => address.set({ from: addDays(day, -1), to: day })}
      />
      <DayRecords
        days={readings.days}
        onDay={(day) => address.set({ from: addDays(day, -1), to: day })}
      />
      {revisions.data ? <Revisions revisions={revisions.data.revisions} /> : null}
    </>
  );
}

function Whose({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('meter');
  return (
    <>
      {t('customerNumber')} {meter.customerNumber ?? t('vacant')}
      {' ・ '}
      {t('terminalNumber')} {meter.terminal?.terminalNumber ?? t('noTerminal')}
      {' ・ '}
      <Anchor
        component={Link}
        href={`/pressure?area=${meter.area.areaId}`}
        fz="inherit"
        underline="always"
      >
        {meter.area.name}
      </Anchor>
    </>
  );
}

function Removed({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('meter');
  const current = meter.fittings.find(({ removedAt }) => removedAt === null);
  return (
    <Alert color="attention" title={t('removed')}>
      {current ? (
        <Anchor component={Link} href={`/meters/${current.meterId}`} fz="inherit">
          {t('openCurrent')}({current.meterSerial})
        </Anchor>
      ) : null}
    </Alert>
  );
}

/** The address's period; seven days up to the last that is over where it names none. */
function askedOf(address: Address, lastDay: string): ReadingsAsked {
  const end = address.get('to') ?? '';
  const to = isDay(end) ? end : lastDay;
  const begin = address.get('from') ?? '';
  const from = isDay(begin) && begin <= to ? begin : addDays(to, -6);
  return { from, to, step: daysBetween(from, to) < HOURLY_DAYS ? 'hour' : 'day' };
}
