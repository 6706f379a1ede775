'use client';

import { Alert, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { ACCOUNT_PLACES } from '../../lib/closing/closing-account.ts';
import type { ClosingPreviewWire } from '../../lib/closing/closing-wire.ts';
import { useClosingTime } from './use-closing-time.ts';

export type ClosingAccountProps = Pick<ClosingPreviewWire, 'counts' | 'missing'>;

/** Where each occupancy of a closing stands, and those that stand in no row. */
export function ClosingAccount({ counts: { account, total }, missing }: ClosingAccountProps) {
  const t = useTranslations('closing.account');
  const places = ACCOUNT_PLACES.filter((place) => account[place] > 0);
  const parts = places.map((place) => t('part', { name: t(place), count: account[place] }));
  const all = { count: total + missing.total, parts: parts.join(t('joint')) };
  return (
    <>
      <Text size="sm">{t(missing.total === 0 ? 'whole' : 'parts', all)}</Text>
      {missing.total === 0 ? null : <Missing missing={missing} />}
    </>
  );
}

function Missing({ missing: { total, occupancies } }: Pick<ClosingAccountProps, 'missing'>) {
  const t = useTranslations('closing.account');
  const time = useClosingTime();
  return (
    <Alert color="alert" role="alert" title={t('missing', { count: total })}>
      {t('missingDetail')}
      <ul>
        {occupancies.map(({ customerNumber, supplyPointNumber, fromOn, lastOn }) => (
          <li key={`${customerNumber} ${fromOn}`}>
            {t('occupancy', {
              ...{ customer: customerNumber, place: supplyPointNumber, from: time.day(fromOn) },
              last: lastOn === null ? '' : time.day(lastOn),
            })}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
