'use client';

import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useRef } from 'react';
import type { UsageDecisionPreviewWire } from '../../lib/estimation/estimation-wire.ts';
import classes from './closing.module.css';
import type { DecisionValues } from './decision-form.tsx';
import { useClosingTime } from './use-closing-time.ts';

export interface DecisionPreviewProps {
  preview: UsageDecisionPreviewWire;
  values: DecisionValues;
  isBusy: boolean;
  notice: ReactNode;
  onConfirm: () => void;
  onEdit: () => void;
}

/** What a decision would bill, before it is made. */
export function DecisionPreview(props: DecisionPreviewProps) {
  const { preview, values, isBusy, notice, onConfirm, onEdit } = props;
  const t = useTranslations('closing.row.decision');
  const heading = useRef<HTMLHeadingElement>(null);
  // Moves the focus from the form to the preview for users of keyboard or screen reader.
  useEffect(() => heading.current?.focus(), []);
  return (
    <Stack gap="sm">
      {notice}
      <Title order={4} size="sm" ref={heading} tabIndex={-1}>
        {t('preview')}
      </Title>
      {preview.correction === null ? (
        <Usage preview={preview} />
      ) : (
        <Correction preview={preview} values={values} />
      )}
      <Group gap="xs">
        <Button loading={isBusy} onClick={onConfirm}>
          {t('confirm')}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={onEdit}>
          {t('edit')}
        </Button>
      </Group>
    </Stack>
  );
}

function Usage({ preview: { before, after } }: Pick<DecisionPreviewProps, 'preview'>) {
  const t = useTranslations('closing.row.decision');
  const qualities = useTranslations('common.quality');
  const text = ({ quality, usageM3 }: typeof before) =>
    t(usageM3 === null ? 'noUsage' : 'billed', {
      ...{ quality: qualities(quality), usage: usageM3 ?? '' },
    });
  return (
    <>
      <p className={classes.formula}>
        {t('beforeAfter', { before: text(before), after: text(after) })}
      </p>
      <Text size="sm">{t('settled')}</Text>
    </>
  );
}

function Correction({ preview, values }: Pick<DecisionPreviewProps, 'preview' | 'values'>) {
  const t = useTranslations('closing.row.decision');
  const time = useClosingTime();
  const { correction } = preview;
  if (correction === null) return null;
  const { baseM3, correctedM3, differenceM3, closings } = correction;
  return (
    <>
      <Text size="sm">
        {t('basedOn', { closings: closings.map((day) => time.day(day)).join(t('joint')) })}
      </Text>
      <p className={classes.formula}>
        {t(values.direction === 'fast' ? 'fastFormula' : 'slowFormula', {
          ...{ base: baseM3, percent: values.percent, corrected: correctedM3 },
        })}
      </p>
      <p className={classes.formula}>
        {t('difference', {
          ...{ corrected: correctedM3, base: baseM3 },
          difference: differenceM3.replace('-', '−'),
        })}
      </p>
      <Text size="sm">{t('besideUsage')}</Text>
    </>
  );
}
