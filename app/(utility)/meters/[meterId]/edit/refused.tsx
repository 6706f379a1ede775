'use client';

import { Alert, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { ApiError } from '../../../../api-client.ts';

/** Alert for an error that belongs to no field. */
export function Refused({ error }: { error: Error | null }) {
  const t = useTranslations('common');
  if (!error || (error instanceof ApiError && (error.problem?.faults ?? []).length > 0))
    return null;
  const code = error instanceof ApiError ? error.code : 'internal';
  const reference = error instanceof ApiError ? error.reference : undefined;
  return (
    <Alert color="danger" title={t(`problem.${code}.title`)} role="alert">
      {t(`problem.${code}.detail`)}
      {reference ? <Text size="sm">{t('state.reference', { reference })}</Text> : null}
    </Alert>
  );
}
