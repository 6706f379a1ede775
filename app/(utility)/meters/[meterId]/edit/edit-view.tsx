'use client';

import { Anchor, Stack } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { EditList } from '../../../../../components/editing/edit-list.tsx';
import { ErrorState } from '../../../../../components/ui/error-state.tsx';
import { PageAnswer, type Tone } from '../../../../../components/ui/page-answer.tsx';
import { PageSkeleton } from '../../../../../components/ui/waiting.tsx';
import type { ReadingEditWire } from '../../../../../lib/editing/edit-wire.ts';
import type { MeterDetailWire } from '../../../../../lib/meters/meter-wire.ts';
import { useMeter } from '../../use-meters.ts';
import { EditDecisionPanel } from './edit-decision-panel.tsx';
import { EditWizard } from './edit-wizard.tsx';
import { useMeterEdits } from './use-edits.ts';

/** Editing of a meter's readings: form with preview, and all edits, each of which may be decided on. */
export function EditView({ meterId }: { meterId: number }) {
  const { data, error, refetch } = useMeter(meterId);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return <Opened meter={data} />;
}

type Outcome = ReadingEditWire['state'];

const TONES: Record<Outcome | 'form', Tone> = {
  form: 'calm',
  proposed: 'attention',
  standing: 'done',
  refused: 'done',
  'taken-back': 'done',
  superseded: 'done',
};

function Opened({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('editing');
  const [outcome, setOutcome] = useState<Outcome>();
  const [decided, setDecided] = useState<ReadingEditWire>();
  const edits = useMeterEdits(meter.meterId);
  const state = outcome ?? 'form';
  const finish = (next: Outcome) => {
    setOutcome(next);
    setDecided(undefined);
  };
  return (
    <Stack gap="lg">
      <PageAnswer
        title={`${t('title')} ${meter.meterSerial}`}
        tone={TONES[state]}
        detail={
          <Anchor
            component={Link}
            href={`/meters/${meter.meterId}`}
            fz="inherit"
            underline="always"
          >
            {t('back')}
          </Anchor>
        }
      >
        <span role="status">{t(`answer.${state}`)}</span>
      </PageAnswer>
      {decided ? (
        <EditDecisionPanel
          key={decided.editId}
          edit={decided}
          onDone={finish}
          onCancel={() => setDecided(undefined)}
        />
      ) : null}
      {decided || outcome ? null : <EditWizard meterId={meter.meterId} onDone={finish} />}
      {edits.data ? (
        <EditList
          edits={edits.data.edits}
          fileName={`kenshin-edits-${meter.meterSerial}`}
          onDecide={(edit) => {
            setOutcome(undefined);
            setDecided(edit);
          }}
        />
      ) : null}
    </Stack>
  );
}
