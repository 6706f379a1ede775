'use client';

import { Alert, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { ChangeRecord } from '../../../../components/register/change-record.tsx';
import {
  allowedKinds,
  type ChangeValues,
  type FormKind,
} from '../../../../components/register/change-values.ts';
import { ReportedTerminals } from '../../../../components/register/reported-terminals.tsx';
import { SupplyPointFacts } from '../../../../components/register/supply-point-facts.tsx';
import { SupplyPointHistory } from '../../../../components/register/supply-point-history.tsx';
import { useToday } from '../../../../components/shell/today.tsx';
import { fullDayText } from '../../../../components/text/date-text.ts';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { PageAnswer, type Tone } from '../../../../components/ui/page-answer.tsx';
import { PageSkeleton } from '../../../../components/ui/waiting.tsx';
import type { RegisterChangeWire } from '../../../../lib/register/register-change-wire.ts';
import type { SupplyPointWire } from '../../../../lib/register/supply-point-wire.ts';
import { useAddress } from '../../use-address.ts';
import { ChangeWizard } from './change-wizard.tsx';
import { PlaceEstimation, type PlaceEstimationProps } from './place-estimation.tsx';
import { supplyPointRequest } from './supply-point-address.ts';
import {
  useChanges,
  useReportedTerminals,
  useSupplyPoint,
  useUndoChange,
} from './use-supply-point.ts';

export interface SupplyPointViewProps {
  supplyPointId: number;
  mayChange: boolean;
  /** What the user may do of estimation; undefined: it is not shown. */
  estimation: Omit<PlaceEstimationProps, 'supplyPoint'> | undefined;
}

/** Page of a supply point: the register of a day, its changes with their undo, and a menu of changes. */
export function SupplyPointView({ supplyPointId, mayChange, estimation }: SupplyPointViewProps) {
  const address = useAddress();
  const request = supplyPointRequest(address.get, supplyPointId);
  const { data, error, refetch } = useSupplyPoint(request);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <Opened
      place={data}
      mayChange={mayChange}
      estimation={estimation}
      on={request.query.on}
      onDay={(on) => address.set({ on })}
    />
  );
}

/** What was done on this page. */
interface Outcome {
  state: 'done' | 'undone';
  kind: RegisterChangeWire['kind'];
}

interface OpenedProps {
  place: SupplyPointWire;
  mayChange: boolean;
  estimation: SupplyPointViewProps['estimation'];
  /** Day of the register; undefined: today. */
  on: string | undefined;
  onDay: (on: string | undefined) => void;
}

function Opened({ place, mayChange, estimation, on, onDay }: OpenedProps) {
  const t = useTranslations('register');
  const locale = useLocale();
  const [outcome, setOutcome] = useState<Outcome>();
  const [kind, setKind] = useState<FormKind>();
  const [given, setGiven] = useState<Partial<ChangeValues>>();
  const open = (next: FormKind, values?: Partial<ChangeValues>) => {
    setKind(next);
    setGiven(values);
  };
  const { sentence, tone } = useAnswer(place, outcome);
  return (
    <Stack gap="lg">
      <PageAnswer
        title={t('title', { number: place.number })}
        tone={tone}
        detail={on ? t('asOn', { on: fullDayText(on, locale) }) : undefined}
      >
        <span role="status">{sentence}</span>
      </PageAnswer>
      {kind ? (
        <ChangeWizard
          key={kind}
          place={place}
          kind={kind}
          {...(given && { given })}
          onDone={() => {
            setOutcome({ state: 'done', kind });
            setKind(undefined);
          }}
          onCancel={() => setKind(undefined)}
        />
      ) : (
        <>
          <DayChoice on={on} onDay={onDay} />
          <SupplyPointFacts place={place} />
          {mayChange && !on ? <Menu place={place} onKind={open} /> : null}
          {mayChange && !on ? (
            <Reported
              supplyPointId={place.supplyPointId}
              onUse={(number) => open('terminal-exchanged', { number })}
            />
          ) : null}
          {estimation && !on ? (
            <PlaceEstimation supplyPoint={place.number} {...estimation} />
          ) : null}
          <Records
            supplyPointId={place.supplyPointId}
            mayChange={mayChange}
            onUndone={(change) => setOutcome({ state: 'undone', kind: change.kind })}
          />
          <SupplyPointHistory {...place} />
        </>
      )}
    </Stack>
  );
}

function useAnswer(
  place: SupplyPointWire,
  outcome: Outcome | undefined,
): { sentence: string; tone: Tone } {
  const t = useTranslations('register');
  const locale = useLocale();
  if (outcome) {
    const sentence = t(`answer.${outcome.state}`, { kind: t(`kind.${outcome.kind}`) });
    return { sentence, tone: 'done' };
  }
  const { state, stay } = place;
  if (state === 'open') {
    return stay
      ? { sentence: t('answer.open', { customer: stay.customerNumber }), tone: 'calm' }
      : { sentence: t('answer.vacant'), tone: 'calm' };
  }
  const day = state === 'closed' ? (place.closedOn ?? place.openedOn) : place.openedOn;
  return { sentence: t(`answer.${state}`, { at: fullDayText(day, locale) }), tone: 'attention' };
}

function DayChoice({ on, onDay }: Pick<OpenedProps, 'on' | 'onDay'>) {
  const t = useTranslations('register');
  const today = useToday();
  return (
    <Group align="flex-end">
      <TextInput
        type="date"
        label={t('on')}
        description={t('onHint')}
        value={on ?? today}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onDay(value === '' || value === today ? undefined : value);
        }}
      />
      {on ? (
        <Button variant="default" onClick={() => onDay(undefined)}>
          {t('onToday')}
        </Button>
      ) : null}
    </Group>
  );
}

function Menu({ place, onKind }: { place: SupplyPointWire; onKind: (kind: FormKind) => void }) {
  const t = useTranslations('register');
  return (
    <section aria-label={t('menu')}>
      <Title order={2} size="h4" mb="xs">
        {t('menu')}
      </Title>
      <Group gap="sm">
        {allowedKinds(place).map((kind) => (
          <Button key={kind} variant="default" onClick={() => onKind(kind)}>
            {t(`kind.${kind}`)}
          </Button>
        ))}
        {place.meter ? (
          <Button
            component={Link}
            href={`/meters/${place.meter.meterId}/exchange`}
            variant="default"
          >
            {t('exchange')}
          </Button>
        ) : null}
      </Group>
    </section>
  );
}

interface ReportedProps {
  supplyPointId: number;
  onUse: (number: string) => void;
}

function Reported({ supplyPointId, onUse }: ReportedProps) {
  const { data } = useReportedTerminals(supplyPointId);
  return (
    <ReportedTerminals
      terminals={data?.terminals ?? []}
      onUse={(terminal) => onUse(terminal.number)}
    />
  );
}

interface RecordsProps {
  supplyPointId: number;
  mayChange: boolean;
  onUndone: (change: RegisterChangeWire) => void;
}

function Records({ supplyPointId, mayChange, onUndone }: RecordsProps) {
  const t = useTranslations('register');
  const common = useTranslations('common');
  const changes = useChanges(supplyPointId);
  const undo = useUndoChange(onUndone);
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
        {changes.data?.length === 0 ? <Text c="dimmed">{t('noRecords')}</Text> : null}
        {changes.data?.map((change) => (
          <ChangeRecord
            key={change.changeId}
            change={change}
            mayChange={mayChange}
            isBusy={undo.isPending}
            onUndo={() => undo.mutate(change)}
          />
        ))}
      </Stack>
    </section>
  );
}
