'use client';

import { Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ClosingExplanationWire } from '../../lib/closing/closing-wire.ts';
import { EstimateText } from './estimate-text.tsx';
import { useLag } from './reading-time.tsx';
import { type RowReason, rowReason } from './row-reason.ts';
import { useClosingTime } from './use-closing-time.ts';

/** Why a row has its quality, in sentences with times. */
export function RowReasonText({ explanation }: { explanation: ClosingExplanationWire }) {
  const { report, reading } = rowReason(explanation);
  return (
    <>
      <Text size="sm">
        <Report explanation={explanation} report={report} />
      </Text>
      {reading === null ? null : (
        <Text size="sm">
          <Reading row={explanation.row} reading={reading} />
        </Text>
      )}
    </>
  );
}

interface ReportProps {
  explanation: ClosingExplanationWire;
  report: RowReason['report'];
}

function Report({ explanation: { row, days }, report }: ReportProps) {
  const t = useTranslations('closing.row.reason');
  const time = useClosingTime();
  const day = time.day(row.closesOn);
  const { expectedFrom, dueAt, receivedAt } = days.at(-1) ?? {};
  const window = expectedFrom && dueAt ? time.window(expectedFrom, dueAt) : { from: '', until: '' };
  switch (report) {
    case 'awaited':
      return t('awaited', { day, ...window });
    case 'missing':
      return t('missing', { day, until: dueAt ? time.instant(dueAt) : '' });
    case 'incomplete':
      return t('incomplete', { day, received: receivedAt ? time.instant(receivedAt) : '' });
    case 'actual':
    case 'arrived':
    case 'doubtful':
    case 'struck':
    case 'unexpected':
      return t(report, { day });
    // The sentence about the reading says it.
    case 'entered':
      return null;
  }
}

interface ReadingProps {
  row: ClosingExplanationWire['row'];
  reading: NonNullable<RowReason['reading']>;
}

function Reading({ row, reading }: ReadingProps) {
  const { closesOn, readAt, lagHours, estimate } = row;
  const t = useTranslations('closing.row.reason');
  const time = useClosingTime();
  const lag = useLag();
  if (reading === 'reckoned') return estimate && <EstimateText estimate={estimate} />;
  if (reading === 'nothing' || reading === 'nothingSoFar') return t(reading);
  if (reading === 'entered' && lagHours === 0) {
    return t('enteredAtClosing', { day: time.day(closesOn) });
  }
  return t(reading, { read: time.reading(readAt ?? ''), lag: lag(lagHours ?? 0) });
}
