'use client';

import { Alert, Anchor, Text } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { RefusalSummaryWire } from '../../lib/readings/refusal-wire.ts';
import { adviceText, summaryText } from './refusal-texts.ts';

/** Alert that frames of a terminal were refused, with advice on the latest; nothing once that is solved. */
export function RefusalAlert({ refused, href }: { refused: RefusalSummaryWire; href: string }) {
  const t = useTranslations('refusals');
  const collection = useTranslations('collection');
  const locale = useLocale();
  const advice = adviceText(refused.latest, collection);
  if (advice === undefined) return null;
  return (
    <Alert color="attention" title={summaryText(refused, t, locale)}>
      <Text fz="sm">{advice}</Text>
      <Anchor href={href} fz="sm" underline="always">
        {t('show')}
      </Anchor>
    </Alert>
  );
}
