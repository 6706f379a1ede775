'use client';

import { Anchor, SimpleGrid, Text } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { SupplyPointWire } from '../../lib/register/supply-point-wire.ts';
import { fullDayText } from '../text/date-text.ts';
import { closingDayText } from './change-texts.ts';

/** What the register says of a supply point on a day. */
export function SupplyPointFacts({ place }: { place: SupplyPointWire }) {
  const t = useTranslations('register');
  const gas = useTranslations('meters.gasKind');
  const locale = useLocale();
  const { stay, meter, terminal, tariff, closedOn } = place;
  const facts: { name: string; value: ReactNode }[] = [
    { name: t('fact.customer'), value: stay?.customerNumber ?? t('fact.noCustomer') },
    ...(stay ? [{ name: t('fact.customerSince'), value: fullDayText(stay.fromOn, locale) }] : []),
    { name: t('fact.meter'), value: meter ? <MeterLink meter={meter} /> : t('fact.noMeter') },
    { name: t('fact.terminal'), value: terminal?.number ?? t('fact.noMeter') },
    { name: t('fact.closingDay'), value: closingDayText(place.closingDay, { t, locale }) },
    { name: t('fact.tariff'), value: tariff?.name ?? t('fact.noTariff') },
    { name: t('fact.area'), value: place.area.name },
    { name: t('fact.gas'), value: gas(place.gasKind) },
    { name: t('fact.opened'), value: fullDayText(place.openedOn, locale) },
    ...(closedOn ? [{ name: t('fact.closed'), value: fullDayText(closedOn, locale) }] : []),
  ];
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 4 }} spacing="md" m={0}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} size="sm">
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

function MeterLink({ meter }: { meter: NonNullable<SupplyPointWire['meter']> }) {
  return (
    <Anchor component={Link} href={`/meters/${meter.meterId}`} fz="inherit" underline="always">
      {meter.serial}
    </Anchor>
  );
}
