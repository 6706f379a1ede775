'use client';

import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import type { ClosingExplanationWire } from '../../lib/closing/closing-wire.ts';
import { StatusBadge } from '../ui/status-badge.tsx';
import { signedM3 } from './row-figures.tsx';
import { useClosingTime } from './use-closing-time.ts';

type Decision = ClosingExplanationWire['decisions'][number];

export interface DecisionListProps {
  decisions: readonly Decision[];
  /** Undefined: the user may not decide. */
  onWithdraw: ((decisionId: number) => void) | undefined;
  isBusy: boolean;
}

/** Decisions on a row, latest first; those that were withdrawn or superseded stay to be seen. */
export function DecisionList({ decisions, onWithdraw, isBusy }: DecisionListProps) {
  return (
    <Stack gap="sm">
      {decisions.map((decision) => (
        <div key={decision.decisionId}>
          <DecisionText decision={decision} />
          {onWithdraw && decision.withdrawnAt === null ? (
            <Withdrawal isBusy={isBusy} onWithdraw={() => onWithdraw(decision.decisionId)} />
          ) : null}
        </div>
      ))}
    </Stack>
  );
}

function DecisionText({ decision }: { decision: Decision }) {
  const t = useTranslations('closing.row.decision');
  const time = useClosingTime();
  const { kind, litres, reason, decidedName, decidedAt, withdrawnName, withdrawnAt } = decision;
  const what =
    kind === 'certified'
      ? t('certifiedOf', { usage: formatIndexM3(litres) })
      : t('correctionOf', {
          ...{ percent: decision.percent ?? '', difference: signedM3(litres) },
          ...{ base: decision.baseM3 ?? '', direction: t(decision.direction ?? 'fast') },
        });
  return (
    <>
      <StatusBadge
        tone={decision.isUsed ? 'attention' : 'calm'}
        label={t(stateOf(decision), { day: time.day(decision.onDay) })}
      />
      <Text size="sm" mt={4}>
        {what}
      </Text>
      <Text size="sm">{t('because', { reason })}</Text>
      {decision.isBaseChanged ? (
        <Text size="sm" fw={700}>
          {t('baseChanged')}
        </Text>
      ) : null}
      <Text size="xs" c="dimmed">
        {t('by', { name: decidedName, at: time.instant(decidedAt) })}
        {withdrawnAt === null
          ? null
          : t('withdrawnBy', { name: withdrawnName ?? '', at: time.instant(withdrawnAt) })}
      </Text>
    </>
  );
}

function stateOf({
  kind,
  isUsed,
  withdrawnAt,
}: Decision): 'used' | 'withdrawn' | 'superseded' | 'elsewhere' {
  if (isUsed) return 'used';
  if (withdrawnAt !== null) return 'withdrawn';
  // A correction is billed with another row where its own was never issued.
  return kind === 'correction' ? 'elsewhere' : 'superseded';
}

function Withdrawal({ isBusy, onWithdraw }: { isBusy: boolean; onWithdraw: () => void }) {
  const t = useTranslations('closing.row.decision');
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) {
    return (
      <Button variant="default" size="xs" mt={6} onClick={() => setAsked(true)}>
        {t('withdraw')}
      </Button>
    );
  }
  return (
    <Group gap="xs" mt={6}>
      <Text size="sm">{t('withdrawAsk')}</Text>
      <Button size="xs" color="danger" loading={isBusy} onClick={onWithdraw}>
        {t('withdraw')}
      </Button>
      <Button size="xs" variant="default" disabled={isBusy} onClick={() => setAsked(false)}>
        {t('keep')}
      </Button>
    </Group>
  );
}
