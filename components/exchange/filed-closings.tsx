'use client';

import { Checkbox, Stack, Text } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { ExchangePreviewWire } from '../../lib/register/exchange-wire.ts';
import { filedText } from './exchange-texts.ts';

export interface FiledClosingsProps {
  preview: Pick<ExchangePreviewWire, 'filed' | 'closings'>;
  /** The closings that are ticked. */
  acknowledged: readonly string[];
  onAcknowledge: (acknowledged: string[]) => void;
  /** True once it was tried without all of them. */
  isMissing: boolean;
}

/** The closings of which a file was made, each to be ticked before an exchange is registered; nothing where there is none. */
export function FiledClosings({
  preview,
  acknowledged,
  onAcknowledge,
  isMissing,
}: FiledClosingsProps) {
  const t = useTranslations('exchange');
  const locale = useLocale();
  if (preview.filed.length === 0) return null;
  return (
    <Checkbox.Group
      label={t('filed.title')}
      value={[...acknowledged]}
      onChange={onAcknowledge}
      error={isMissing ? <Text role="alert">{t('filed.missing')}</Text> : undefined}
    >
      <Stack gap="xs" mt="xs" mb="xs">
        {preview.filed.map(({ closesOn }) => (
          <Checkbox
            key={closesOn}
            value={closesOn}
            label={filedText(closesOn, preview.closings, { t, locale })}
            error={isMissing && !acknowledged.includes(closesOn)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
