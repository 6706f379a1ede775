'use client';

import { Group, SegmentedControl } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { addDays, daysBetween } from '../../lib/time.ts';

export interface Period {
  from: string;
  to: string;
}

/** A period offered by name; it ends with the last day that is over. */
export interface NamedPeriod {
  name: 'day' | 'twoDays' | 'week' | 'month' | 'monthLong' | 'year';
  days: number;
}

interface PeriodChoiceProps {
  named: readonly NamedPeriod[];
  period: Period;
  /** The last day that is over. */
  lastDay: string;
  onPeriod: (period: Period) => void;
}

const OWN = 'own';

/** Narrower labels on a phone, so that all of them fit. */
const NARROW = { label: { paddingInline: 'clamp(0.25rem, 1.5vw, 0.625rem)' } } as const;

/** Choice of a period: a named one up to yesterday, or two days from the calendar. */
export function PeriodChoice({ named, period, lastDay, onPeriod }: PeriodChoiceProps) {
  const t = useTranslations('period');
  const locale = useLocale();
  const days = daysBetween(period.from, period.to) + 1;
  const match = named.find((offered) => period.to === lastDay && offered.days === days);
  const [isOwn, setOwn] = useState(match === undefined);
  const [begun, setBegun] = useState<[string | null, string | null]>();
  const choose = (name: string) => {
    setOwn(name === OWN);
    setBegun(undefined);
    const offered = named.find((candidate) => candidate.name === name);
    if (offered) onPeriod({ from: addDays(lastDay, 1 - offered.days), to: lastDay });
  };
  return (
    <Group gap="xs" align="center" miw={0} maw="100%">
      <SegmentedControl
        aria-label={t('label')}
        maw="100%"
        styles={NARROW}
        style={{ overflowX: 'auto' }}
        value={isOwn || !match ? OWN : match.name}
        onChange={choose}
        data={[
          ...named.map(({ name }) => ({ value: name, label: t(name) })),
          { value: OWN, label: t('own') },
        ]}
      />
      {isOwn || !match ? (
        <DatePickerInput
          type="range"
          aria-label={t('own')}
          value={begun ?? [period.from, period.to]}
          maxDate={lastDay}
          allowSingleDateInRange
          valueFormat={locale === 'ja' ? 'YYYY年M月D日' : 'MMM D, YYYY'}
          onChange={(range) => {
            const [from, to] = range;
            setBegun(from && to ? undefined : range);
            if (from && to) onPeriod({ from: from.slice(0, 10), to: to.slice(0, 10) });
          }}
        />
      ) : null}
    </Group>
  );
}
