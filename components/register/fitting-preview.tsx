'use client';

import { Alert, List, ListItem, Table } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { RegisterChangePreviewWire } from '../../lib/register/register-change-wire.ts';
import { monthText } from '../text/date-text.ts';
import { measuredText, warningText } from './fitting-texts.ts';

/** What to look at before a change of a meter or terminal is registered; renders nothing without a warning. */
export function FittingWarnings({ warnings }: Pick<RegisterChangePreviewWire, 'warnings'>) {
  const t = useTranslations('register');
  const locale = useLocale();
  if (warnings.length === 0) return null;
  return (
    <Alert color="attention" icon={<TriangleAlert aria-hidden />} title={t('warnings')} role="note">
      <List size="sm">
        {warnings.map((warning) => (
          <ListItem key={warning.code}>{warningText(warning, { t, locale })}</ListItem>
        ))}
      </List>
    </Alert>
  );
}

/** Usage of calendar months that changes, before and after. */
export function Months({ months }: Pick<RegisterChangePreviewWire, 'months'>) {
  const t = useTranslations('register');
  const locale = useLocale();
  const text = (usageL: number | null) =>
    usageL === null ? t('effect.unknown') : t('effect.measured', { m3: measuredText(usageL) });
  return (
    <Table captionSide="top" verticalSpacing="xs">
      <Table.Caption ta="left">{t('months')}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('month')}</Table.Th>
          <Table.Th scope="col">{t('before')}</Table.Th>
          <Table.Th scope="col">{t('after')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {months
          .filter(({ before, after }) => before.usageL !== after.usageL)
          .map(({ month, before, after }) => (
            <Table.Tr key={month}>
              <Table.Th scope="row" fw={400}>
                {monthText(month, locale)}
              </Table.Th>
              <Table.Td>{text(before.usageL)}</Table.Td>
              <Table.Td>{text(after.usageL)}</Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}
