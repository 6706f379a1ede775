'use client';

import { Alert, Button, Stack, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { ReportedSerialsWire } from '../../lib/register/reported-serials-wire.ts';
import { dayText, fullDayText } from '../text/date-text.ts';

export type ReportedSerial = ReportedSerialsWire['serials'][number];

export interface ReportedSerialsProps {
  serials: readonly ReportedSerial[];
  /** Takes a serial into the form. */
  onUse: (serial: ReportedSerial) => void;
}

/** Serials that the terminal reports and that are not fitted, with their days; renders nothing without one. */
export function ReportedSerials({ serials, onUse }: ReportedSerialsProps) {
  const t = useTranslations('exchange');
  if (serials.length === 0) return null;
  return (
    <Alert
      color="attention"
      icon={<TriangleAlert aria-hidden />}
      title={t('reported.title')}
      role="note"
    >
      <Stack gap="md">
        {serials.map((serial) => (
          <SerialDays key={serial.meterSerial} serial={serial} onUse={() => onUse(serial)} />
        ))}
      </Stack>
    </Alert>
  );
}

function SerialDays({ serial, onUse }: { serial: ReportedSerial; onUse: () => void }) {
  const t = useTranslations('exchange');
  const locale = useLocale();
  const { days, askedAgainFrom, meterSerial } = serial;
  const from = fullDayText(askedAgainFrom, locale);
  const lost = days.filter((day) => day < askedAgainFrom).length;
  return (
    <Stack gap={4}>
      <Text fw={600}>
        {t('reported.days', {
          ...{ serial: meterSerial, days: days.length },
          ...{ from: dayText(days[0] ?? '', locale), to: dayText(days.at(-1) ?? '', locale) },
        })}
      </Text>
      <Text size="sm">{t('reported.kept', { from })}</Text>
      {lost > 0 ? <Text size="sm">{t('reported.notAsked', { from, days: lost })}</Text> : null}
      <Button variant="default" size="xs" onClick={onUse} style={{ alignSelf: 'flex-start' }}>
        {t('reported.use')}
      </Button>
    </Stack>
  );
}
