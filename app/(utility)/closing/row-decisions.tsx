'use client';

import { Alert, Button, Group, Stack } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import {
  DecisionForm,
  type DecisionKind,
  type DecisionValues,
  useDecisionForm,
} from '../../../components/closing/decision-form.tsx';
import { DecisionList } from '../../../components/closing/decision-list.tsx';
import { DecisionPreview } from '../../../components/closing/decision-preview.tsx';
import type { ClosingExplanationWire } from '../../../lib/closing/closing-wire.ts';
import { DECISION_FAULTS } from '../../../lib/errors.ts';
import { ApiError } from '../../api-client.ts';
import type { ApiShapes } from '../../api-types.ts';
import {
  type DecisionBody,
  useDecide,
  useDecisionPreview,
  useWithdraw,
} from './use-usage-decisions.ts';

type DecidedRow = ApiShapes['CertifiedBody']['row'];

export interface RowDecisionsProps {
  row: DecidedRow;
  explanation: ClosingExplanationWire;
  mayDecide: boolean;
}

/** Decisions on the open row (認定, 器差補正): those that were made, and a new one with its preview. */
export function RowDecisions({ row, explanation, mayDecide }: RowDecisionsProps) {
  const t = useTranslations('closing.row.decision');
  const [kind, setKind] = useState<DecisionKind>();
  const withdraw = useWithdraw();
  const { decisions } = explanation;
  return (
    <Stack gap="sm">
      <Refused error={withdraw.error} />
      <DecisionList
        decisions={decisions}
        onWithdraw={mayDecide ? (decisionId) => withdraw.mutate(decisionId) : undefined}
        isBusy={withdraw.isPending}
      />
      {kind !== undefined ? (
        <NewDecision key={kind} kind={kind} row={row} onDone={() => setKind(undefined)} />
      ) : mayDecide ? (
        <Group gap="xs">
          <Button variant="default" onClick={() => setKind('certified')}>
            {t('certified')}
          </Button>
          <Button variant="default" onClick={() => setKind('correction')}>
            {t('correction')}
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}

interface NewDecisionProps {
  kind: DecisionKind;
  row: DecidedRow;
  onDone: () => void;
}

/** A decision in two views: form and preview. */
function NewDecision({ kind, row, onDone }: NewDecisionProps) {
  const form = useDecisionForm(kind);
  const preview = useDecisionPreview();
  const decide = useDecide(onDone);
  const body = () => bodyOf(kind, row, form.getTransformedValues());
  const notice = <Refused error={decide.error ?? preview.error} />;
  if (preview.data) {
    return (
      <DecisionPreview
        preview={preview.data}
        values={form.getTransformedValues()}
        isBusy={decide.isPending}
        notice={notice}
        onConfirm={() => decide.mutate(body())}
        onEdit={() => {
          decide.reset();
          preview.reset();
        }}
      />
    );
  }
  return (
    <DecisionForm
      kind={kind}
      form={form}
      isBusy={preview.isPending}
      notice={notice}
      onCheck={() => preview.mutate(body())}
      onCancel={onDone}
    />
  );
}

function bodyOf(kind: DecisionKind, row: DecidedRow, values: DecisionValues): DecisionBody {
  const { usageM3, closings, percent, direction, reason } = values;
  if (kind === 'certified') return { kind, body: { row, usageM3, reason } };
  const error = direction === 'slow' ? 'slow' : 'fast';
  return {
    kind,
    body: { row, closings: Number(closings), percent, direction: error, reason },
  };
}

/** Why a decision was refused. */
function Refused({ error }: { error: Error | null }) {
  const t = useTranslations('closing.row.decision');
  if (error === null) return null;
  const faults = error instanceof ApiError ? (error.problem?.faults ?? []) : [];
  const reasons = faults.flatMap(({ reason }) => DECISION_FAULTS.filter((each) => each === reason));
  return (
    <Alert color="danger" icon={<TriangleAlert size={18} aria-hidden />} role="alert">
      {reasons.length === 0
        ? t('refused')
        : reasons.map((reason) => t(`fault.${reason}`)).join(' ')}
    </Alert>
  );
}
