'use client';

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type {
  ClosingDifferencesTodayWire,
  ClosingDifferenceWire,
} from '../../lib/closing/run-wire.ts';
import { ListAnswer, type ListPart, type ListQuery } from '../table/list-answer.tsx';
import classes from './closing-runs.module.css';
import { type FigureChange, figuresOf, presenceOf } from './run-reading.ts';
import { useClosingTime } from './use-closing-time.ts';

export interface RunDifferencesProps {
  runId: number;
  /** Its data are undefined until it was asked. */
  query: ListQuery<ClosingDifferenceWire> & {
    data: ClosingDifferencesTodayWire | undefined;
    isFetching: boolean;
  };
  isAsked: boolean;
  onAsk: () => void;
  part: ListPart;
  onOffset: (offset: number) => void;
  /** True while reports of the closing are awaited: a file that is saved then is a draft. */
  isDraft: boolean;
}

/** What the readings and the register say otherwise today than a run that was issued, once a person asks for it. */
export function RunDifferences(props: RunDifferencesProps) {
  const { runId, isAsked, onAsk, part, onOffset, isDraft } = props;
  // After a failure the former answer is not shown as if it were still true.
  const query = props.query.error ? { ...props.query, data: undefined } : props.query;
  const t = useTranslations('closing.runs');
  const hasChanges = (query.data?.total ?? 0) > 0;
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button variant="default" onClick={() => query.isFetching || onAsk()}>
          {t('compare')}
        </Button>
        <Text size="sm" role="status">
          <Answer runId={runId} query={query} />
        </Text>
      </Group>
      {hasChanges ? (
        <Alert color="attention">{t(isDraft ? 'reissueLater' : 'reissue')}</Alert>
      ) : null}
      {isAsked ? (
        <ListAnswer {...{ query, part, onOffset, skeletonRows: 2 }} empty={null}>
          {(rows) => (
            <ul className={classes.runs} aria-label={t('changedLabel')}>
              {rows.map((row) => (
                <ChangedRow key={keyOf(row)} row={row} />
              ))}
            </ul>
          )}
        </ListAnswer>
      ) : null}
    </Stack>
  );
}

function keyOf({ customerNumber, before, after }: ClosingDifferenceWire): string {
  const row = before ?? after;
  return [customerNumber, row?.supplyPointNumber, row?.kind, before === null].join(' ');
}

function Answer({ runId, query }: Pick<RunDifferencesProps, 'runId' | 'query'>) {
  const t = useTranslations('closing.runs');
  const time = useClosingTime();
  const run = String(runId);
  if (query.isFetching) return t('comparing', { run });
  // The list says why there is no answer.
  if (!query.data) return null;
  const { total, asOf } = query.data;
  const at = time.clock(asOf);
  return total === 0 ? t('unchanged', { time: at }) : t('changed', { run, count: total, time: at });
}

function ChangedRow({ row }: { row: ClosingDifferenceWire }) {
  const t = useTranslations('closing.runs');
  const kinds = useTranslations('closing.kind');
  const { index, usage, previousIndex } = figuresOf(row);
  const presence = presenceOf(row);
  const isFinal = (row.before ?? row.after)?.kind === 'final';
  return (
    <Text component="li" size="sm" className={classes.change}>
      <span className={classes.number}>
        {t('customerOf', { number: row.customerNumber })}
        {isFinal ? ` ${kinds('final')}` : null}
      </span>
      <span>
        <Figure name={t('index')} change={index} />
      </span>
      <span>
        <Figure name={t('usage')} change={usage} />
      </span>
      {previousIndex.isSame ? null : (
        <span>
          <Figure name={t('previousIndex')} change={previousIndex} />
        </span>
      )}
      <span className={classes.reasons}>
        {row.reasons.map((reason) => t(`reason.${reason}`)).join(t('joint'))}
        {presence === 'both' ? null : ` ${t(presence)}`}
      </span>
    </Text>
  );
}

function Figure({ name, change: { from, to, isSame } }: { name: string; change: FigureChange }) {
  const t = useTranslations('closing.runs');
  const none = t('noValue');
  if (!isSame) return t('figure', { name, from: from ?? none, to: to ?? none });
  return to === null ? t('figureNone', { name }) : t('figureSame', { name, value: to });
}
