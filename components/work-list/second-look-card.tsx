'use client';

import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { EditPreviewWire, ReadingEditWire } from '../../lib/editing/edit-wire.ts';
import { useClosingTime } from '../closing/use-closing-time.ts';
import { StatusBadge } from '../ui/status-badge.tsx';
import { EditBills } from './edit-bills.tsx';
import { hourOfText, registerFigure } from './work-texts.ts';

export interface SecondLookCardProps {
  edit: ReadingEditWire;
  /** What its standing would change; undefined until it was asked for. */
  preview: EditPreviewWire | undefined;
  isBusy: boolean;
  /** Whether the user may decide on edits. */
  mayEdit: boolean;
  onLook: () => void;
  onDecide: (agreed: boolean) => void;
  onWithdraw: () => void;
}

/** An edit that waits for a second person: what it says, by whom, what it would bill, and the decision. */
export function SecondLookCard(props: SecondLookCardProps) {
  const { edit, preview } = props;
  const t = useTranslations('check');
  const locale = useLocale();
  const time = useClosingTime();
  const [first] = edit.hours;
  const value = first && registerFigure(first.indexL);
  const at = first && hourOfText({ day: edit.day, hourEnding: first.hourEnding }, { t, locale });
  return (
    <Paper component="li" withBorder p="sm">
      <Stack gap={6}>
        <Group gap="xs">
          <StatusBadge tone="attention" label={t(`second.kind.${edit.kind}`)} />
          <Text fw={600}>{edit.meterSerial}</Text>
          <Text size="sm">
            {edit.hours.length === 1 && at && value
              ? t('second.value', { time: at, value })
              : [time.day(edit.day), t('second.hours', { count: edit.hours.length })].join(' ')}
          </Text>
        </Group>
        <Text size="sm">
          {t('second.moved', { litres: registerFigure(edit.movedL) })}
          {' ・ '}
          {t(`decide.reasons.${edit.reason}`)}
          {edit.note === '' ? null : ` ・ ${edit.note}`}
        </Text>
        <Text size="sm" c="dimmed">
          {t('second.made', { name: edit.madeBy, at: time.dated(edit.madeAt) })}
        </Text>
        {preview ? <EditBills preview={preview} /> : null}
        <Acts {...props} />
        <Anchor
          component={Link}
          href={`/meters/${edit.meterId}?from=${edit.day}&to=${edit.day}`}
          size="sm"
        >
          {t('second.openMeter')}
        </Anchor>
      </Stack>
    </Paper>
  );
}

function Acts(props: SecondLookCardProps) {
  const { edit, preview, isBusy, mayEdit, onLook, onDecide, onWithdraw } = props;
  const t = useTranslations('check.second');
  if (!mayEdit) return null;
  if (edit.isOwn) {
    return (
      <Group gap="xs">
        <Text size="sm">{t('own')}</Text>
        <Button variant="default" size="compact-sm" loading={isBusy} onClick={onWithdraw}>
          {t('withdraw')}
        </Button>
      </Group>
    );
  }
  if (!preview) {
    return (
      <Button
        variant="default"
        size="compact-sm"
        loading={isBusy}
        onClick={onLook}
        style={{ alignSelf: 'flex-start' }}
      >
        {t('look')}
      </Button>
    );
  }
  return (
    <Group gap="xs">
      <Button size="compact-sm" loading={isBusy} onClick={() => onDecide(true)}>
        {t('agree')}
      </Button>
      <Button variant="default" size="compact-sm" disabled={isBusy} onClick={() => onDecide(false)}>
        {t('refuse')}
      </Button>
    </Group>
  );
}
