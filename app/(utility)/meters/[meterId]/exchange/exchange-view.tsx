'use client';

import { Alert, Anchor, Stack, Text, Title } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ExchangeRecord } from '../../../../../components/exchange/exchange-record.tsx';
import { ErrorState } from '../../../../../components/ui/error-state.tsx';
import { PageAnswer, type Tone } from '../../../../../components/ui/page-answer.tsx';
import { PageSkeleton } from '../../../../../components/ui/waiting.tsx';
import type { MeterDetailWire } from '../../../../../lib/meters/meter-wire.ts';
import type { ExchangedWire } from '../../../../../lib/register/exchange-wire.ts';
import { useMeter } from '../../use-meters.ts';
import { ExchangeWizard } from './exchange-wizard.tsx';
import { useExchanges, useUndoExchange } from './use-exchange.ts';

/** Exchange of a meter: form with preview, and the registered exchanges, each with its undo. */
export function ExchangeView({ meterId }: { meterId: number }) {
  const { data, error, refetch } = useMeter(meterId);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return <Opened meter={data} />;
}

/** What was done on this page. After an undo, `meterId` is the meter that is fitted again. */
type Outcome = { exchanged: ExchangedWire } | { keptMeter: boolean; meterId: number };

function Opened({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('exchange');
  const [outcome, setOutcome] = useState<Outcome>();
  const { state, tone } = stateOf(meter, outcome);
  return (
    <Stack gap="lg">
      <PageAnswer
        title={t('title', { serial: meter.meterSerial })}
        tone={tone}
        detail={<Links meter={meter} outcome={outcome} />}
      >
        <span role="status">{t(`answer.${state}`)}</span>
      </PageAnswer>
      {outcome && 'keptMeter' in outcome && outcome.keptMeter ? (
        <Text>{t('keptMeter')}</Text>
      ) : null}
      {state === 'form' ? (
        <ExchangeWizard meter={meter} onDone={(exchanged) => setOutcome({ exchanged })} />
      ) : null}
      <Records meter={meter} onUndone={setOutcome} />
    </Stack>
  );
}

function stateOf(
  meter: MeterDetailWire,
  outcome: Outcome | undefined,
): { state: 'form' | 'notFitted' | 'done' | 'undone'; tone: Tone } {
  if (outcome && 'exchanged' in outcome) return { state: 'done', tone: 'done' };
  if (outcome) return { state: 'undone', tone: 'done' };
  return meter.fitted ? { state: 'form', tone: 'calm' } : { state: 'notFitted', tone: 'attention' };
}

function Links({ meter, outcome }: { meter: MeterDetailWire; outcome: Outcome | undefined }) {
  const t = useTranslations('exchange');
  const current = meter.fittings.find(({ removedAt }) => removedAt === null);
  const backTo = outcome && 'keptMeter' in outcome ? outcome.meterId : meter.meterId;
  const isOther = outcome && 'exchanged' in outcome && current?.meterId !== meter.meterId;
  return (
    <>
      <Anchor component={Link} href={`/meters/${backTo}`} fz="inherit" underline="always">
        {t('back')}
      </Anchor>
      {isOther && current ? (
        <>
          {' ・ '}
          <Anchor
            component={Link}
            href={`/meters/${current.meterId}`}
            fz="inherit"
            underline="always"
          >
            {t('openNew', { serial: current.meterSerial })}
          </Anchor>
        </>
      ) : null}
    </>
  );
}

interface RecordsProps {
  meter: MeterDetailWire;
  onUndone: (outcome: Outcome) => void;
}

function Records({ meter, onUndone }: RecordsProps) {
  const t = useTranslations('exchange');
  const common = useTranslations('common');
  const exchanges = useExchanges(meter.meterId);
  const undo = useUndoExchange(({ keptMeter }, { removed }) =>
    onUndone({ keptMeter, meterId: removed.meterId }),
  );
  return (
    <section aria-label={t('records')}>
      <Title order={2} size="h4" mb="xs">
        {t('records')}
      </Title>
      <Stack gap="md" maw={640}>
        {undo.error ? (
          <Alert color="danger" title={common('problem.conflict.title')} role="alert">
            {common('problem.conflict.detail')}
          </Alert>
        ) : null}
        {exchanges.data?.length === 0 ? <Text c="dimmed">{t('noRecords')}</Text> : null}
        {exchanges.data?.map((exchange) => (
          <ExchangeRecord
            key={exchange.exchangeId}
            exchange={exchange}
            isBusy={undo.isPending}
            onUndo={() => undo.mutate(exchange)}
          />
        ))}
      </Stack>
    </section>
  );
}
