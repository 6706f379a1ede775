'use client';

import { ActionIcon, Group } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useToday } from '../../../components/shell/today.tsx';
import { addDays } from '../../../lib/time.ts';

interface DayChoiceProps {
  day: string;
  onDay: (day: string) => void;
  /** Goes so many days on, or back, from the day that was chosen last. */
  onMove: (days: number) => void;
}

/** Choice of a past day: previous, next, or from the calendar. */
export function DayChoice({ day, onDay, onMove }: DayChoiceProps) {
  const t = useTranslations('collection');
  const locale = useLocale();
  const yesterday = addDays(useToday(), -1);
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon
        variant="default"
        size={36}
        aria-label={t('previousDay')}
        onClick={() => onMove(-1)}
      >
        <ChevronLeft size={18} aria-hidden />
      </ActionIcon>
      <DatePickerInput
        aria-label={t('day')}
        value={day}
        maxDate={yesterday}
        valueFormat={locale === 'ja' ? 'YYYY年M月D日(dd)' : 'ddd, MMM D, YYYY'}
        onChange={(chosen) => {
          if (chosen) onDay(chosen.slice(0, 10));
        }}
      />
      <ActionIcon
        variant="default"
        size={36}
        aria-label={t('nextDay')}
        disabled={day >= yesterday}
        onClick={() => onMove(1)}
      >
        <ChevronRight size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
