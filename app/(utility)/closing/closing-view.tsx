'use client';

import { Alert, Button, Stack } from '@mantine/core';
import { CalendarClock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ClosingChoice } from '../../../components/closing/closing-choice.tsx';
import { ClosingDownload } from '../../../components/closing/closing-download.tsx';
import { ClosingFilterBar } from '../../../components/closing/closing-filter-bar.tsx';
import { ClosingTable } from '../../../components/closing/closing-table.tsx';
import { ReadinessStrip } from '../../../components/closing/readiness-strip.tsx';
import { useClosingTime } from '../../../components/closing/use-closing-time.ts';
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
  type ReadClosingAddress,
  readAddress,
  writeAddress,
} from './closing-address.ts';
import { IssueStatus, showsIssue } from './issue-status.tsx';
import { IssuedRuns } from './issued-runs.tsx';
import { OpenRow } from './open-row.tsx';
import { ReadyMail } from './ready-mail.tsx';
import { isLive, useClosingDays, useClosingPreview } from './use-closing.ts';
import { useClosingDownload } from './use-closing-download.ts';
import { useClosingIssue } from './use-closing-issue.ts';
import { useOfferedLayouts } from './use-offered-layouts.tsx';

/** What the user may do besides reading closings. */
interface ClosingRights {
  /** Open the page of a meter. */
  mayReadMeters: boolean;
  /** Decide the usage of a row. */
  mayDecide: boolean;
}

export function ClosingView(rights: ClosingRights) {
  const t = useTranslations('closing');
  const days = useClosingDays();
  const { get } = useAddress();
  const read = days.data && readAddress(get, days.data.days);
  const preview = useClosingPreview(read?.address);
  const failed = days.error ?? preview.error;
  if (failed && !preview.data) {
    const again = () => void (days.error ? days.refetch() : preview.refetch());
    return <ErrorState error={failed} onRetry={again} />;
  }
  if (days.data && !read) {
    return (
      <>
        <PageAnswer title={t('title')}>{t('empty.register')}</PageAnswer>
        <EmptyState title={t('empty.register')}>{t('empty.registerDetail')}</EmptyState>
      </>
    );
  }
  if (!days.data || !read || !preview.data) return <PageSkeleton />;
  const loaded = { preview: preview.data, query: preview };
  return <Closing {...read} {...loaded} days={days.data.days} rights={rights} />;
}

interface ClosingProps extends ReadClosingAddress {
  days: ClosingDaysWire['days'];
  preview: ClosingPreviewWire;
  query: ListQuery<ClosingRowWire>;
  rights: ClosingRights;
}

function Closing({ address, unread, days, preview, query, rights }: ClosingProps) {
  const download = useClosingDownload();
  const closing = closingOf(address);
  const { current } = useAddress();
  const { total, quality } = preview.counts;
  const go = (change: Partial<ClosingAddress>) =>
    window.history.pushState(
      null,
      '',
      writeAddress({ ...address, page: 1, row: undefined, ...change }),
    );
  const goTo = (closing: { closingDay: number; month: string }) => {
    download.dismiss();
    go({ ...closing, show: 'all', search: '' });
  };
  return (
    <Stack gap="md">
      {unread.length > 0 ? <Unread unread={unread} /> : null}
      <Answer preview={preview} />
      <ClosingChoice
        {...address}
        days={days}
        onChoose={goTo}
        onMove={(months) => {
          const { closingDay, month } = readAddress(current, days)?.address ?? address;
          goTo({ closingDay, month: addMonths(month, months) });
        }}
      />
      {preview.closed && total > 0 ? (
        <ReadinessStrip preview={preview} isLive={isLive(address, preview)}>
          <Issuing {...{ preview, closing, download }} />
        </ReadinessStrip>
      ) : null}
      <ReadyMail key={preview.closesOn} closing={closingOf(address)} preview={preview} />
      <Rows preview={preview} query={query} address={address} go={go} />
      {preview.closed ? (
        <IssuedRuns
          key={`${address.month} ${address.closingDay}`}
          closing={closing}
          isDraft={quality.awaited > 0}
        />
      ) : null}
      <OpenRow
        {...{ address, asOf: preview.asOf }}
        {...rights}
        onClose={() => go({ ...address, row: undefined })}
      />
    </Stack>
  );
}

interface IssuingProps {
  preview: ClosingPreviewWire;
  closing: { closingDay: number; month: string };
  download: ReturnType<typeof useClosingDownload>;
}

/** The button that issues a closing and saves its file; while reports are awaited it saves what is there so far. */
function Issuing({ preview, closing, download }: IssuingProps) {
  const layouts = useOfferedLayouts();
  const issuing = useClosingIssue({ closing, saveRun: download.saveRun });
  const { total, quality } = preview.counts;
  return (
    <ClosingDownload
      rows={total}
      awaited={quality.awaited}
      state={download.state}
      issue={showsIssue(issuing, download.state) ? <IssueStatus issuing={issuing} /> : undefined}
      isIssuing={issuing.isOpen}
      {...layouts}
      onSave={(kind) => {
        download.dismiss();
        if (quality.awaited > 0) download.save({ ...kind, ...closing, rows: total });
        else issuing.ask(kind);
      }}
      onCancel={download.cancel}
      onClose={download.dismiss}
    />
  );
}

function closingOf({ closingDay, month }: ClosingAddress) {
  return { closingDay, month };
}

/** Says which parts of the address could not be read, so that another closing is not taken for the one that was meant. */
function Unread({ unread }: { unread: readonly string[] }) {
  const t = useTranslations('closing.address');
  return (
    <Alert color="attention" title={t('title')} role="alert">
      {t('unread', { names: unread.join(t('joint')) })}
    </Alert>
  );
}

function Answer({ preview }: { preview: ClosingPreviewWire }) {
  const t = useTranslations('closing');
  const time = useClosingTime();
  const { closesOn, previousOn, closed, counts } = preview;
  const day = time.day(closesOn);
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
  const previous = previousOn === null ? t('table.missing') : time.day(previousOn);
  return (
    <PageAnswer title={t('title')} tone={toneOf(preview)} detail={t('detail', { day, previous })}>
      {t('answer', { day, total: counts.total, ...counts.quality })}
    </PageAnswer>
  );
}

function toneOf({ counts, toCheck }: ClosingPreviewWire) {
  const { actual, awaited } = counts.quality;
  if (toCheck > 0 || actual + awaited < counts.total) return 'attention';
  return awaited > 0 ? 'calm' : 'done';
}

interface RowsProps {
  preview: ClosingPreviewWire;
  query: ListQuery<ClosingRowWire>;
  address: ClosingAddress;
  go: (change: Partial<ClosingAddress>) => void;
}

function Rows({ preview, query, address, go }: RowsProps) {
  const t = useTranslations('closing');
  const time = useClosingTime();
  const day = time.day(preview.closesOn);
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
  const { show, search } = address;
  const filters = (
    <ClosingFilterBar
      preview={preview}
      show={show}
      onShow={(chosen) => go({ show: chosen })}
      search={search}
      onSearch={(text) => text !== search && go({ search: text })}
    />
  );
  return (
    <ListAnswer
      query={query}
      part={closingPart(address)}
      onOffset={(offset) => go({ page: offset / PAGE_ROWS + 1 })}
      empty={
        <>
          {filters}
          <NothingFound search={search} onShowAll={() => go({ show: 'all', search: '' })} />
        </>
      }
    >
      {(rows) => (
        <ClosingTable
          {...{ day, rows, heading: filters, previousOn: preview.previousOn }}
          {...{ total: preview.total, totals: preview.totals }}
          targetOf={({ customerNumber, supplyPointNumber, kind }) => {
            const row = { customerNumber, supplyPointNumber, kind };
            const open = { ...address, row };
            return { href: writeAddress(open), onOpen: () => go(open) };
          }}
        />
      )}
    </ListAnswer>
  );
}

function NothingFound({ search, onShowAll }: { search: string; onShowAll: () => void }) {
  const t = useTranslations('closing');
  const showAll = (
    <Button variant="default" onClick={onShowAll}>
      {t('empty.showAll')}
    </Button>
  );
  if (search === '') return <EmptyState title={t('empty.filter')} action={showAll} />;
  return (
    <EmptyState title={t('search.none', { query: search })} action={showAll}>
      {t('search.noneDetail')}
    </EmptyState>
  );
}
