'use client';

import { Button, Group, List, ListItem, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLocale, useTranslations } from 'next-intl';
import type { ExchangeWire } from '../../lib/register/exchange-wire.ts';
import { instantText } from '../text/date-text.ts';
import { type ExchangeTexts, restingText } from './exchange-texts.ts';

export interface ExchangeRecordProps {
  exchange: ExchangeWire;
  isBusy: boolean;
  onUndo: () => void;
}

/** A registered exchange with its undo, or with what rests on it when it cannot be undone. */
export function ExchangeRecord({ exchange, isBusy, onUndo }: ExchangeRecordProps) {
  const t = useTranslations('exchange');
  const locale = useLocale();
  const { removed, fitted, resting } = exchange;
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text fw={600}>
          {t('record', {
            at: instantText(exchange.exchangedAt, locale),
            removed: removed.meterSerial,
            fitted: fitted.meterSerial,
          })}
        </Text>
        <Text size="sm">
          {t('recordIndexes', {
            final: indexText(removed.finalIndexL, t),
            start: indexText(fitted.startIndexL, t),
          })}
        </Text>
        {resting.length === 0 ? (
          <Undo exchange={exchange} isBusy={isBusy} onUndo={onUndo} />
        ) : (
          <>
            <Text size="sm">{t('resting')}</Text>
            <List size="sm">
              {resting.map((each) => {
                const text = restingText(each, { t, locale });
                return <ListItem key={text}>{text}</ListItem>;
              })}
            </List>
          </>
        )}
      </Stack>
    </Paper>
  );
}

function indexText(indexL: number | null, t: ExchangeTexts): string {
  if (indexL === null) return t('notNoted');
  return t('effect.measured', { m3: (indexL / 1_000).toFixed(3) });
}

function Undo({ exchange, isBusy, onUndo }: ExchangeRecordProps) {
  const t = useTranslations('exchange');
  const [isOpen, { open, close }] = useDisclosure();
  const { removed, fitted } = exchange;
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
          <Text>{t('undoText', { removed: removed.meterSerial, fitted: fitted.meterSerial })}</Text>
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
