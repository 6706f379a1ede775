'use client';

import { Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { MetersTable } from '../../../components/meters/meters-table.tsx';
import { ListAnswer } from '../../../components/table/list-answer.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { PageAnswer } from '../../../components/ui/page-answer.tsx';
import { METER_SORTS } from '../../../lib/meters/meter-sort.ts';
import { useAreas } from '../pressure/use-pressure.ts';
import { type ListAddress, orderIn, useListAddress } from '../use-list-address.ts';
import { METERS_FIRST, METERS_PAGE, metersRequest } from './meter-list-address.ts';
import { useMeters } from './use-meters.ts';

const TYPING_PAUSE_MS = 250;

/** List of the fitted meters, searched by their numbers. */
export function MeterList() {
  const t = useTranslations('meters');
  const locale = useLocale();
  const address = useListAddress(METERS_PAGE);
  const query = useMeters(metersRequest(address.get));
  const count = new Intl.NumberFormat(locale).format(query.data?.total ?? 0);
  const text = address.get('q');
  return (
    <Stack gap="md">
      <PageAnswer title={t('title')}>
        {/* Rows of another text or area are kept on view meanwhile, but their number is not the answer. */}
        {query.data && !query.isPlaceholderData
          ? text
            ? t('answerFound', { query: text, count })
            : t('answer', { count })
          : '…'}
      </PageAnswer>
      <Filters address={address} />
      <ListAnswer
        query={query}
        part={address.part}
        onOffset={address.goTo}
        empty={<EmptyState title={t('emptyTitle')}>{t('emptyDetail')}</EmptyState>}
      >
        {(meters) => (
          <MetersTable meters={meters} order={orderIn(address, METER_SORTS, METERS_FIRST)} />
        )}
      </ListAnswer>
    </Stack>
  );
}

function Filters({ address }: { address: ListAddress }) {
  const t = useTranslations('meters');
  const areas = useAreas();
  const find = useDebouncedCallback((text: string) => {
    address.filter({ q: text.normalize('NFKC').trim() || undefined });
  }, TYPING_PAUSE_MS);
  return (
    <Group gap="sm">
      <TextInput
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<Search size={16} aria-hidden />}
        defaultValue={address.get('q') ?? ''}
        onChange={(event) => find(event.currentTarget.value)}
        style={{ flex: '1 1 18rem' }}
        maw={420}
      />
      <NativeSelect
        aria-label={t('area')}
        value={address.get('area') ?? ''}
        onChange={(event) => address.filter({ area: event.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('allAreas') },
          ...(areas.data?.areas ?? []).map(({ areaId, name }) => ({
            value: String(areaId),
            label: name,
          })),
        ]}
      />
    </Group>
  );
}
