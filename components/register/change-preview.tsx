'use client';

import { Checkbox, Stack, Table, Text, Title } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import type { RegisterChangePreviewWire } from '../../lib/register/register-change-wire.ts';
import { fullDayText } from '../text/date-text.ts';
import { effectSentences, rowText } from './change-texts.ts';
import { FittingWarnings, Months } from './fitting-preview.tsx';

/** Effect of a change before it is registered: sentences, and the rows of closings before and after. */
export function ChangePreview({ preview }: { preview: RegisterChangePreviewWire }) {
  const t = useTranslations('register');
  const locale = useLocale();
  const heading = useRef<HTMLHeadingElement>(null);
  // Moves the focus from the form to the preview for users of keyboard or screen reader.
  useEffect(() => heading.current?.focus(), []);
  return (
    <Stack gap="md" maw={760}>
      <Title order={2} size="h4" ref={heading} tabIndex={-1}>
        {t('preview')}
      </Title>
      {effectSentences(preview, { t, locale }).map((sentence) => (
        <Text key={sentence} fw={600}>
          {sentence}
        </Text>
      ))}
      <FittingWarnings warnings={preview.warnings} />
      {preview.closings.length > 0 ? <Rows preview={preview} /> : null}
      {preview.months.some(({ before, after }) => before.usageL !== after.usageL) ? (
        <Months months={preview.months} />
      ) : null}
      {preview.isCut ? <Text size="sm">{t('isCut')}</Text> : null}
    </Stack>
  );
}

function Rows({ preview }: { preview: RegisterChangePreviewWire }) {
  const t = useTranslations('register');
  const locale = useLocale();
  const reader = { t, locale };
  return (
    <Table captionSide="top" verticalSpacing="xs">
      <Table.Caption ta="left">{t('rows')}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('row')}</Table.Th>
          <Table.Th scope="col">{t('before')}</Table.Th>
          <Table.Th scope="col">{t('after')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {preview.closings.map((row) => (
          <Table.Tr key={JSON.stringify(row)}>
            <Table.Th scope="row" fw={400}>
              {fullDayText(row.closesOn, locale)} {row.customerNumber}
              {row.isToCome ? (
                <Text size="xs" c="dimmed">
                  {t('toCome')}
                </Text>
              ) : null}
            </Table.Th>
            <Table.Td>{rowText(row.before, reader)}</Table.Td>
            <Table.Td>{rowText(row.after, reader)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

export interface FiledClosingsProps {
  filed: RegisterChangePreviewWire['filed'];
  /** Confirmed closings. */
  acknowledged: readonly string[];
  onAcknowledge: (acknowledged: string[]) => void;
  /** True after an attempt without confirming all of them. */
  isMissing: boolean;
}

/** Checkboxes to confirm the closings of which a file was made; renders nothing without one. */
export function FiledChanges({
  filed,
  acknowledged,
  onAcknowledge,
  isMissing,
}: FiledClosingsProps) {
  const t = useTranslations('register');
  const locale = useLocale();
  if (filed.length === 0) return null;
  return (
    <Checkbox.Group
      label={t('filed.title')}
      value={[...acknowledged]}
      onChange={onAcknowledge}
      error={isMissing ? <Text role="alert">{t('filed.missing')}</Text> : undefined}
    >
      <Stack gap="xs" mt="xs" mb="xs">
        {filed.map(({ closesOn }) => (
          <Checkbox
            key={closesOn}
            value={closesOn}
            label={t('filed.item', { closing: fullDayText(closesOn, locale) })}
            error={isMissing && !acknowledged.includes(closesOn)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
