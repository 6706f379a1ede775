'use client';

import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CircumstanceForm } from '../../../../components/estimation/circumstance-form.tsx';
import { FactorForm } from '../../../../components/estimation/factor-form.tsx';
import { PlaceRecords } from '../../../../components/estimation/place-records.tsx';
import { RefusedChange } from '../../../../components/estimation/refused-change.tsx';
import { useToday } from '../../../../components/shell/today.tsx';
import { type PlaceChange, useChangePlace, usePlaceEstimation } from './use-place-estimation.ts';

export interface PlaceEstimationProps {
  supplyPoint: string;
  /** Whether the user may record absence and disaster. */
  mayDecide: boolean;
  /** Whether the user may set factors. */
  mayConvert: boolean;
}

/** What estimation knows of a place: days of absence and disaster, and the factor of its delivery pressure. */
export function PlaceEstimation({ supplyPoint, mayDecide, mayConvert }: PlaceEstimationProps) {
  const t = useTranslations('estimation.place');
  const today = useToday();
  const { data } = usePlaceEstimation(supplyPoint);
  const [form, setForm] = useState<'circumstance' | 'factor'>();
  const [done, setDone] = useState<PlaceChange['kind']>();
  const change = useChangePlace(supplyPoint, ({ kind }) => {
    setForm(undefined);
    setDone(kind);
  });
  const open = (kind: 'circumstance' | 'factor') => {
    change.reset();
    setDone(undefined);
    setForm(kind);
  };
  if (!data) return null;
  const shared = {
    ...{ today, isBusy: change.isPending, notice: <RefusedChange error={change.error} /> },
    onCancel: () => {
      change.reset();
      setForm(undefined);
    },
  };
  return (
    <section aria-label={t('title')}>
      <Title order={2} size="h4" mb="xs">
        {t('title')}
      </Title>
      <Stack gap="md" maw={640}>
        <Text size="sm" aria-live="polite" mih="1.5em">
          {done ? t(`done.${done}`) : null}
        </Text>
        {form === undefined ? <RefusedChange error={change.error} /> : null}
        <PlaceRecords
          place={data}
          isBusy={change.isPending}
          onWithdraw={
            mayDecide
              ? (circumstanceId) => change.mutate({ kind: 'withdrawal', circumstanceId })
              : undefined
          }
        />
        {form === 'circumstance' ? (
          <CircumstanceForm
            {...shared}
            onSave={(body) => change.mutate({ kind: 'circumstance', body })}
          />
        ) : null}
        {form === 'factor' ? (
          <FactorForm {...shared} onSave={(body) => change.mutate({ kind: 'factor', body })} />
        ) : null}
        {form === undefined ? <Menu {...{ mayDecide, mayConvert }} onOpen={open} /> : null}
      </Stack>
    </section>
  );
}

interface MenuProps extends Pick<PlaceEstimationProps, 'mayDecide' | 'mayConvert'> {
  onOpen: (kind: 'circumstance' | 'factor') => void;
}

function Menu({ mayDecide, mayConvert, onOpen }: MenuProps) {
  const t = useTranslations('estimation.place');
  return (
    <Group gap="sm">
      {mayDecide ? (
        <Button variant="default" onClick={() => onOpen('circumstance')}>
          {t('addCircumstance')}
        </Button>
      ) : null}
      {mayConvert ? (
        <Button variant="default" onClick={() => onOpen('factor')}>
          {t('addFactor')}
        </Button>
      ) : null}
    </Group>
  );
}
