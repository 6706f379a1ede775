'use client';

import { CloseButton, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type Ref, useEffect, useState } from 'react';
import { WORK_ORDERS, WORK_RULES } from '../../lib/work-list/work-list.ts';
import type { WorkListWire } from '../../lib/work-list/work-list-wire.ts';

const TYPING_PAUSE_MS = 300;
const MAX_LENGTH = 64;

export interface WorkFilterBarProps {
  byRule: WorkListWire['byRule'];
  areas: readonly { areaId: number; name: string }[];
  rule: string | undefined;
  areaId: number | undefined;
  order: string;
  search: string;
  /** Changes of the address; undefined removes a filter. */
  onFilter: (changes: Record<string, string | undefined>) => void;
  searchRef: Ref<HTMLInputElement>;
}

/** Filters of the work-list by rule, area and number, and its order. */
export function WorkFilterBar(props: WorkFilterBarProps) {
  const { byRule, areas, rule, areaId, order, search, onFilter, searchRef } = props;
  const t = useTranslations('check');
  const rules = WORK_RULES.filter((each) => (byRule[each] ?? 0) > 0 || each === rule);
  return (
    <Group gap="sm" align="end">
      <NumberFilter search={search} onFilter={onFilter} searchRef={searchRef} />
      <NativeSelect
        label={t('filter.rule')}
        value={rule ?? ''}
        onChange={({ currentTarget }) => onFilter({ rule: currentTarget.value || undefined })}
        data={[
          { value: '', label: t('filter.allRules') },
          ...rules.map((each) => ({
            value: each,
            label: t('filter.ruleCount', { rule: t(`rule.${each}`), count: byRule[each] ?? 0 }),
          })),
        ]}
      />
      {areas.length < 2 ? null : (
        <NativeSelect
          label={t('filter.area')}
          value={areaId === undefined ? '' : String(areaId)}
          onChange={({ currentTarget }) => onFilter({ area: currentTarget.value || undefined })}
          data={[
            { value: '', label: t('filter.allAreas') },
            ...areas.map((area) => ({ value: String(area.areaId), label: area.name })),
          ]}
        />
      )}
      <NativeSelect
        label={t('filter.order')}
        value={order}
        onChange={({ currentTarget: { value } }) =>
          onFilter({ order: value === 'litres' ? undefined : value })
        }
        data={WORK_ORDERS.map((each) => ({ value: each, label: t(`order.${each}`) }))}
      />
    </Group>
  );
}

function NumberFilter({
  search,
  onFilter,
  searchRef,
}: Pick<WorkFilterBarProps, 'search' | 'onFilter' | 'searchRef'>) {
  const t = useTranslations('check.filter');
  const [text, setText] = useState(search);
  // Follows the address, which back and forward change.
  useEffect(() => setText(search), [search]);
  const find = useDebouncedCallback(
    (value: string) => onFilter({ q: value.trim() || undefined }),
    TYPING_PAUSE_MS,
  );
  const at = (value: string) => {
    setText(value);
    find(value);
  };
  return (
    <TextInput
      ref={searchRef}
      label={t('search')}
      title={t('searchHint')}
      value={text}
      maxLength={MAX_LENGTH}
      autoComplete="off"
      spellCheck={false}
      inputMode="search"
      leftSection={<Search size={16} aria-hidden />}
      rightSection={
        text === '' ? null : (
          <CloseButton size="sm" aria-label={t('clear')} onClick={() => at('')} />
        )
      }
      onChange={(event) => at(event.currentTarget.value)}
    />
  );
}
