'use client';

import { List, Stack, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { EstimationSetting } from '../../lib/estimation/estimation-scope.ts';

/** What a setting does, in words. */
export function EstimationRules({ setting }: { setting: EstimationSetting }) {
  const t = useTranslations('estimation');
  const { missedReading, interpolateMaxHours } = setting;
  return (
    <Stack component="section" gap="xs" aria-label={t('does')}>
      <Title order={2} size="h4">
        {t('does')}
      </Title>
      <List spacing="xs">
        <List.Item>{t(`missed.${missedReading}.detail`)}</List.Item>
        {missedReading === 'none' ? null : (
          <>
            <List.Item>{t('zero')}</List.Item>
            <List.Item>{t('settled')}</List.Item>
            <List.Item>{t('notEstimated')}</List.Item>
          </>
        )}
        <List.Item>
          {interpolateMaxHours === null
            ? t('noInterpolation')
            : t('interpolation', { hours: interpolateMaxHours })}
        </List.Item>
      </List>
    </Stack>
  );
}
