'use client';

import { Anchor, Button, Stack, Text } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useClosingTime } from '../../../../components/closing/use-closing-time.ts';
import { EstimationForm } from '../../../../components/estimation/estimation-form.tsx';
import { EstimationRules } from '../../../../components/estimation/estimation-rules.tsx';
import { RefusedChange } from '../../../../components/estimation/refused-change.tsx';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { PageAnswer } from '../../../../components/ui/page-answer.tsx';
import { PageSkeleton } from '../../../../components/ui/waiting.tsx';
import type { ApiShapes } from '../../../api-types.ts';
import { useEstimation, useSetEstimation } from './use-estimation.ts';

/** How the utility estimates: the setting in words, since when and by whom, and its change. */
export function EstimationView({ mayChange }: { mayChange: boolean }) {
  const t = useTranslations('estimation');
  const { data, error, refetch } = useEstimation();
  const [isOpen, setOpen] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const set = useSetEstimation(() => {
    setOpen(false);
    setSaved(true);
  });
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  const { missedReading, interpolateMaxHours } = data;
  const isNone = missedReading === 'none' && interpolateMaxHours === null;
  return (
    <Stack gap="lg" maw={720}>
      <PageAnswer
        title={t('title')}
        tone={isSaved ? 'done' : 'calm'}
        detail={
          <Anchor component={Link} href="/closing">
            {t('back')}
          </Anchor>
        }
      >
        <span role="status">
          {isSaved ? `${t('saved')} ` : null}
          {t(isNone ? 'answerNone' : 'answer')}
        </span>
      </PageAnswer>
      <EstimationRules setting={{ missedReading, interpolateMaxHours }} />
      <Since {...data} />
      {isOpen ? (
        <EstimationForm
          setting={{ missedReading, interpolateMaxHours }}
          isBusy={set.isPending}
          notice={<RefusedChange error={set.error} />}
          onSave={(setting) => set.mutate(setting)}
          onCancel={() => {
            set.reset();
            setOpen(false);
          }}
        />
      ) : mayChange ? (
        <Button
          variant="default"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => {
            setSaved(false);
            setOpen(true);
          }}
        >
          {t('change')}
        </Button>
      ) : (
        <Text size="sm">{t('onlyAdmin')}</Text>
      )}
    </Stack>
  );
}

type SinceProps = Pick<ApiShapes['Estimation'], 'changedBy' | 'changedName' | 'changedAt'>;

/** Since when the setting holds, and by whom. */
function Since({ changedBy, changedName, changedAt }: SinceProps) {
  const t = useTranslations('estimation');
  const time = useClosingTime();
  return (
    <Text size="sm" c="dimmed">
      {changedAt === null
        ? t('neverSet')
        : t('since', { at: time.dated(changedAt), name: changedName ?? changedBy ?? '' })}
    </Text>
  );
}
