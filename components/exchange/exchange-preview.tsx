'use client';

import { Alert, List, ListItem, Stack, Table, Text, Title } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import type { ExchangePreviewWire } from '../../lib/register/exchange-wire.ts';
import { dayText, fullDayText, instantText } from '../text/date-text.ts';
import { hourText } from '../text/hour-text.ts';
import {
  billedText,
  effectSentences,
  measuredText,
  type Reader,
  warningText,
} from './exchange-texts.ts';

/** Effect of an exchange before it is registered: sentences, warnings, and figures. */
export function ExchangePreview({ preview }: { preview: ExchangePreviewWire }) {
  const t = useTranslations('exchange');
  const locale = useLocale();
  const reader = { t, locale };
  const heading = useRef<HTMLHeadingElement>(null);
  // Moves the focus from the form to the preview for users of keyboard or screen reader.
  useEffect(() => heading.current?.focus(), []);
  return (
    <Stack gap="md" maw={760}>
      <Title order={2} size="h4" ref={heading} tabIndex={-1}>
        {t('preview')}
      </Title>
      {effectSentences(preview, reader).map((sentence) => (
        <Text key={sentence} fw={600}>
          {sentence}
        </Text>
      ))}
      <Text size="sm" c="dimmed">
        {lastReadingText(preview, reader)}
      </Text>
      <Warnings preview={preview} reader={reader} />
      <Closings preview={preview} reader={reader} />
      <Days preview={preview} reader={reader} />
      <section>
        <Title order={3} size="h5" mb="xs">
          {t('unknowns')}
        </Title>
        <List size="sm">
          {preview.unknown.map((each) => (
            <ListItem key={each}>{t(`unknownText.${each}`)}</ListItem>
          ))}
        </List>
      </section>
    </Stack>
  );
}

interface PartProps {
  preview: ExchangePreviewWire;
  reader: Reader;
}

function lastReadingText({ removed }: ExchangePreviewWire, { t, locale }: Reader): string {
  const { lastIndexL, lastReadAt } = removed;
  if (lastIndexL === null || lastReadAt === null) return t('noReading');
  const index = (lastIndexL / 1_000).toFixed(3);
  return t('lastReading', { at: instantText(lastReadAt, locale), index });
}

function Warnings({ preview, reader }: PartProps) {
  if (preview.warnings.length === 0) return null;
  return (
    <Alert
      color="attention"
      icon={<TriangleAlert aria-hidden />}
      title={reader.t('warnings')}
      role="note"
    >
      <List size="sm">
        {preview.warnings.map((warning) => (
          <ListItem key={`${warning.code} ${warning.day}`}>{warningText(warning, reader)}</ListItem>
        ))}
      </List>
    </Alert>
  );
}

function Closings({ preview, reader }: PartProps) {
  const { t, locale } = reader;
  if (preview.closings.length === 0) return null;
  return (
    <Changes
      caption={t('closings')}
      reader={reader}
      first={t('closing')}
      rows={preview.closings.map(({ closesOn, customerNumber, before, after }) => ({
        name: `${fullDayText(closesOn, locale)} ${customerNumber}`,
        before: billedText(before.usageM3, reader),
        after: billedText(after.usageM3, reader),
      }))}
    />
  );
}

function Days({ preview, reader }: PartProps) {
  const { t, locale } = reader;
  const { hour, days } = preview;
  const rows = [
    { ...hour, name: hourName(hour, reader) },
    ...days.map((day) => ({ ...day, name: dayText(day.day, locale) })),
  ];
  return (
    <Changes
      caption={t('days')}
      reader={reader}
      first={t('day')}
      rows={rows.map(({ name, before, after }) => ({
        name,
        before: measuredText(before.usageL, reader),
        after: measuredText(after.usageL, reader),
      }))}
    />
  );
}

function hourName({ day, hourEnding }: ExchangePreviewWire['hour'], { t, locale }: Reader): string {
  return t('hour', { at: `${dayText(day, locale)} ${hourText(hourEnding, locale)}` });
}

interface ChangesProps {
  caption: string;
  first: string;
  rows: { name: string; before: string; after: string }[];
  reader: Reader;
}

function Changes({ caption, first, rows, reader: { t } }: ChangesProps) {
  return (
    <Table captionSide="top" verticalSpacing="xs">
      <Table.Caption ta="left">{caption}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{first}</Table.Th>
          <Table.Th scope="col" ta="right">
            {t('before')}
          </Table.Th>
          <Table.Th scope="col" ta="right">
            {t('after')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ name, before, after }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400}>
              {name}
            </Table.Th>
            <Table.Td ta="right">{before}</Table.Td>
            <Table.Td ta="right">{after}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
