import { Button } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { MeterDetailWire } from '../../../../lib/meters/meter-wire.ts';

/** Link to the exchange of a meter, for users with the right to register one. */
export function ExchangeLink({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('exchange');
  return (
    <Button component={Link} href={`/meters/${meter.meterId}/exchange`} variant="default" mt="lg">
      {t(meter.fitted ? 'open' : 'openRemoved')}
    </Button>
  );
}
