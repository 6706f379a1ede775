'use client';

import { Button, Group, List, ListItem, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLocale, useTranslations } from 'next-intl';
import type { RegisterChangeWire } from '../../lib/register/register-change-wire.ts';
import { fullInstantText } from '../text/date-text.ts';
import { recordText, restingText } from './change-texts.ts';

export interface ChangeRecordProps {
  change: RegisterChangeWire;
  mayChange: boolean;
  isBusy: boolean;
  onUndo: () => void;
}

/** A registered change with its undo, or with what rests on it when it cannot be undone. */
export function ChangeRecord({ change, mayChange, isBusy, onUndo }: ChangeRecordProps) {
  const t = useTranslations('register');
  const locale = useLocale();
  const { undone, resting } = change;
  const text = recordText(change, { t, locale });
  return (
    <Paper withBorder p="md" component="article" aria-label={text}>
      <Stack gap="xs">
        <Text fw={600} td={undone ? 'line-through' : undefined}>
          {text}
        </Text>
        <Text size="sm" c="dimmed">
          {t('by', { at: fullInstantText(change.madeAt, locale), name: change.madeBy })}
        </Text>
        {undone ? (
          <Text size="sm">
            {t('undoneBy', { at: fullInstantText(undone.at, locale), name: undone.by })}
          </Text>
        ) : null}
        {!undone && mayChange && resting.length === 0 ? (
          <Undo text={text} isBusy={isBusy} onUndo={onUndo} />
        ) : null}
        {resting.length > 0 ? <Resting change={change} /> : null}
      </Stack>
    </Paper>
  );
}

function Resting({ change }: { change: RegisterChangeWire }) {
  const t = useTranslations('register');
  const locale = useLocale();
  return (
    <>
      <Text size="sm">{t('resting')}</Text>
      <List size="sm">
        {change.resting.map((each) => {
          const text = restingText(each, { t, locale });
          return <ListItem key={text}>{text}</ListItem>;
        })}
      </List>
    </>
  );
}

function Undo({ text, isBusy, onUndo }: { text: string; isBusy: boolean; onUndo: () => void }) {
  const t = useTranslations('register');
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open} style={{ alignSelf: 'flex-start' }}>
        {t('undo')}
      </Button>
      {/* Without Mantine's header, which would be a second banner landmark of the page. */}
      <Modal
        opened={isOpen}
        onClose={close}
        withCloseButton={false}
        attributes={{ content: { 'aria-label': t('undoTitle') } }}
      >
        <Stack gap="md">
          <Title order={2} size="h4">
            {t('undoTitle')}
          </Title>
          <Text fw={600}>{text}</Text>
          <Text>{t('undoText')}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('keep')}
            </Button>
            <Button color="danger" loading={isBusy} onClick={onUndo}>
              {t('undo')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
