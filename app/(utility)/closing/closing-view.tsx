'use client';

import { Button, Divider, Group, Stack } from '@mantine/core';
import { CalendarClock } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { ClosingChoice } from '../../../components/closing/closing-choice.tsx';
import { ClosingDownload } from '../../../components/closing/closing-download.tsx';
import { ClosingFilterBar } from '../../../components/closing/closing-filter-bar.tsx';
import { ClosingTable } from '../../../components/closing/closing-table.tsx';
import { ListAnswer, type ListQuery } from '../../../components/table/list-answer.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { PageAnswer } from '../../../components/ui/page-answer.tsx';
import { PageSkeleton } from '../../../components/ui/waiting.tsx';
import type {
  ClosingDaysWire,
  ClosingPreviewWire,
  ClosingRowWire,
} from '../../../lib/closing/closing-wire.ts';
import { addMonths } from '../../../lib/time.ts';
import { useAddress } from '../use-address.ts';
import {
  type ClosingAddress,
  closingPart,
  PAGE_ROWS,
  readAddress,
  writeAddress,
} from './closing-address.ts';
import { useClosingDays, useClosingPreview } from './use-closing.ts';
import { useClosingDownload } from './use-closing-download.ts';

/** Formats a JST day as this page shows it. */
function useDayName(): (day: string) => string {
  const format = useFormatter();
  const t = useTranslations('closing.table');
  return (day) =>
    day === ''
      ? t('missing')
      : format.dateTime(new Date(`${day}T12:00:00+09:00`), { month: 'long', day: 'numeric' });
}

export function ClosingView() {
  const t = useTranslations('closing');
  const days = useClosingDays();
  const { get } = useAddress();
  const address = days.data && readAddress(get, days.data.days);
  const preview = useClosingPreview(address);
  const failed = days.error ?? preview.error;
  if (failed && !preview.data) {
    const again = () => void (days.error ? days.refetch() : preview.refetch());
    return <ErrorState error={failed} onRetry={again} />;
  }
  if (days.data && !address) {
    return (
      <>
        <PageAnswer title={t('title')}>{t('empty.register')}</PageAnswer>
        <EmptyState title={t('empty.register')}>{t('empty.registerDetail')}</EmptyState>
      </>
    );
  }
  if (!days.data || !address || !preview.data) return <PageSkeleton />;
  return <Closing address={address} days={days.data.days} preview={preview.data} query={preview} />;
}

interface ClosingProps {
  address: ClosingAddress;
  days: ClosingDaysWire['days'];
  preview: ClosingPreviewWire;
  query: ListQuery<ClosingRowWire>;
}

function Closing({ address, days, preview, query }: ClosingProps) {
  const download = useClosingDownload();
  const { current } = useAddress();
  const { total } = preview.counts;
  const go = (change: Partial<ClosingAddress>) =>
    window.history.pushState(null, '', writeAddress({ ...address, page: 1, ...change }));
  return (
    <Stack gap="md">
      <Answer preview={preview} />
      <Group justify="space-between" align="flex-start" gap="lg">
        <ClosingChoice
          {...address}
          days={days}
          onChoose={(choice) => {
            download.dismiss();
            go({ ...choice, show: 'all' });
          }}
          onMove={(months) => {
            const { closingDay, month } = readAddress(current, days) ?? address;
            download.dismiss();
            go({ closingDay, month: addMonths(month, months), show: 'all' });
          }}
        />
        {total > 0 && (
          <ClosingDownload
            rows={total}
            state={download.state}
            onSave={(kind) => download.save({ ...kind, ...closingOf(address), rows: total })}
            onCancel={download.cancel}
            onClose={download.dismiss}
          />
        )}
      </Group>
      <Divider />
      <Rows preview={preview} query={query} address={address} go={go} />
    </Stack>
  );
}

function closingOf({ closingDay, month }: ClosingAddress) {
  return { closingDay, month };
}

function Answer({ preview }: { preview: ClosingPreviewWire }) {
  const t = useTranslations('closing');
  const dayName = useDayName();
  const { closesOn, previousOn, closed, counts } = preview;
  const day = dayName(closesOn);
  if (!closed) {
    return (
      <PageAnswer title={t('title')} detail={t('detailFuture', { day })}>
        {t('answerFuture', { day })}
      </PageAnswer>
    );
  }
  if (counts.total === 0) {
    return <PageAnswer title={t('title')}>{t('answerEmpty', { day })}</PageAnswer>;
  }
  const isWhole = counts.quality.actual === counts.total && preview.toCheck === 0;
  return (
    <PageAnswer
      title={t('title')}
      tone={isWhole ? 'done' : 'attention'}
      detail={t('detail', { day, previous: dayName(previousOn ?? '') })}
    >
      {t('answer', { day, total: counts.total, ...counts.quality })}
    </PageAnswer>
  );
}

interface RowsProps {
  preview: ClosingPreviewWire;
  query: ListQuery<ClosingRowWire>;
  address: ClosingAddress;
  go: (change: Partial<ClosingAddress>) => void;
}

function Rows({ preview, query, address, go }: RowsProps) {
  const t = useTranslations('closing');
  const dayName = useDayName();
  const day = dayName(preview.closesOn);
  if (!preview.closed) {
    return (
      <EmptyState icon={CalendarClock} title={t('empty.future')}>
        {t('detailFuture', { day })}
      </EmptyState>
    );
  }
  if (preview.counts.total === 0) {
    return <EmptyState title={t('empty.customers')}>{t('empty.customersDetail')}</EmptyState>;
  }
  const showAll = (
    <Button variant="default" onClick={() => go({ show: 'all' })}>
      {t('empty.showAll')}
    </Button>
  );
  const filters = (
    <ClosingFilterBar preview={preview} show={address.show} onShow={(show) => go({ show })} />
  );
  return (
    <ListAnswer
      query={query}
      part={closingPart(address)}
      onOffset={(offset) => go({ ...address, page: offset / PAGE_ROWS + 1 })}
      empty={
        <>
          {filters}
          <EmptyState title={t('empty.filter')} action={showAll} />
        </>
      }
    >
      {(rows) => <ClosingTable day={day} heading={filters} rows={rows} />}
    </ListAnswer>
  );
}
