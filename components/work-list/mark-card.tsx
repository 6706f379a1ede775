'use client';

import { Anchor, Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import type { EditPreviewWire } from '../../lib/editing/edit-wire.ts';
import type { ReadingMarkWire } from '../../lib/validation/mark-wire.ts';
import { useClosingTime } from '../closing/use-closing-time.ts';
import { StatusBadge } from '../ui/status-badge.tsx';
import { EditBills } from './edit-bills.tsx';
import { markText } from './mark-texts.ts';
import { itemDays, registerFigure } from './work-texts.ts';

export interface MarkCardProps {
  mark: ReadingMarkWire;
  mayEdit: boolean;
  isBusy: boolean;
  /** What taking the entry back would change; undefined until it was asked for. */
  preview: EditPreviewWire | undefined;
  onSee: (note: string) => void;
  onReopen: () => void;
  onAskUse: () => void;
  onKeep: () => void;
  onUse: () => void;
}

/** A mark for attention: what the rule saw, whose meter, and the decision. */
export function MarkCard(props: MarkCardProps) {
  const { mark, mayEdit } = props;
  const t = useTranslations('check');
  const locale = useLocale();
  const time = useClosingTime();
  const { rule, customerNumber, meterSerial, meterId, fromOn, toOn, seenName, seenAt, note } = mark;
  const isSeen = seenAt !== null;
  return (
    <Paper
      component="li"
      withBorder
      p="sm"
      aria-label={`${t(`marks.rule.${rule}`)} ${meterSerial}`}
    >
      <Stack gap={6}>
        <Group gap="xs">
          <StatusBadge tone={isSeen ? 'calm' : 'attention'} label={t(`marks.rule.${rule}`)} />
          <Text fw={600}>{itemDays(mark, { t, locale })}</Text>
          <Text size="sm">
            {customerNumber === null
              ? t('marks.vacant')
              : t('marks.place', { customer: customerNumber })}
          </Text>
          <Text size="sm" c="dimmed">
            {t('marks.litres', { litres: registerFigure(mark.litres) })}
          </Text>
        </Group>
        <Text size="sm">{markText(mark, { t, locale })}</Text>
        {isSeen ? (
          <Text size="sm" c="dimmed">
            {t('marks.seenBy', { name: seenName ?? '', at: time.dated(seenAt) })}
            {note === null ? null : ` ・ ${note}`}
          </Text>
        ) : null}
        {mayEdit ? <Acts {...props} /> : null}
        <Anchor component={Link} href={`/meters/${meterId}?from=${fromOn}&to=${toOn}`} size="sm">
          {t('marks.meter')}
        </Anchor>
      </Stack>
    </Paper>
  );
}

function Acts({ mark, isBusy, preview, ...on }: MarkCardProps) {
  const t = useTranslations('check.marks');
  const [note, setNote] = useState('');
  if (mark.seenAt !== null) {
    return (
      <Group gap="xs">
        <Button size="xs" variant="default" loading={isBusy} onClick={on.onReopen}>
          {t('reopen')}
        </Button>
      </Group>
    );
  }
  if (preview) return <Use {...{ preview, isBusy, onKeep: on.onKeep, onUse: on.onUse }} />;
  const isEntry = mark.rule === 'received-later';
  return (
    <Group gap="xs" align="end">
      <TextInput
        label={t('note')}
        description={t('noteHint')}
        value={note}
        maxLength={100}
        size="xs"
        w={{ base: '100%', sm: 320 }}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <Button size="xs" loading={isBusy} onClick={() => on.onSee(note.trim())}>
        {t(isEntry ? 'keep' : 'see')}
      </Button>
      {isEntry ? (
        <Button size="xs" variant="default" disabled={isBusy} onClick={on.onAskUse}>
          {t('use')}
        </Button>
      ) : null}
    </Group>
  );
}

interface UseProps {
  preview: EditPreviewWire;
  isBusy: boolean;
  onKeep: () => void;
  onUse: () => void;
}

/** What the closings bill with the register that came, before the entry is taken back. */
function Use({ preview, isBusy, onKeep, onUse }: UseProps) {
  const t = useTranslations('check');
  const time = useClosingTime();
  const { issued } = preview;
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {t('marks.useAsk')}
      </Text>
      <EditBills preview={preview} />
      {issued.length === 0 ? null : (
        <Text size="sm">
          {t('decide.issued', { days: issued.map((day) => time.day(day)).join('・') })}
        </Text>
      )}
      <Group gap="xs">
        <Button size="xs" loading={isBusy} onClick={onUse}>
          {t('marks.useNow')}
        </Button>
        <Button size="xs" variant="default" disabled={isBusy} onClick={onKeep}>
          {t('marks.cancel')}
        </Button>
      </Group>
    </Stack>
  );
}
