'use client';

import { Button, Group, Stack, Text } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import type { PlaceEstimationWire } from '../../lib/estimation/estimation-wire.ts';
import { useClosingTime } from '../closing/use-closing-time.ts';
import { fullDayText } from '../text/date-text.ts';

export interface PlaceRecordsProps {
  place: PlaceEstimationWire;
  isBusy: boolean;
  /** Undefined: the user may not withdraw. */
  onWithdraw: ((circumstanceId: number) => void) | undefined;
}

/** Recorded days and factors of a place, latest first. */
export function PlaceRecords({ place, isBusy, onWithdraw }: PlaceRecordsProps) {
  const t = useTranslations('estimation.place');
  const locale = useLocale();
  const { circumstances, factors } = place;
  if (circumstances.length + factors.length === 0) return <Text c="dimmed">{t('none')}</Text>;
  return (
    <Stack gap="sm">
      {circumstances.map((each) => (
        <div key={each.circumstanceId}>
          <Text size="sm" fw={600}>
            {t(each.toOn === null ? 'days.open' : 'days.closed', {
              kind: t(`kind.${each.kind}`),
              from: fullDayText(each.fromOn, locale),
              to: each.toOn === null ? '' : fullDayText(each.toOn, locale),
            })}
          </Text>
          <Recorded record={each} reason={each.reason} />
          {onWithdraw ? (
            <Withdrawal isBusy={isBusy} onWithdraw={() => onWithdraw(each.circumstanceId)} />
          ) : null}
        </div>
      ))}
      {factors.map((each) => (
        <div key={each.fromOn}>
          <Text size="sm" fw={600}>
            {t('factorOf', { from: fullDayText(each.fromOn, locale), factor: each.factor })}
          </Text>
          <Recorded record={each} reason={each.basis} />
        </div>
      ))}
    </Stack>
  );
}

interface RecordedProps {
  record: { recordedBy: string; recordedName: string | null; recordedAt: string };
  reason: string;
}

function Recorded({ record: { recordedBy, recordedName, recordedAt }, reason }: RecordedProps) {
  const t = useTranslations('estimation.place');
  const time = useClosingTime();
  return (
    <>
      <Text size="sm">{reason}</Text>
      <Text size="xs" c="dimmed">
        {t('by', { name: recordedName ?? recordedBy, at: time.dated(recordedAt) })}
      </Text>
    </>
  );
}

function Withdrawal({ isBusy, onWithdraw }: { isBusy: boolean; onWithdraw: () => void }) {
  const t = useTranslations('estimation.place');
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) {
    return (
      <Button variant="default" size="xs" mt={6} onClick={() => setAsked(true)}>
        {t('withdraw')}
      </Button>
    );
  }
  return (
    <Group gap="xs" mt={6}>
      <Text size="sm">{t('withdrawAsk')}</Text>
      <Button size="xs" color="danger" loading={isBusy} onClick={onWithdraw}>
        {t('withdraw')}
      </Button>
      <Button size="xs" variant="default" disabled={isBusy} onClick={() => setAsked(false)}>
        {t('keep')}
      </Button>
    </Group>
  );
}
