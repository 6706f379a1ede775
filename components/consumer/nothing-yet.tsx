'use client';

import { Button, Text } from '@mantine/core';
import { addMonths } from '../../lib/time.ts';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import { EmptyState } from '../ui/notice.tsx';
import { nothingYetSentences } from './nothing-yet-sentences.ts';
import type { Reader } from './usage-text.ts';
import { monthText } from './usage-text.ts';

interface NothingYetProps {
  own: OwnMonthWire;
  onMonth: (month: string) => void;
  reader: Reader;
}

/** A month of which nothing has arrived: when it will, and what the months compared with were. */
export function NothingYet({ own, onMonth, reader }: NothingYetProps) {
  const { t } = reader;
  const { month } = own.usage;
  if (own.firstMonth === own.finalMonth && month === own.firstMonth) {
    return <EmptyState title={t('empty.first.title')}>{t('empty.first.text')}</EmptyState>;
  }
  const earlier = month > own.firstMonth ? addMonths(month, -1) : undefined;
  const name = (of: string) => monthText(of, own.period, reader);
  return (
    <EmptyState
      title={t('empty.month.title', { month: name(month) })}
      action={
        earlier && (
          <Button variant="default" onClick={() => onMonth(earlier)}>
            {t('empty.month.earlier', { month: name(earlier) })}
          </Button>
        )
      }
    >
      <Text inherit>{t('empty.month.text')}</Text>
      {nothingYetSentences(own, reader).map((sentence) => (
        <Text key={sentence} inherit mt="xs">
          {sentence}
        </Text>
      ))}
    </EmptyState>
  );
}
