'use client';

import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { dayText } from '../text/date-text.ts';
import { clockText } from '../text/hour-text.ts';

export interface EntryState {
  /** Days of which a register can be entered. */
  days: readonly string[];
  day: string;
  hourEnding: number;
  /** The register as it is typed, m³. */
  text: string;
  onChange: (change: { day?: string; hourEnding?: number; text?: string }) => void;
}

const HOURS = Array.from({ length: 24 }, (_, at) => at + 1);

/** Day, hour and register that a person enters; the register has the focus when they appear. */
export function EntryFields({ entry, fault }: { entry: EntryState; fault: string | undefined }) {
  const t = useTranslations('check.decide');
  const locale = useLocale();
  const register = useRef<HTMLInputElement>(null);
  useEffect(() => register.current?.focus(), []);
  return (
    <Group gap="sm" align="start">
      <NativeSelect
        label={t('day')}
        value={entry.day}
        onChange={({ currentTarget }) => entry.onChange({ day: currentTarget.value })}
        data={entry.days.map((day) => ({ value: day, label: dayText(day, locale) }))}
      />
      <NativeSelect
        label={t('hour')}
        value={String(entry.hourEnding)}
        onChange={({ currentTarget }) =>
          entry.onChange({ hourEnding: Number(currentTarget.value) })
        }
        data={HOURS.map((hour) => ({ value: String(hour), label: clockText(hour) }))}
      />
      <TextInput
        ref={register}
        label={t('index')}
        value={entry.text}
        inputMode="decimal"
        maxLength={16}
        autoComplete="off"
        error={fault}
        onChange={({ currentTarget }) => entry.onChange({ text: currentTarget.value })}
      />
    </Group>
  );
}
