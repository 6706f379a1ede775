'use client';

import { Anchor, Table, Title } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { SupplyPointWire } from '../../lib/register/supply-point-wire.ts';
import { fullInstantText } from '../text/date-text.ts';

interface Line {
  what: 'historyMeter' | 'historyTerminal';
  name: ReactNode;
  fittedAt: string;
  removedAt: string | null;
}

/** All meters and terminals that are or were at a supply point, the latest first. */
export function SupplyPointHistory({ meters, terminals }: SupplyPointWire) {
  const t = useTranslations('register');
  const locale = useLocale();
  const lines: Line[] = [
    ...meters.map((meter) => ({
      ...{ what: 'historyMeter' as const, fittedAt: meter.fittedAt, removedAt: meter.removedAt },
      name: (
        <Anchor component={Link} href={`/meters/${meter.meterId}`} fz="inherit" underline="always">
          {meter.serial}
        </Anchor>
      ),
    })),
    ...terminals.map(({ number, ...fitting }) => ({
      ...{ what: 'historyTerminal' as const, name: number, ...fitting },
    })),
  ].sort((one, other) => Date.parse(other.fittedAt) - Date.parse(one.fittedAt));
  if (lines.length === 0) return null;
  return (
    <section aria-label={t('history')}>
      <Title order={2} size="h4" mb="xs">
        {t('history')}
      </Title>
      <Table.ScrollContainer minWidth={340}>
        <Table verticalSpacing="xs" aria-label={t('history')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('history')}</Table.Th>
              <Table.Th scope="col">{t('historySince')}</Table.Th>
              <Table.Th scope="col">{t('historyUntil')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map((line) => (
              <Table.Tr key={`${line.what} ${line.fittedAt}`}>
                <Table.Th scope="row" fw={400}>
                  {t(line.what)} {line.name}
                </Table.Th>
                <Table.Td>{fullInstantText(line.fittedAt, locale)}</Table.Td>
                <Table.Td>
                  {line.removedAt ? fullInstantText(line.removedAt, locale) : t('historyNow')}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}
