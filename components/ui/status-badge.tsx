'use client';

import { Badge } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type Tone, ToneIcon } from './page-answer.tsx';

export interface StatusBadgeProps {
  tone: Tone;
  label: string;
}

/** In a narrow column the label wraps between words; it is never cut off. */
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

const QUALITY_TONES = {
  actual: 'done',
  awaited: 'calm',
  substituted: 'attention',
  estimated: 'attention',
  certified: 'attention',
  entered: 'attention',
  none: 'danger',
} as const;

/** Quality of a closing reading: measured at its hour, not due yet, substituted, entered by hand, or missing. */
export function QualityBadge({ quality }: { quality: keyof typeof QUALITY_TONES }) {
  const t = useTranslations('common.quality');
  return <StatusBadge tone={QUALITY_TONES[quality]} label={t(quality)} />;
}
