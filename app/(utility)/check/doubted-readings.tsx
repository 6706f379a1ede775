'use client';

import { Button, Group, Stack, Text } from '@mantine/core';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { useClosingTime } from '../../../components/closing/use-closing-time.ts';
import type { ListQuery } from '../../../components/table/list-answer.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { WorkFilterBar } from '../../../components/work-list/work-filter-bar.tsx';
import { WorkItemList } from '../../../components/work-list/work-item-list.tsx';
import classes from '../../../components/work-list/work-list.module.css';
import type { WorkItemWire, WorkListWire } from '../../../lib/work-list/work-list-wire.ts';
import { useAddress } from '../use-address.ts';
import { type CheckAddress, type ItemKey, PAGE_ITEMS, writeItem } from './check-address.ts';
import { OpenItem } from './open-item.tsx';
import { useAreas } from './use-check.ts';

export interface DoubtedReadingsProps {
  work: WorkListWire;
  query: Pick<ListQuery<unknown>, 'isPlaceholderData'>;
  address: CheckAddress;
  mayReadClosings: boolean;
}

/** Readings in doubt: filters, the list, and beside it the item that is open, by default the first. */
export function DoubtedReadings({ work, query, address, mayReadClosings }: DoubtedReadingsProps) {
  const t = useTranslations('check');
  const { set, hrefOf } = useAddress();
  const areas = useAreas();
  const searchRef = useRef<HTMLInputElement>(null);
  const filters = (
    <WorkFilterBar
      {...{ byRule: work.byRule, areas: areas.data?.areas ?? [], searchRef }}
      {...{ rule: address.rule, areaId: address.areaId }}
      {...{ order: address.order, search: address.search }}
      onFilter={(changes) => set({ ...changes, after: undefined, item: undefined })}
    />
  );
  if (work.rows.length === 0) return <Nothing work={work} address={address} filters={filters} />;
  const open: ItemKey | undefined = address.item ?? work.rows[0];
  const choose = (item: ItemKey) =>
    window.history.pushState(null, '', hrefOf({ item: writeItem(item) }));
  return (
    <Stack gap="md">
      {filters}
      <div
        className={classes.panes}
        data-open={address.item ? true : undefined}
        aria-busy={query.isPlaceholderData}
      >
        <div className={classes.listPane}>
          <WorkItemList
            rows={work.rows}
            isChosen={(item) => isSame(item, open)}
            hrefOf={(item) => hrefOf({ item: writeItem(item) })}
            onChoose={choose}
          />
          <Pages
            work={work}
            address={address}
            onAfter={(after) => set({ after, item: undefined })}
          />
        </div>
        <section className={classes.detail} aria-label={t('item.label')}>
          <div className={classes.onPhone}>
            <Button
              variant="subtle"
              size="compact-sm"
              mb="sm"
              leftSection={<ArrowLeft size={16} aria-hidden />}
              onClick={() => set({ item: undefined })}
            >
              {t('item.back')}
            </Button>
          </div>
          <OpenItem item={open} mayReadClosings={mayReadClosings} />
        </section>
      </div>
    </Stack>
  );
}

function isSame(item: WorkItemWire, key: ItemKey | undefined): boolean {
  return item.meterId === key?.meterId && item.fromOn === key.fromOn;
}

interface PagesProps {
  work: WorkListWire;
  address: CheckAddress;
  onAfter: (after: string | undefined) => void;
}

function Pages({ work, address, onAfter }: PagesProps) {
  const t = useTranslations('check.list');
  const { next } = work;
  if (next === null && address.after === undefined) return null;
  return (
    <Group gap="xs" mt="sm">
      {address.after === undefined ? null : (
        <Button variant="default" size="compact-sm" onClick={() => onAfter(undefined)}>
          {t('first')}
        </Button>
      )}
      {next === null ? null : (
        <Button variant="default" size="compact-sm" onClick={() => onAfter(next)}>
          {t('next', { count: PAGE_ITEMS })}
        </Button>
      )}
    </Group>
  );
}

interface NothingProps {
  work: WorkListWire;
  address: CheckAddress;
  filters: React.ReactNode;
}

/** Why the list is empty: nothing is in doubt, or no item fits the filters. */
function Nothing({ work, address, filters }: NothingProps) {
  const t = useTranslations('check');
  const time = useClosingTime();
  const { set } = useAddress();
  const { rule, areaId, search, after } = address;
  if (rule !== undefined || areaId !== undefined || search !== '' || after !== undefined) {
    const all = { rule: undefined, area: undefined, q: undefined, after: undefined };
    return (
      <Stack gap="md">
        {filters}
        <EmptyState
          title={t('list.noneFiltered')}
          action={
            <Button variant="default" onClick={() => set(all)}>
              {t('filter.clear')}
            </Button>
          }
        />
      </Stack>
    );
  }
  return (
    <EmptyState title={t('answerNone')}>
      <Text inherit>{t('list.noneDetail', { at: time.instant(work.asOf) })}</Text>
    </EmptyState>
  );
}
