'use client';

import { Text } from '@mantine/core';
import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ClosingRunSinceWire } from '../../lib/closing/run-wire.ts';
import classes from './closing-runs.module.css';
import { useClosingTime } from './use-closing-time.ts';

export interface RunSinceMarkProps {
  answer: ClosingRunSinceWire;
  /** True for a run that can be compared with today. */
  isCompared: boolean;
}

/** How much arrived or changed since a run was issued. It says of days, and not that a row is other than it was. */
export function RunSinceMark({ answer: { since, asOf }, isCompared }: RunSinceMarkProps) {
  const t = useTranslations('closing.runs.since');
  const time = useClosingTime().clock(asOf);
  if (since === null) {
    return (
      <Text span size="xs" c="dimmed" className={classes.mark}>
        {t('unknown')}
      </Text>
    );
  }
  const { days, supplyPoints, orMore } = since;
  if (days === 0 && supplyPoints === 0) {
    return (
      <Text span size="xs" c="dimmed" className={classes.mark}>
        {t('nothing', { time })}
      </Text>
    );
  }
  const parts = [
    days > 0 ? t(orMore ? 'daysOrMore' : 'days', { count: days }) : undefined,
    supplyPoints > 0 ? t('supplyPoints', { count: supplyPoints }) : undefined,
  ].filter((part) => part !== undefined);
  return (
    <Text span size="sm" className={classes.mark}>
      <History size={14} aria-hidden className={classes.markIcon} />
      {t('came', { what: parts.join(t('joint')), time })}
      {isCompared ? t('compare') : null}
    </Text>
  );
}
