import { Button } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { MeterDetailWire } from '../../../../lib/meters/meter-wire.ts';

/** Link to the exchange of a meter, for users with the right to register one. */
export function ExchangeLink({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('exchange');
  return (
    <Button component={Link} href={`/meters/${meter.meterId}/exchange`} variant="default">
      {t(meter.fitted ? 'open' : 'openRemoved')}
    </Button>
  );
}

/** Link to the page of the supply point. */
export function SupplyPointLink({ supplyPointId }: { supplyPointId: number }) {
  const t = useTranslations('register');
  return (
    <Button component={Link} href={`/supply-points/${supplyPointId}`} variant="default">
      {t('open')}
    </Button>
  );
}
