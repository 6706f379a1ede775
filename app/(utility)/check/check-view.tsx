'use client';

import { SegmentedControl, Stack } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useClosingTime } from '../../../components/closing/use-closing-time.ts';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { PageAnswer } from '../../../components/ui/page-answer.tsx';
import { PageSkeleton } from '../../../components/ui/waiting.tsx';
import { registerFigure } from '../../../components/work-list/work-texts.ts';
import type { WorkListWire } from '../../../lib/work-list/work-list-wire.ts';
import { useAddress } from '../use-address.ts';
import {
  CHECK_PARTS,
  type CheckAddress,
  type CheckPart,
  readCheckAddress,
} from './check-address.ts';
import { ClosingRows } from './closing-rows.tsx';
import { DoubtedReadings } from './doubted-readings.tsx';
import { Marks } from './marks.tsx';
import { SecondLooks } from './second-looks.tsx';
import { useWorkList } from './use-check.ts';

export interface CheckViewProps {
  /** Whether the user may read closings. */
  mayReadClosings: boolean;
  /** Whether the user may decide. */
  mayEdit: boolean;
}

/** The work-list: readings in doubt with their decisions, and rows of closings to check. */
export function CheckView({ mayReadClosings, mayEdit }: CheckViewProps) {
  const { get, set } = useAddress();
  const address = readCheckAddress(get);
  const query = useWorkList(address);
  const { data, error, refetch } = query;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <Stack gap="md">
      <Answer work={data} address={address} />
      <Parts
        part={address.part}
        counts={{ readings: data.total, marks: data.openMarks, second: data.proposedEdits }}
        mayReadClosings={mayReadClosings}
        onPart={(part) =>
          set({
            ...{ part: part === 'readings' ? undefined : part, item: undefined, page: undefined },
            ...{ kind: undefined, seen: undefined },
          })
        }
      />
      {address.part === 'rows' && mayReadClosings ? <ClosingRows /> : null}
      {address.part === 'marks' ? <Marks mayEdit={mayEdit} /> : null}
      {address.part === 'second' ? <SecondLooks mayEdit={mayEdit} /> : null}
      {address.part === 'readings' ? (
        <DoubtedReadings
          work={data}
          query={query}
          address={address}
          {...{ mayReadClosings, mayEdit }}
        />
      ) : null}
    </Stack>
  );
}

function Answer({ work, address }: { work: WorkListWire; address: CheckAddress }) {
  const t = useTranslations('check');
  const time = useClosingTime();
  const { total, litresInDoubt, asOf } = work;
  const isFiltered =
    address.rule !== undefined || address.areaId !== undefined || address.search !== '';
  const figures = { total, litres: registerFigure(litresInDoubt) };
  const sentence = isFiltered
    ? t('answerFiltered', figures)
    : total === 0
      ? t('answerNone')
      : t('answer', figures);
  return (
    <PageAnswer
      title={t('title')}
      tone={total === 0 ? 'done' : 'attention'}
      detail={t('asOf', { at: time.instant(asOf) })}
    >
      {sentence}
    </PageAnswer>
  );
}

interface PartsProps {
  part: CheckPart;
  /** What is to be decided in each part; rows of closings are counted there. */
  counts: Partial<Record<CheckPart, number>>;
  mayReadClosings: boolean;
  onPart: (part: CheckPart) => void;
}

function Parts({ part, counts, mayReadClosings, onPart }: PartsProps) {
  const t = useTranslations('check.part');
  const shown = CHECK_PARTS.filter((each) => mayReadClosings || each !== 'rows');
  const labelOf = (each: CheckPart) =>
    counts[each] ? t('counted', { part: t(each), count: counts[each] }) : t(each);
  return (
    <SegmentedControl
      aria-label={t('label')}
      value={part}
      onChange={(value) => onPart(value as CheckPart)}
      data={shown.map((each) => ({ value: each, label: labelOf(each) }))}
      style={{ alignSelf: 'flex-start' }}
    />
  );
}
