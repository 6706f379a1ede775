'use client';

import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import { DayRecords } from '../../../../components/meters/day-records.tsx';
import { meterAnswer } from '../../../../components/meters/meter-answer.ts';
import { successorsOf } from '../../../../components/meters/meter-exchanges.ts';
import { MeterFacts } from '../../../../components/meters/meter-facts.tsx';
import { MeterFittings } from '../../../../components/meters/meter-fittings.tsx';
import { MeterPictures } from '../../../../components/meters/meter-pictures.tsx';
import { Revisions } from '../../../../components/meters/revisions.tsx';
import { RefusalAlert } from '../../../../components/refusals/refusal-alert.tsx';
import { useToday } from '../../../../components/shell/today.tsx';
import { fullDayText } from '../../../../components/text/date-text.ts';
import { periodText } from '../../../../components/text/period-text.ts';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { PageAnswer } from '../../../../components/ui/page-answer.tsx';
import { PeriodChoice } from '../../../../components/ui/period-choice.tsx';
import { ChartSkeleton, PageSkeleton } from '../../../../components/ui/waiting.tsx';
import type { MeterDetailWire, MeterReadingsWire } from '../../../../lib/meters/meter-wire.ts';
import { addDays, dayOf } from '../../../../lib/time.ts';
import { type Address, useAddress } from '../../use-address.ts';
import { readingsRequest } from '../meter-address.ts';
import { useMeter, useMeterReadings, useMeterRevisions } from '../use-meters.ts';
import { ExchangeLink, SupplyPointLink } from './exchange-link.tsx';
import { MeterEdits } from './meter-edits.tsx';
import { MeterRefusals } from './meter-refusals.tsx';
import { WorkLink } from './work-link.tsx';

const PERIODS = [
  { name: 'twoDays', days: 2 },
  { name: 'week', days: 7 },
  { name: 'monthLong', days: 31 },
  { name: 'year', days: 395 },
] as const;

export interface MeterViewProps {
  meterId: number;
  mayExchange: boolean;
  mayEdit: boolean;
  /** Whether the user may open the pressure of the meter's area. */
  mayReadPressure: boolean;
}

/** A meter's page: usage and pressure of its supply point, arrival of the days, what is fitted. */
export function MeterView({ meterId, mayExchange, ...rights }: MeterViewProps) {
  const { data, error, refetch } = useMeter(meterId);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <>
      <WorkLink meterId={data.meterId} meterSerial={data.meterSerial} />
      <Opened meter={data} {...rights} />
      <Group mt="lg">
        {mayExchange ? <ExchangeLink meter={data} /> : null}
        <SupplyPointLink supplyPointId={data.supplyPointId} />
      </Group>
    </>
  );
}

interface OpenedProps {
  meter: MeterDetailWire;
  mayReadPressure: boolean;
  mayEdit: boolean;
}

function Opened({ meter, mayReadPressure, mayEdit }: OpenedProps) {
  const t = useTranslations('meter');
  const locale = useLocale();
  const address = useAddress();
  const today = useToday();
  const request = readingsRequest(address.get, { meterId: meter.meterId, today });
  const { data, error, refetch } = useMeterReadings(request);
  const period = periodText(data ?? request.query, locale, today);
  const answer = data ? meterAnswer(meter, data, period, t) : undefined;
  return (
    <Stack gap="lg">
      <PageAnswer
        title={t('title', { serial: meter.meterSerial })}
        tone={answer?.tone ?? 'calm'}
        detail={<Whose meter={meter} mayReadPressure={mayReadPressure} />}
      >
        {answer?.sentence ?? period}
      </PageAnswer>
      {meter.fitted ? null : <Removed meter={meter} />}
      {meter.terminal?.refused ? (
        <RefusalAlert refused={meter.terminal.refused} href="#refusals" />
      ) : null}
      <PeriodChoice
        named={PERIODS}
        period={request.query}
        lastDay={addDays(today, -1)}
        onPeriod={({ from, to }) => address.set({ from, to })}
      />
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <ChartSkeleton height={560} />}
      {data ? (
        <Read meter={meter} readings={data} period={period} address={address} mayEdit={mayEdit} />
      ) : null}
      <MeterEdits meter={meter} mayEdit={mayEdit} />
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
  mayEdit: boolean;
}

function Read({ meter, readings, period, address, mayEdit }: ReadProps) {
  const revisions = useMeterRevisions(meter.meterId, readings);
  const file = `${meter.meterSerial}-${readings.from}-${readings.to}`;
  return (
    <>
      <MeterPictures
        meter={meter}
        readings={readings}
        period={period}
        onDay={(day) => address.set(hoursOf(day))}
      />
      <DayRecords
        days={readings.days}
        hrefOf={(day) => address.hrefOf(hoursOf(day))}
        onDay={(day) => address.set(hoursOf(day))}
        editHrefOf={mayEdit ? (day) => `/meters/${meter.meterId}/edit?day=${day}` : undefined}
        fileName={`kenshin-days-${file}`}
      />
      {revisions.data ? (
        <Revisions revisions={revisions.data.revisions} fileName={`kenshin-revisions-${file}`} />
      ) : null}
    </>
  );
}

function Whose({ meter, mayReadPressure }: Omit<OpenedProps, 'mayEdit'>) {
  const t = useTranslations('meter');
  return (
    <>
      {t('customerNumber')} {meter.customerNumber ?? t('vacant')}
      {' ・ '}
      {t('terminalNumber')} {meter.terminal?.terminalNumber ?? t('noTerminal')}
      {' ・ '}
      {mayReadPressure ? (
        <Anchor
          component={Link}
          href={`/pressure?area=${meter.area.areaId}`}
          fz="inherit"
          underline="always"
        >
          {meter.area.name}
        </Anchor>
      ) : (
        meter.area.name
      )}
    </>
  );
}

function Removed({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('meter');
  const locale = useLocale();
  const { removedAt, later } = successorsOf(meter);
  const [next] = later;
  const current = later.find((fitting) => fitting.removedAt === null);
  const links = [
    ...(next && next !== current ? [{ fitting: next, text: 'openSuccessor' } as const] : []),
    ...(current ? [{ fitting: current, text: 'openCurrent' } as const] : []),
  ];
  const at = removedAt === null ? '—' : fullDayText(dayOf(new Date(removedAt)), locale);
  return (
    <Alert color="attention" title={t('removed', { at })}>
      <Text inherit>{t('removedNote')}</Text>
      {links.map(({ fitting, text }) => (
        <div key={text}>
          <Anchor component={Link} href={`/meters/${fitting.meterId}`} fz="inherit">
            {t(text, { serial: fitting.meterSerial })}
          </Anchor>
        </div>
      ))}
    </Alert>
  );
}

/** Changes to the address that show a day by the hour. */
function hoursOf(day: string) {
  return { from: addDays(day, -1), to: day };
}
