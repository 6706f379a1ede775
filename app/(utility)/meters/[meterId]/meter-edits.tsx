'use client';

import { Button } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { EditList } from '../../../../components/editing/edit-list.tsx';
import type { MeterDetailWire } from '../../../../lib/meters/meter-wire.ts';
import { useMeterEdits } from './edit/use-edits.ts';

export interface MeterEditsProps {
  meter: MeterDetailWire;
  mayEdit: boolean;
}

/** Edits of a meter's readings, and for a person with the right the way to edit one. Renders nothing where neither is. */
export function MeterEdits({ meter, mayEdit }: MeterEditsProps) {
  const t = useTranslations('editing');
  const { data } = useMeterEdits(meter.meterId);
  return (
    <>
      {data && data.edits.length > 0 ? (
        <EditList edits={data.edits} fileName={`kenshin-edits-${meter.meterSerial}`} />
      ) : null}
      {mayEdit ? (
        <Button
          component={Link}
          href={`/meters/${meter.meterId}/edit`}
          variant="default"
          style={{ alignSelf: 'flex-start' }}
        >
          {t('open')}
        </Button>
      ) : null}
    </>
  );
}
