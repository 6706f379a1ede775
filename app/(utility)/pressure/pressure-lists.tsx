'use client';

import { Tabs, TabsList, TabsPanel, TabsTab } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { ExcursionTable } from '../../../components/pressure/excursion-table.tsx';
import { MeterPressures } from '../../../components/pressure/meter-pressures.tsx';
import { ListAnswer } from '../../../components/table/list-answer.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { METER_PRESSURE_SORTS } from '../../../lib/pressure/meter-pressure-sort.ts';
import { addDays } from '../../../lib/time.ts';
import { type ListAddress, orderIn } from '../use-list-address.ts';
import {
  excursionsRequest,
  metersRequest,
  openList,
  PRESSURES_FIRST,
  type PressureFilter,
} from './pressure-address.ts';
import { useExcursions, useMeterPressures } from './use-pressure.ts';

interface PressureListsProps {
  filter: PressureFilter;
  averagePa: number;
  /** Meter-hours outside the limits. */
  outside: number;
  address: ListAddress;
}

/** Lists below the pressure chart: the meters, and the hours outside the limits. */
export function PressureLists({ filter, averagePa, outside, address }: PressureListsProps) {
  const t = useTranslations('pressure');
  return (
    <Tabs
      value={openList(address.get)}
      keepMounted={false}
      onChange={(chosen) => address.filter({ list: chosen === 'hours' ? 'hours' : undefined })}
    >
      <TabsList mb="sm">
        <TabsTab value="meters">{t('meters')}</TabsTab>
        <TabsTab value="hours">{t('excursions', { count: outside })}</TabsTab>
      </TabsList>
      <TabsPanel value="meters">
        <MeterList filter={filter} averagePa={averagePa} address={address} />
      </TabsPanel>
      <TabsPanel value="hours">
        <HourList filter={filter} address={address} />
      </TabsPanel>
    </Tabs>
  );
}

function MeterList({ filter, averagePa, address }: Omit<PressureListsProps, 'outside'>) {
  const t = useTranslations('pressure');
  const { from, to } = filter;
  return (
    <ListAnswer
      query={useMeterPressures(metersRequest(address.get, filter))}
      part={address.part}
      onOffset={address.goTo}
      empty={<EmptyState title={t('noMetersTitle')}>{t('noMetersDetail')}</EmptyState>}
    >
      {(meters) => (
        <MeterPressures
          meters={meters}
          averagePa={averagePa}
          hrefOf={(meterId) => `/meters/${meterId}?from=${from}&to=${to}`}
          order={orderIn(address, METER_PRESSURE_SORTS, PRESSURES_FIRST)}
          fileName={`kenshin-meter-pressures-${from}-${to}`}
        />
      )}
    </ListAnswer>
  );
}

function HourList({ filter, address }: Pick<PressureListsProps, 'filter' | 'address'>) {
  const t = useTranslations('pressure');
  const { from, to } = filter;
  return (
    <ListAnswer
      query={useExcursions(excursionsRequest(address.get, filter))}
      part={address.part}
      onOffset={address.goTo}
      empty={<EmptyState title={t('noExcursionsTitle')}>{t('noExcursionsDetail')}</EmptyState>}
    >
      {(excursions) => (
        <ExcursionTable
          excursions={excursions}
          hrefOf={({ meterId, day }) => `/meters/${meterId}?from=${addDays(day, -1)}&to=${day}`}
          fileName={`kenshin-pressure-outside-${from}-${to}`}
        />
      )}
    </ListAnswer>
  );
}
