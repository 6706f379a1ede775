'use client';

import { Alert, Button, Stack, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { ReportedTerminalsWire } from '../../lib/register/supply-point-wire.ts';
import { dayText, fullDayText } from '../text/date-text.ts';

type ReportedTerminal = ReportedTerminalsWire['terminals'][number];

export interface ReportedTerminalsProps {
  terminals: readonly ReportedTerminal[];
  /** Opens the form of an exchange with this number. */
  onUse: (terminal: ReportedTerminal) => void;
}

/** Terminals that report the meter and are not fitted, with their days; renders nothing without one. */
export function ReportedTerminals({ terminals, onUse }: ReportedTerminalsProps) {
  const t = useTranslations('register.reportedTerminal');
  const locale = useLocale();
  if (terminals.length === 0) return null;
  return (
    <Alert
      color="attention"
      icon={<TriangleAlert aria-hidden />}
      title={t('title')}
      role="note"
      maw={760}
    >
      <Stack gap="md">
        {terminals.map((terminal) => (
          <Stack gap={4} key={terminal.number}>
            <Text fw={600}>
              {t('days', {
                ...{ number: terminal.number, days: terminal.days.length },
                from: dayText(terminal.days[0] ?? '', locale),
                to: dayText(terminal.days.at(-1) ?? '', locale),
              })}
            </Text>
            <Text size="sm">
              {t('kept', { from: fullDayText(terminal.askedAgainFrom, locale) })}
            </Text>
            <Button
              variant="default"
              size="xs"
              onClick={() => onUse(terminal)}
              style={{ alignSelf: 'flex-start' }}
            >
              {t('use')}
            </Button>
          </Stack>
        ))}
      </Stack>
    </Alert>
  );
}
