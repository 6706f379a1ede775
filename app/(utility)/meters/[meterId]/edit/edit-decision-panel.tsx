'use client';

import { Alert, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import {
  type EditChoice,
  EditConfirmation,
} from '../../../../../components/editing/edit-confirmation.tsx';
import { ErrorState } from '../../../../../components/ui/error-state.tsx';
import { ChartSkeleton } from '../../../../../components/ui/waiting.tsx';
import type { ReadingEditWire } from '../../../../../lib/editing/edit-wire.ts';
import { type EditDecision, useDecisionPreview, useEditDecision } from './use-edits.ts';

export interface EditDecisionPanelProps {
  edit: ReadingEditWire;
  onDone: (state: ReadingEditWire['state']) => void;
  onCancel: () => void;
}

/** Decision on an edit: what it changes, then the second look of another person, or taking it back. */
export function EditDecisionPanel({ edit, onDone, onCancel }: EditDecisionPanelProps) {
  const t = useTranslations('editing');
  const preview = useDecisionPreview();
  const decision = useEditDecision(({ state }) => onDone(state));
  const { mutate } = preview;
  useEffect(() => mutate(edit.editId), [mutate, edit.editId]);
  if (preview.error) {
    return <ErrorState error={preview.error} onRetry={() => mutate(edit.editId)} />;
  }
  if (!preview.data) return <ChartSkeleton height={200} />;
  const act = (which: EditDecision['act']) => (acknowledgedClosings: string[]) =>
    decision.mutate({ editId: edit.editId, act: which, acknowledgedClosings });
  const choices = choicesOf(edit).map(
    ({ text, which, isPlain, needsClosings }): EditChoice => ({
      ...{ label: t(`decision.${text}`), isPlain, needsClosings, onChoose: act(which) },
    }),
  );
  return (
    <EditConfirmation
      preview={preview.data}
      choices={choices}
      onBack={{ label: t('cancel'), act: onCancel }}
      notice={
        <>
          {decision.error ? (
            <Alert color="danger" role="alert" title={t('decision.failed')} />
          ) : null}
          {edit.state === 'standing' ? <Text>{t('decision.takeBackHint')}</Text> : null}
          {edit.state === 'proposed' && edit.isOwn ? <Text>{t('decision.own')}</Text> : null}
        </>
      }
      isBusy={decision.isPending}
    />
  );
}

interface Choice {
  text: 'takeBack' | 'withdraw' | 'agree' | 'refuse';
  which: EditDecision['act'];
  isPlain: boolean;
  needsClosings: boolean;
}

/** What may be decided: the first person of a proposed edit may only withdraw it. */
function choicesOf({ state, isOwn }: ReadingEditWire): Choice[] {
  const takeBack = { which: 'take-back', isPlain: false } as const;
  if (state === 'standing') return [{ text: 'takeBack', needsClosings: true, ...takeBack }];
  if (isOwn) return [{ text: 'withdraw', needsClosings: false, ...takeBack }];
  return [
    { text: 'agree', which: 'agree', isPlain: false, needsClosings: true },
    { text: 'refuse', which: 'refuse', isPlain: true, needsClosings: false },
  ];
}
