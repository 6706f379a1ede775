'use client';

import { Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { RefusalTable } from '../../../../components/refusals/refusal-table.tsx';
import { ListAnswer } from '../../../../components/table/list-answer.tsx';
import type { MeterDetailWire } from '../../../../lib/meters/meter-wire.ts';
import { useMeterRefusals } from '../use-meters.ts';

const PAGE_SIZE = 10;

/** Refused frames of the terminal beside a meter; renders nothing when there are none. */
export function MeterRefusals({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('refusals');
  const [offset, setOffset] = useState(0);
  const hasAny = meter.terminal !== null && meter.terminal.refused !== null;
  const part = { limit: PAGE_SIZE, offset };
  const query = useMeterRefusals(meter.meterId, part, hasAny);
  if (!hasAny) return null;
  return (
    <section id="refusals" aria-label={t('title')}>
      <Title order={2} size="h4">
        {t('title')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('note')}
      </Text>
      <ListAnswer query={query} part={part} onOffset={setOffset} skeletonRows={3} empty={null}>
        {(refusals) => <RefusalTable refusals={refusals} />}
      </ListAnswer>
    </section>
  );
}
