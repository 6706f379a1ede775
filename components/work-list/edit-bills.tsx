'use client';

import { Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { EditPreviewWire } from '../../lib/editing/edit-wire.ts';
import { useClosingTime } from '../closing/use-closing-time.ts';
import { grouped } from '../text/figure-text.ts';

/** What closings bill before and after an edit. */
export function EditBills({ preview: { closings } }: { preview: EditPreviewWire }) {
  const t = useTranslations('check.second');
  const time = useClosingTime();
  if (closings.length === 0) return <Text size="sm">{t('noEffect')}</Text>;
  const figure = (usageM3: string | null) => (usageM3 === null ? t('noUsage') : grouped(usageM3));
  return (
    <div>
      {closings.map(({ closesOn, customerNumber, before, after }) => (
        <Text size="sm" fw={600} key={`${closesOn} ${customerNumber}`}>
          {t('bills', {
            day: time.day(closesOn),
            ...{ before: figure(before.usageM3), after: figure(after.usageM3) },
          })}
        </Text>
      ))}
    </div>
  );
}
