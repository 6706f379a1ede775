'use client';

import { Alert } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';

const KNOWN = ['forbidden', 'conflict', 'busy', 'unavailable', 'offline'] as const;

/** Why a change of estimation was not made; nothing without an error. */
export function RefusedChange({ error }: { error: (Error & { code?: unknown }) | null }) {
  const t = useTranslations('estimation');
  const common = useTranslations('common');
  if (error === null) return null;
  const code = KNOWN.find((known) => known === error.code) ?? 'internal';
  return (
    <Alert color="danger" icon={<TriangleAlert size={18} aria-hidden />} role="alert">
      {code === 'conflict' ? t('refused') : common(`problem.${code}.detail`)}
    </Alert>
  );
}
