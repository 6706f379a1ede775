'use client';

import { Alert, List, ListItem, Stack, Title } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import type { EditPreviewWire } from '../../lib/editing/edit-wire.ts';
import { editSentences } from './edit-texts.ts';

/** What an edit would change, in sentences with figures, and what it warns of. */
export function EditEffect({ preview }: { preview: EditPreviewWire }) {
  const t = useTranslations('editing');
  const quality = useTranslations('common.quality');
  const locale = useLocale();
  const heading = useRef<HTMLHeadingElement>(null);
  // Moves the focus from the form to the preview for users of keyboard or screen reader.
  useEffect(() => heading.current?.focus(), []);
  const sentences = editSentences(preview, { t, quality, locale });
  return (
    <Stack gap="sm" component="section" aria-label={t('preview.title')}>
      <Title order={2} size="h4" ref={heading} tabIndex={-1}>
        {t('preview.title')}
      </Title>
      {preview.warnings.length === 0 ? null : (
        <Alert color="attention" role="note">
          <List listStyleType="none">
            {preview.warnings.map((warning) => (
              <ListItem key={warning}>{t(`warning.${warning}`)}</ListItem>
            ))}
          </List>
        </Alert>
      )}
      <List spacing={4}>
        {sentences.map((sentence) => (
          <ListItem key={sentence}>{sentence}</ListItem>
        ))}
      </List>
    </Stack>
  );
}
