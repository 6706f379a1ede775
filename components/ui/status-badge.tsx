'use client';

import { Badge } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type Tone, ToneIcon } from './page-answer.tsx';

export interface StatusBadgeProps {
  tone: Tone;
  label: string;
}

/** Where the column is narrow the label goes on to a second line between words; it is never cut off. */
const WRAPPING = {
  root: { height: 'auto', minHeight: 'var(--badge-height)', overflow: 'visible' },
  label: {
    whiteSpace: 'normal',
    overflow: 'visible',
    overflowWrap: 'normal',
    wordBreak: 'keep-all',
    lineHeight: 1.4,
    textAlign: 'start',
  },
} as const;

/** A state in a table: a word with its icon, never a colour alone. */
export function StatusBadge({ tone, label }: StatusBadgeProps) {
  return (
    <Badge
      variant="light"
      color={tone === 'calm' ? 'gray' : tone}
      c="var(--mantine-color-text)"
      radius="sm"
      tt="none"
      fw={500}
      px={6}
      styles={WRAPPING}
      leftSection={<ToneIcon tone={tone} size={13} />}
    >
      {label}
    </Badge>
  );
}

const QUALITY_TONES = { actual: 'done', substituted: 'attention', none: 'danger' } as const;

/** Whether a reading was measured at its hour, stands in for it, or is not there. */
export function QualityBadge({ quality }: { quality: keyof typeof QUALITY_TONES }) {
  const t = useTranslations('common.quality');
  return <StatusBadge tone={QUALITY_TONES[quality]} label={t(quality)} />;
}
