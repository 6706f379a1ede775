'use client';

import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { Mail } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReadyMailsWire } from '../../lib/readiness/ready-mail-wire.ts';
import type { ReadyMailState } from './ready-mail-state.ts';
import { useClosingTime } from './use-closing-time.ts';

export interface ReadyMailChoiceProps {
  state: ReadyMailState;
  address: ReadyMailsWire['address'];
  isBusy: boolean;
  /** What was refused, in words; undefined: nothing. */
  refused: string | undefined;
  onAsk: (what: 'closing' | 'each-month') => void;
  onWithdraw: (requestId: number) => void;
}

/** Whether a mail comes when the shown closing is ready, to which address, and what can be asked for or taken back. */
export function ReadyMailChoice(props: ReadyMailChoiceProps) {
  const { state, address, isBusy, refused, onAsk, onWithdraw } = props;
  const t = useTranslations('closing.readyMail');
  const { asked, offers } = state;
  const label = t('label');
  if (!asked && !state.sent && offers.length === 0) return null;
  return (
    <Paper withBorder px="md" py="xs" component="section" aria-label={label}>
      <Stack gap={4}>
        <Group gap="xs 1rem" justify="space-between">
          <Group gap="xs" wrap="nowrap" align="baseline" flex="1 1 18rem">
            <Mail size={16} aria-hidden style={{ alignSelf: 'center', flexShrink: 0 }} />
            <Stack gap={0} role="status">
              <Sent state={state} />
              <Text size="sm" style={{ wordBreak: 'auto-phrase' }}>
                <Sentence state={state} address={address} />
              </Text>
            </Stack>
          </Group>
          <Group gap="xs">
            {address === null
              ? null
              : offers.map((what) => (
                  <Button
                    key={what}
                    variant="default"
                    size="compact-md"
                    disabled={isBusy}
                    onClick={() => onAsk(what)}
                  >
                    {t(`ask.${what}`)}
                  </Button>
                ))}
            {asked ? (
              <Button
                variant="subtle"
                size="compact-md"
                disabled={isBusy}
                onClick={() => onWithdraw(asked.requestId)}
              >
                {t('withdraw')}
              </Button>
            ) : null}
          </Group>
        </Group>
        {refused === undefined ? null : (
          <Text size="sm" role="alert" c="danger">
            {refused}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

/** The mail of the shown closing, once it was entered. */
function Sent({ state: { sent } }: Pick<ReadyMailChoiceProps, 'state'>) {
  const t = useTranslations('closing.readyMail.sent');
  const time = useClosingTime();
  if (!sent) return null;
  const at = time.instant(sent.sentAt ?? sent.asOf);
  return <Text size="sm">{t(sent.state, { at })}</Text>;
}

function Sentence({ state, address }: Pick<ReadyMailChoiceProps, 'state' | 'address'>) {
  const t = useTranslations('closing.readyMail');
  const time = useClosingTime();
  const { asked } = state;
  if (address === null) return t(asked ? 'askedWithoutAddress' : 'noAddress');
  if (asked?.eachMonth) return t('eachMonth', { day: time.day(asked.closesOn), address });
  if (asked) return t('closing', { address });
  if (state.offers.length === 0) return null;
  return t(state.isReady ? 'offerNext' : 'offer', { address });
}
