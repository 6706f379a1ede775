'use client';

import { Group, Paper, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import { isOnlyWithRows } from '../../lib/closing/closing-counts.ts';
import { CLOSING_QUALITIES } from '../../lib/closing/closing-row.ts';
import type { ClosingPreviewWire } from '../../lib/closing/closing-wire.ts';
import classes from './closing.module.css';
import { ClosingAccount } from './closing-account.tsx';
import { remainingTime } from './remaining-time.ts';
import { useClosingTime } from './use-closing-time.ts';

export interface ReadinessStripProps {
  preview: Pick<ClosingPreviewWire, 'asOf' | 'counts' | 'missing' | 'ready' | 'vacant'>;
  /** True while the page fetches the figures again by itself. */
  isLive: boolean;
  /** The download, which depends on the readiness. */
  children?: ReactNode;
}

/** How much of a closing has arrived: one bar by quality, when the last report is due, and as of when this is true. */
export function ReadinessStrip({ preview, isLive, children }: ReadinessStripProps) {
  const t = useTranslations('closing.readiness');
  const time = useClosingTime();
  const { quality } = preview.counts;
  const asOf = t('asOf', { time: time.clock(preview.asOf) });
  return (
    <Paper withBorder p="md" component="section" aria-label={t('label')}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs 1rem" align="baseline">
          <Text size="sm" fw={600} role="status">
            <Expectation preview={preview} />
          </Text>
          <Text size="sm" c="dimmed">
            {isLive ? `${asOf}・${t('live')}` : asOf}
          </Text>
        </Group>
        <div className={classes.bar} aria-hidden>
          {CLOSING_QUALITIES.filter((each) => quality[each] > 0).map((each) => (
            <div
              key={each}
              className={`${classes.part} ${classes[each]}`}
              style={{ flexGrow: quality[each] }}
            />
          ))}
        </div>
        <ul className={classes.legend}>
          {CLOSING_QUALITIES.filter((each) => quality[each] > 0 || !isOnlyWithRows(each)).map(
            (each) => (
              <Text component="li" size="sm" key={each} data-rows={quality[each]}>
                <span className={`${classes.swatch} ${classes[each]}`} aria-hidden />
                {t('part', { name: t(each), count: quality[each] })}
              </Text>
            ),
          )}
        </ul>
        <ClosingAccount counts={preview.counts} missing={preview.missing} />
        <Vacant vacant={preview.vacant} />
        {children}
      </Stack>
    </Paper>
  );
}

/** Usage of supply points while they were vacant; nothing when there was none. */
function Vacant({ vacant }: Pick<ClosingPreviewWire, 'vacant'>) {
  const t = useTranslations('closing');
  const { supplyPoints: count, usageL, unknown } = vacant;
  if (count === 0) return null;
  return <Text size="sm">{t('vacant', { count, usage: formatIndexM3(usageL), unknown })}</Text>;
}

function Expectation({ preview }: Pick<ReadinessStripProps, 'preview'>) {
  const t = useTranslations('closing.readiness');
  const time = useClosingTime();
  const remaining = useRemaining();
  const { awaitedUntil, quality } = preview.counts;
  if (preview.ready || awaitedUntil === null) {
    const overdue = quality.substituted + quality.none;
    return overdue === 0 ? t('ready') : t('readyWithout', { count: overdue });
  }
  return t('waiting', {
    at: time.instant(awaitedUntil),
    remaining: remaining(preview.asOf, awaitedUntil),
  });
}

function useRemaining(): (from: string, until: string) => string {
  const t = useTranslations('closing.readiness');
  return (from, until) => {
    const left = remainingTime(from, until);
    switch (left.unit) {
      case 'days':
        return t('days', { days: left.days, hours: left.hours });
      case 'hours':
        return t('hours', { hours: left.hours });
      case 'minutes':
        return t('minutes', { minutes: left.minutes });
      case 'soon':
        return t('soon');
    }
  };
}
