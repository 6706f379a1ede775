'use client';

import { Alert, Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { apiQuery } from '../../../api-query.ts';

/** Says that readings of the meter are in doubt or have a mark, with the way to the work-list; nothing where none are. */
export function WorkLink({ meterId, meterSerial }: { meterId: number; meterSerial: string }) {
  const t = useTranslations('check');
  const { data } = useQuery(apiQuery('/work-list', { query: { meterId, limit: 1 } }));
  const marks = useQuery(
    apiQuery('/work-list/marks', { query: { meterId, state: 'open', limit: 1, offset: 0 } }),
  );
  const marked = marks.data?.total ?? 0;
  if (!data || data.total + marked === 0) return null;
  const number = encodeURIComponent(meterSerial);
  return (
    <Alert color="attention" mb="md">
      {data.total === 0 ? null : (
        <Anchor component={Link} href={`/check?q=${number}`} fz="inherit" display="block">
          {t('ofMeter', { total: data.total })}
        </Anchor>
      )}
      {marked === 0 ? null : (
        <Anchor
          component={Link}
          href={`/check?part=marks&q=${number}`}
          fz="inherit"
          display="block"
        >
          {t('marksOfMeter', { total: marked })}
        </Anchor>
      )}
    </Alert>
  );
}
