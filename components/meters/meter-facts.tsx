'use client';

import { SimpleGrid, Text } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { MeterDetailWire } from '../../lib/meters/meter-wire.ts';
import { reportDueMinute } from '../../lib/readings/report-window.ts';
import { fullDayText, instantText } from '../text/date-text.ts';
import { volts } from './meters-table.tsx';

interface Fact {
  name: string;
  value: string;
}

/** Facts on the supply point: meter, terminal, and the terminal's condition. */
export function MeterFacts({ meter }: { meter: MeterDetailWire }) {
  const facts = [...useSupplyPointFacts(meter), ...useTerminalFacts(meter)];
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

function useSupplyPointFacts(meter: MeterDetailWire): Fact[] {
  const t = useTranslations('meter');
  const kinds = useTranslations('meters.gasKind');
  const locale = useLocale();
  const closingDay =
    meter.closingDay >= 31 ? t('closingDayEnd') : t('closingDayValue', { day: meter.closingDay });
  return [
    { name: t('supplyPoint'), value: meter.supplyPointNumber },
    { name: t('gas'), value: kinds(meter.gasKind) },
    { name: t('size'), value: t('sizeValue', { size: meter.sizeM3PerHour }) },
    { name: t('closingDay'), value: closingDay },
    ...(meter.verificationExpiresOn
      ? [{ name: t('verification'), value: fullDayText(meter.verificationExpiresOn, locale) }]
      : []),
  ];
}

function useTerminalFacts({ terminal }: MeterDetailWire): Fact[] {
  const t = useTranslations('meter');
  const meters = useTranslations('meters');
  const numbers = useTranslations('collection');
  const locale = useLocale();
  if (!terminal) return [{ name: t('terminalNumber'), value: t('noTerminal') }];
  const battery = volts(terminal.batteryMv);
  return [
    { name: t('model'), value: t(`models.${terminal.model}`) },
    {
      name: t('reportWindow'),
      value: t('reportWindowValue', {
        from: clock(terminal.reportMinute),
        to: clock(reportDueMinute(terminal)),
      }),
    },
    {
      name: meters('lastSeen'),
      value: terminal.lastSeenAt ? instantText(terminal.lastSeenAt, locale) : numbers('never'),
    },
    { name: meters('battery'), value: battery === null ? '—' : `${battery} V` },
    {
      name: meters('signal'),
      value: terminal.signalDbm === null ? '—' : `${terminal.signalDbm} dBm`,
    },
    { name: t('link'), value: terminal.link === null ? '—' : t(`links.${terminal.link}`) },
    ...(terminal.firmware === null
      ? []
      : [{ name: t('firmware'), value: String(terminal.firmware) }]),
    ...(terminal.clockOffsetS === null
      ? []
      : [{ name: t('clock'), value: t('seconds', { count: terminal.clockOffsetS }) }]),
  ];
}

/** Minute of the day as a clock time; 26:15 is shown as 2:15 of the next day. */
function clock(minute: number): string {
  const ofDay = minute % 1_440;
  return `${Math.floor(ofDay / 60)}:${String(ofDay % 60).padStart(2, '0')}`;
}
