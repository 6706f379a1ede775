'use client';

import { ActionIcon, Group, Select } from '@mantine/core';
import { MonthPickerInput } from '@mantine/dates';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { MONTH_END } from '../../lib/closing/closing-day.ts';
import { monthOf } from '../../lib/time.ts';

export interface ClosingChoiceProps {
  closingDay: number;
  month: string;
  days: readonly { closingDay: number; supplyPoints: number }[];
  onChoose: (choice: { closingDay: number; month: string }) => void;
  /** Goes so many months on, or back, from the month that was chosen last. */
  onMove: (months: number) => void;
}

/** Choice of a closing: the closing day, and the month, by previous and next or from a calendar. */
export function ClosingChoice({ closingDay, month, days, onChoose, onMove }: ClosingChoiceProps) {
  const t = useTranslations('closing.choice');
  const name = (day: number) => (day === MONTH_END ? t('monthEnd') : t('day', { day }));
  const registered = days.map((day) => ({
    value: String(day.closingDay),
    label: t('withCount', { name: name(day.closingDay), count: day.supplyPoints }),
  }));
  const isRegistered = days.some((day) => day.closingDay === closingDay);
  const current = { value: String(closingDay), label: name(closingDay) };
  const chooseMonth = (chosen: string) => onChoose({ closingDay, month: chosen });
  return (
    <Group gap="sm" align="flex-end" role="group" aria-label={t('label')}>
      <Select
        label={t('closingDay')}
        data={isRegistered ? registered : [current, ...registered]}
        value={String(closingDay)}
        onChange={(value) => value && onChoose({ closingDay: Number(value), month })}
        allowDeselect={false}
        w={160}
      />
      <Group gap={4} align="flex-end" wrap="nowrap">
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t('previousMonth')}
          onClick={() => onMove(-1)}
        >
          <ChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <MonthPickerInput
          label={t('month')}
          value={`${month}-01`}
          onChange={(value) => value && chooseMonth(monthOf(value))}
          valueFormat="YYYY/MM"
          w={104}
        />
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t('nextMonth')}
          onClick={() => onMove(1)}
        >
          <ChevronRight size={18} aria-hidden />
        </ActionIcon>
      </Group>
    </Group>
  );
}
