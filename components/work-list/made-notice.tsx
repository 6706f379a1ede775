'use client';

import { Alert, Button, Group, Text } from '@mantine/core';
import { CircleCheck, Undo2 } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { WorkItemWire } from '../../lib/work-list/work-list-wire.ts';
import type { Kind } from './decision.ts';
import { itemDays } from './work-texts.ts';

export interface MadeNoticeProps {
  item: WorkItemWire;
  /** What was done: a decision, one that waits for a second person, or an undoing. */
  done: Kind | 'proposed' | 'undone';
  /** True where the undoing failed. */
  hasFailed: boolean;
  isBusy: boolean;
  onUndo: () => void;
}

/** What was just decided, and its undoing. It stays until the next decision. */
export function MadeNotice({ item, done, hasFailed, isBusy, onUndo }: MadeNoticeProps) {
  const t = useTranslations('check');
  const locale = useLocale();
  const of = {
    customer: item.customerNumber ?? t('list.vacant'),
    days: itemDays(item, { t, locale }),
  };
  return (
    <Alert color="done" icon={<CircleCheck size={18} aria-hidden />} role="status">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{t(`made.${done}`, of)}</Text>
        {done === 'undone' ? null : (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<Undo2 size={16} aria-hidden />}
            loading={isBusy}
            onClick={onUndo}
          >
            {t('made.undo')}
          </Button>
        )}
      </Group>
      {hasFailed ? (
        <Text size="sm" role="alert">
          {t('made.failed')}
        </Text>
      ) : null}
    </Alert>
  );
}
