'use client';

import { Anchor, Stack, Text, Title } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { WorkItemDetailWire } from '../../lib/work-list/work-list-wire.ts';
import { ChartFrame } from '../charts/chart-frame.tsx';
import { bandTable } from '../charts/chart-table.ts';
import { LazyBandChart } from '../charts/lazy-charts.tsx';
import { useClosingTime } from '../closing/use-closing-time.ts';
import { StatusBadge } from '../ui/status-badge.tsx';
import classes from './work-list.module.css';
import { doubtedHours, hourOfText, itemDays, registerChart, registerFigure } from './work-texts.ts';

export interface WorkItemDetailProps {
  detail: WorkItemDetailWire;
  /** Address of the closing, for those who may read closings. */
  closingHref: string | undefined;
  /** Usage around the item. */
  usage: ReactNode;
  /** What a person may decide. */
  children: ReactNode;
}

/** One item: why it is doubted, what came, what is around it, the picture of the days, and the decision. */
export function WorkItemDetail({ detail, closingHref, usage, children }: WorkItemDetailProps) {
  const t = useTranslations('check');
  const locale = useLocale();
  const { item } = detail;
  return (
    <Stack gap="lg">
      <div>
        <Title order={2} size="h3">
          {itemDays(item, { t, locale })}
        </Title>
        <Stack gap="sm" mt="xs">
          {item.rules.map((rule) => (
            <div key={rule}>
              <StatusBadge tone="attention" label={t(`rule.${rule}`)} />
              <Text size="sm" mt={4}>
                {t(`ruleText.${rule}`)}
              </Text>
            </div>
          ))}
        </Stack>
      </div>
      <Facts detail={detail} />
      {children}
      <Picture detail={detail} />
      {usage}
      <Links detail={detail} closingHref={closingHref} />
    </Stack>
  );
}

function Facts({ detail }: { detail: WorkItemDetailWire }) {
  const t = useTranslations('check');
  const time = useClosingTime();
  const { item } = detail;
  const facts = [
    [t('item.customer'), item.customerNumber ?? t('list.vacant')],
    [t('item.supplyPoint'), item.supplyPointNumber],
    [t('item.meter'), item.meterSerial],
    [t('item.terminal'), item.terminalNumber ?? t('item.none')],
    [t('item.area'), item.areaName],
    [t('item.received'), <Received key="received" detail={detail} />],
    [t('item.plausible'), <Plausible key="plausible" detail={detail} />],
    [t('item.doubt'), `${registerFigure(item.litresInDoubt)}${t('volumeUnit')}`],
    [
      t('item.closing'),
      t(`closing.${item.closing.state}`, { day: time.day(item.closing.closesOn) }),
    ],
  ] as const;
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Received({ detail }: { detail: WorkItemDetailWire }) {
  const t = useTranslations('check');
  const locale = useLocale();
  const reader = { t, locale };
  const hours = doubtedHours(detail).filter(({ indexL }) => indexL !== null);
  const [first] = hours;
  const last = hours.at(-1);
  if (!first || !last) return t('item.none');
  if (hours.length === 1) {
    const value = registerFigure(first.indexL ?? 0);
    return t('item.receivedOne', { at: hourOfText(first, reader), value });
  }
  const values = hours.map(({ indexL }) => indexL ?? 0);
  return t('item.receivedMany', {
    ...{ from: hourOfText(first, reader), to: hourOfText(last, reader) },
    count: detail.item.registers + detail.item.steps,
    ...{ least: registerFigure(Math.min(...values)) },
    ...{ greatest: registerFigure(Math.max(...values)) },
  });
}

function Plausible({ detail }: { detail: WorkItemDetailWire }) {
  const t = useTranslations('check.item');
  const whole = useTranslations('check');
  const reader = { t: whole, locale: useLocale() };
  const { before, after, usageL, mostL } = detail;
  if (before && after) {
    const most = registerFigure(mostL ?? 0);
    return (
      <>
        {t('between', {
          ...{ before: hourOfText(before, reader), beforeL: registerFigure(before.indexL) },
          ...{ after: hourOfText(after, reader), afterL: registerFigure(after.indexL) },
        })}
        <br />
        {usageL === null
          ? t('betweenUnknown', { most })
          : t('betweenUsage', { usage: registerFigure(usageL), most })}
      </>
    );
  }
  if (before) {
    const beforeL = registerFigure(before.indexL);
    return t('beforeOnly', { before: hourOfText(before, reader), beforeL });
  }
  if (after) {
    return t('afterOnly', {
      after: hourOfText(after, reader),
      afterL: registerFigure(after.indexL),
    });
  }
  return t('noNeighbour');
}

function Picture({ detail }: { detail: WorkItemDetailWire }) {
  const t = useTranslations('check');
  const charts = useTranslations('charts');
  const locale = useLocale();
  const model = registerChart(detail, { t, locale });
  const words = { time: charts('time'), remark: charts('remark') };
  const days = itemDays(detail.item, { t, locale });
  return (
    <ChartFrame
      title={t('chart.title')}
      summary={t('chart.summary', { days })}
      table={bandTable(model, words)}
    >
      <LazyBandChart model={model} height={220} />
    </ChartFrame>
  );
}

function Links({ detail, closingHref }: Pick<WorkItemDetailProps, 'detail' | 'closingHref'>) {
  const t = useTranslations('check.item');
  const { item, days } = detail;
  const period = `from=${days[0]?.day ?? item.fromOn}&to=${days.at(-1)?.day ?? item.toOn}`;
  return (
    <Stack gap={4}>
      <Anchor component={Link} href={`/meters/${item.meterId}?${period}`} size="sm">
        {t('openMeter')}
      </Anchor>
      {closingHref === undefined ? null : (
        <Anchor component={Link} href={closingHref} size="sm">
          {t('openClosing')}
        </Anchor>
      )}
    </Stack>
  );
}
