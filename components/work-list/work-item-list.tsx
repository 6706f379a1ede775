'use client';

import { Text } from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { WorkItemWire } from '../../lib/work-list/work-list-wire.ts';
import { StatusBadge } from '../ui/status-badge.tsx';
import classes from './work-list.module.css';
import { itemDays, registerFigure } from './work-texts.ts';

export interface WorkItemListProps {
  rows: readonly WorkItemWire[];
  isChosen: (item: WorkItemWire) => boolean;
  hrefOf: (item: WorkItemWire) => string;
  onChoose: (item: WorkItemWire) => void;
}

/** Items of the work-list, each with its reason, its days and the litres in doubt. */
export function WorkItemList({ rows, isChosen, hrefOf, onChoose }: WorkItemListProps) {
  const t = useTranslations('check.list');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <ul className={classes.list} aria-label={t('label')} tabIndex={0}>
      {rows.map((item) => (
        <li key={`${item.meterId} ${item.fromOn}`}>
          <Link
            className={classes.row}
            href={hrefOf(item)}
            aria-current={isChosen(item) ? 'true' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              onChoose(item);
            }}
          >
            <Row item={item} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Row({ item }: { item: WorkItemWire }) {
  const t = useTranslations('check');
  const locale = useLocale();
  const parts = [
    ...(item.registers > 0 ? [t('list.registers', { count: item.registers })] : []),
    ...(item.steps > 0 ? [t('list.steps', { count: item.steps })] : []),
  ];
  return (
    <>
      <span className={classes.rowHead}>
        <Text span fw={600}>
          {item.customerNumber ?? t('list.vacant')}
        </Text>
        <Text span size="sm">
          {t('list.litres', { litres: registerFigure(item.litresInDoubt) })}
        </Text>
      </span>
      <span className={classes.rowHead}>
        <span>
          <StatusBadge tone="attention" label={t(`rule.${item.rule}`)} />{' '}
          {item.waits ? <StatusBadge tone="calm" label={t('list.waits')} /> : null}
        </span>
        <Text span size="xs" c="dimmed">
          {itemDays(item, { t, locale })}
        </Text>
      </span>
      <Text span size="xs" c="dimmed">
        {[item.meterSerial, item.areaName, ...parts].join(' ・ ')}
      </Text>
    </>
  );
}
