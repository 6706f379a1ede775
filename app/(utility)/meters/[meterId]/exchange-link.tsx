import { Button } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { MeterDetailWire } from '../../../../lib/meters/meter-wire.ts';

/** The way to the exchange of a meter, for those who may register one. */
export function ExchangeLink({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('exchange');
  return (
    <Button component={Link} href={`/meters/${meter.meterId}/exchange`} variant="default" mt="lg">
      {t(meter.fitted ? 'open' : 'openRemoved')}
    </Button>
  );
}
