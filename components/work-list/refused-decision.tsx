'use client';

import { Alert, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';

/** An error of the API, as apiGet and apiPost throw it. */
interface Refusal extends Error {
  code?: unknown;
  reference?: unknown;
}

const KNOWN = ['forbidden', 'invalid_input', 'busy', 'unavailable', 'internal', 'offline'] as const;

/** Why a decision was not made. One that a colleague made first says so. */
export function RefusedDecision({ error }: { error: Refusal | null }) {
  const t = useTranslations('check.decide');
  const common = useTranslations('common');
  if (!error || error.code === 'not_found') return null;
  if (error.code === 'conflict') {
    return (
      <Alert color="attention" title={t('conflict')} role="alert">
        {t('conflictDetail')}
      </Alert>
    );
  }
  const code = KNOWN.find((known) => known === error.code) ?? 'internal';
  return (
    <Alert color="danger" title={common(`problem.${code}.title`)} role="alert">
      {common(`problem.${code}.detail`)}
      {typeof error.reference === 'string' ? (
        <Text size="sm">{common('state.reference', { reference: error.reference })}</Text>
      ) : null}
    </Alert>
  );
}
