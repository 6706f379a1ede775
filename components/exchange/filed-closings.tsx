'use client';

import { Checkbox, Stack, Text } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { ExchangePreviewWire } from '../../lib/register/exchange-wire.ts';
import { filedText } from './exchange-texts.ts';

export interface FiledClosingsProps {
  preview: Pick<ExchangePreviewWire, 'filed' | 'closings'>;
  /** Confirmed closings. */
  acknowledged: readonly string[];
  onAcknowledge: (acknowledged: string[]) => void;
  /** True after an attempt without confirming all of them. */
  isMissing: boolean;
}

/** Checkboxes to confirm the closings of which a file was made; renders nothing without one. */
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
