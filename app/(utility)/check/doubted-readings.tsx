'use client';

import { Button, Group, Stack, Text } from '@mantine/core';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, type Ref, useRef } from 'react';
import { useClosingTime } from '../../../components/closing/use-closing-time.ts';
import type { ListQuery } from '../../../components/table/list-answer.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { KeysHelp } from '../../../components/work-list/keys-help.tsx';
import { MadeNotice } from '../../../components/work-list/made-notice.tsx';
import { WorkFilterBar } from '../../../components/work-list/work-filter-bar.tsx';
import { WorkItemList } from '../../../components/work-list/work-item-list.tsx';
import classes from '../../../components/work-list/work-list.module.css';
import type { WorkItemDetailWire, WorkListWire } from '../../../lib/work-list/work-list-wire.ts';
import { useAddress } from '../use-address.ts';
import { type CheckAddress, type ItemKey, PAGE_ITEMS, writeItem } from './check-address.ts';
import { Decide } from './decide.tsx';
import { OpenItem } from './open-item.tsx';
import { useAreas } from './use-check.ts';
import { isSame, type Last, type ReadingsWork, useReadingsWork } from './use-readings-work.ts';

export interface DoubtedReadingsProps {
  work: WorkListWire;
  query: Pick<ListQuery<unknown>, 'isPlaceholderData' | 'refetch'>;
  address: CheckAddress;
  mayReadClosings: boolean;
  mayEdit: boolean;
}

/** Readings in doubt: filters, the list, and beside it the item that is open, by default the first. */
export function DoubtedReadings(props: DoubtedReadingsProps) {
  const { work, query, address, mayReadClosings, mayEdit } = props;
  const t = useTranslations('check');
  const { set, hrefOf } = useAddress();
  const searchRef = useRef<HTMLInputElement>(null);
  const detailRef = useRef<HTMLElement>(null);
  const open: ItemKey | undefined = address.item ?? work.rows[0];
  const onOpen: ReadingsWork['onOpen'] = (item, how) => {
    const href = hrefOf({ item: item && writeItem(item) });
    if (how === 'push') window.history.pushState(null, '', href);
    else window.history.replaceState(null, '', href);
  };
  const { refetch } = query;
  const going = useReadingsWork({ rows: work.rows, open, onOpen, searchRef, detailRef, refetch });
  const { last } = going;
  return (
    <Stack gap="md">
      <Filters work={work} address={address} searchRef={searchRef}>
        <KeysHelp
          {...{ isOpen: going.isHelpOpen, onOpen: going.setHelpOpen }}
          {...{ isOn: going.hasKeys, onOn: going.setKeys }}
        />
      </Filters>
      {last ? <Made last={last} undo={going.undo} onUndo={going.undoLast} /> : null}
      {work.rows.length === 0 && !address.item ? (
        <Nothing work={work} address={address} />
      ) : (
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
              onChoose={(item) => onOpen(item, 'push')}
            />
            <Pages {...{ work, address }} onAfter={(after) => set({ after, item: undefined })} />
          </div>
          <section
            ref={detailRef}
            className={classes.detail}
            aria-label={t('item.label')}
            tabIndex={-1}
          >
            <Back onBack={() => set({ item: undefined })} />
            <Chosen {...{ open, going, mayReadClosings, mayEdit }} />
          </section>
        </div>
      )}
    </Stack>
  );
}

interface ChosenProps {
  open: ItemKey | undefined;
  going: ReturnType<typeof useReadingsWork>;
  mayReadClosings: boolean;
  mayEdit: boolean;
}

/** The open item with its decision, or a word on whose it is. */
function Chosen({ open, going: { decide, hasKeys }, mayReadClosings, mayEdit }: ChosenProps) {
  const t = useTranslations('check.decide');
  const { variables: sent } = decide;
  const decision = (detail: WorkItemDetailWire) => (
    <Decide
      key={writeItem(detail.item)}
      detail={detail}
      hasKeys={hasKeys}
      isBusy={decide.isPending}
      error={sent && isSame(sent.item, open) ? decide.error : null}
      onDecide={(decided) => decide.mutate(decided)}
    />
  );
  const readOnly = () => <Text size="sm">{t('readOnly')}</Text>;
  return (
    <OpenItem
      item={open}
      mayReadClosings={mayReadClosings}
      decision={mayEdit ? decision : readOnly}
    />
  );
}

interface FiltersProps {
  work: WorkListWire;
  address: CheckAddress;
  searchRef: Ref<HTMLInputElement>;
  children: ReactNode;
}

function Filters({ work, address, searchRef, children }: FiltersProps) {
  const { set } = useAddress();
  const areas = useAreas();
  if (work.rows.length === 0 && !isFiltered(address)) return null;
  return (
    <Group gap="sm" align="end">
      <WorkFilterBar
        {...{ byRule: work.byRule, areas: areas.data?.areas ?? [], searchRef }}
        {...{ rule: address.rule, areaId: address.areaId }}
        {...{ order: address.order, search: address.search }}
        onFilter={(changes) => set({ ...changes, after: undefined, item: undefined })}
      />
      {children}
    </Group>
  );
}

interface MadeProps {
  last: Last;
  undo: { isPending: boolean; isError: boolean };
  onUndo: () => void;
}

function Made({ last: { made, isUndone }, undo, onUndo }: MadeProps) {
  const done = isUndone ? 'undone' : made.isProposed ? 'proposed' : made.kind;
  return (
    <MadeNotice
      {...{ item: made.item, done, onUndo }}
      hasFailed={undo.isError && !isUndone}
      isBusy={undo.isPending}
    />
  );
}

/** On a phone, where the item stands alone. */
function Back({ onBack }: { onBack: () => void }) {
  const t = useTranslations('check.item');
  return (
    <div className={classes.onPhone}>
      <Button
        variant="subtle"
        size="compact-sm"
        mb="sm"
        leftSection={<ArrowLeft size={16} aria-hidden />}
        onClick={onBack}
      >
        {t('back')}
      </Button>
    </div>
  );
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

function isFiltered({ rule, areaId, search, after }: CheckAddress): boolean {
  return rule !== undefined || areaId !== undefined || search !== '' || after !== undefined;
}

/** Why the list is empty: nothing is in doubt, or no item fits the filters. */
function Nothing({ work, address }: { work: WorkListWire; address: CheckAddress }) {
  const t = useTranslations('check');
  const time = useClosingTime();
  const { set } = useAddress();
  if (!isFiltered(address)) {
    const at = time.instant(work.asOf);
    return <EmptyState title={t('answerNone')}>{t('list.noneDetail', { at })}</EmptyState>;
  }
  const all = { rule: undefined, area: undefined, q: undefined, after: undefined };
  return (
    <EmptyState
      title={t('list.noneFiltered')}
      action={
        <Button variant="default" onClick={() => set(all)}>
          {t('filter.clear')}
        </Button>
      }
    />
  );
}
