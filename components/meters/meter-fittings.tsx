'use client';

import {
  Anchor,
  Table,
  TableScrollContainer,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Title,
} from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { MeterDetailWire } from '../../lib/meters/meter-wire.ts';
import { fullDayText } from '../text/date-text.ts';
import { meterFigure } from './meter-charts.ts';

/** Meters of the supply point over time, with their registers at each exchange. */
export function MeterFittings({ meter }: { meter: MeterDetailWire }) {
  const t = useTranslations('meter');
  const numbers = useTranslations('collection');
  const locale = useLocale();
  const dayText = (instant: string) =>
    fullDayText(new Date(Date.parse(instant) + 9 * 3_600_000).toISOString().slice(0, 10), locale);
  return (
    <section aria-label={t('fittings')}>
      <Title order={2} size="h4" mb="xs">
        {t('fittings')}
      </Title>
      <TableScrollContainer minWidth={0}>
        <Table verticalSpacing="xs">
          <TableThead>
            <TableTr>
              <TableTh>{numbers('meterSerial')}</TableTh>
              <TableTh>{t('fittedAt')}</TableTh>
              <TableTh>{t('removedAt')}</TableTh>
              <TableTh ta="right" visibleFrom="sm">
                {t('startIndex')}
              </TableTh>
              <TableTh ta="right" visibleFrom="sm">
                {t('finalIndex')}
              </TableTh>
            </TableTr>
          </TableThead>
          <TableTbody>
            {meter.fittings.map((fitting) => (
              <TableTr key={`${fitting.meterId} ${fitting.fittedAt}`}>
                <TableTd>
                  {fitting.meterId === meter.meterId ? (
                    fitting.meterSerial
                  ) : (
                    <Anchor component={Link} href={`/meters/${fitting.meterId}`} fz="inherit">
                      {fitting.meterSerial}
                    </Anchor>
                  )}
                </TableTd>
                <TableTd>{dayText(fitting.fittedAt)}</TableTd>
                <TableTd>{fitting.removedAt ? dayText(fitting.removedAt) : t('now')}</TableTd>
                <TableTd ta="right" visibleFrom="sm">
                  {registerText(fitting.startIndexL, t('volumeUnit'))}
                </TableTd>
                <TableTd ta="right" visibleFrom="sm">
                  {registerText(fitting.finalIndexL, t('volumeUnit'))}
                </TableTd>
              </TableTr>
            ))}
          </TableTbody>
        </Table>
      </TableScrollContainer>
    </section>
  );
}

function registerText(litres: number | null, unit: string): string {
  return litres === null ? '—' : `${meterFigure(litres)} ${unit}`;
}
