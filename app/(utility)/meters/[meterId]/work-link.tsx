'use client';

import { Alert, Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { apiQuery } from '../../../api-query.ts';

/** Says that readings of the meter are in doubt, with the way to the work-list; nothing where none are. */
export function WorkLink({ meterId, meterSerial }: { meterId: number; meterSerial: string }) {
  const t = useTranslations('check');
  const { data } = useQuery(apiQuery('/work-list', { query: { meterId, limit: 1 } }));
  if (!data || data.total === 0) return null;
  return (
    <Alert color="attention" mb="md">
      <Anchor component={Link} href={`/check?q=${encodeURIComponent(meterSerial)}`} fz="inherit">
        {t('ofMeter', { total: data.total })}
      </Anchor>
    </Alert>
  );
}
