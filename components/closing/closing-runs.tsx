'use client';

import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { FileChoice } from '../../lib/closing/file-choice.ts';
import type { ClosingRunWire } from '../../lib/closing/run-wire.ts';
import { ListAnswer, type ListPart, type ListQuery } from '../table/list-answer.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import classes from './closing-runs.module.css';
import { offeredKinds } from './run-reading.ts';
import { useClosingTime } from './use-closing-time.ts';

/** A run and the kind of its file that is to be saved again. */
export interface RunFileChoice extends FileChoice {
  runId: number;
  rows: number;
}

export interface ClosingRunsProps {
  query: ListQuery<ClosingRunWire>;
  part: ListPart;
  onOffset: (offset: number) => void;
  /** True while a file of a run is being saved: a person saves one at a time. */
  isSaving: boolean;
  onSaveAgain: (choice: RunFileChoice) => void;
  /** What came after a run was issued, below it. */
  markOf?: (run: ClosingRunWire) => ReactNode;
  /** Issues of which there is no run. */
  issues?: ReactNode;
  /** Progress of such a file, and the comparison of the valid run with today. */
  children?: ReactNode;
}

/** The runs of a closing: what was issued by whom and when, which files were made of it, whether it is valid. */
export function ClosingRuns(props: ClosingRunsProps) {
  const { query, part, onOffset, isSaving, onSaveAgain, markOf, issues, children } = props;
  const t = useTranslations('closing.runs');
  return (
    <Stack component="section" gap="sm" aria-labelledby="closing-runs">
      <Title order={2} size="h4" id="closing-runs">
        {t('title')}
      </Title>
      {issues}
      <ListAnswer
        {...{ query, part, onOffset, skeletonRows: 2 }}
        empty={
          <Text size="sm" c="dimmed">
            {t('none')}
          </Text>
        }
      >
        {(runs) => (
          <ul className={classes.runs} aria-labelledby="closing-runs">
            {runs.map((run) => (
              <Run key={run.runId} {...{ run, isSaving, onSaveAgain, markOf }} />
            ))}
          </ul>
        )}
      </ListAnswer>
      {children}
    </Stack>
  );
}

interface RunProps extends Pick<ClosingRunsProps, 'isSaving' | 'onSaveAgain' | 'markOf'> {
  run: ClosingRunWire;
}

function Run({ run, isSaving, onSaveAgain, markOf }: RunProps) {
  const t = useTranslations('closing.runs');
  const time = useClosingTime();
  const { runId, issuedAt, issuedName, issuedBy, counts, customerNumber } = run;
  return (
    <Text component="li" size="sm" className={classes.run}>
      <span className={classes.number}>{t('number', { run: String(runId) })}</span>
      <State run={run} />
      <span>
        {issuedAt === null ? null : <time dateTime={issuedAt}>{time.dated(issuedAt)}</time>}{' '}
        <span className={classes.name}>{issuedName ?? issuedBy ?? t('unnamed')}</span>
      </span>
      <span>
        {t('rows', { count: counts.total })}
        {customerNumber === null ? null : ` ${t('customer', { number: customerNumber })}`}
        {counts.missing ? ` ${t('missing', { count: counts.missing })}` : null}
      </span>
      <Files run={run} isSaving={isSaving} onSaveAgain={onSaveAgain} />
      {markOf?.(run)}
    </Text>
  );
}

function State({ run: { state, supersedes, supersededAt } }: Pick<RunProps, 'run'>) {
  const t = useTranslations('closing.runs');
  const time = useClosingTime();
  return (
    <Group gap="xs" component="span">
      <StatusBadge tone={state === 'issued' ? 'done' : 'calm'} label={t(`state.${state}`)} />
      {supersededAt === null ? null : (
        <Text span size="xs" c="dimmed">
          {t('supersededAt', { at: time.instant(supersededAt) })}
        </Text>
      )}
      {supersedes === null ? null : (
        <Text span size="xs" c="dimmed">
          {t('supersedes', { run: String(supersedes) })}
        </Text>
      )}
    </Group>
  );
}

/** The kinds of file that were made from a run; each saves it again, with the rows that were issued. */
function Files({ run: { runId, files, counts }, isSaving, onSaveAgain }: RunProps) {
  const t = useTranslations('closing.runs');
  const kinds = useTranslations('closing.download.kinds');
  const words = files.length > 0 ? 'saveAgain' : 'saveFirst';
  return (
    <Group gap={4} className={classes.files} role="group" aria-label={t('files')}>
      {offeredKinds(files).map(({ choice, name }) => {
        const kind =
          'builtIn' in name
            ? kinds(name.builtIn)
            : t('ownLayout', { name: name.own, version: String(name.version) });
        return (
          <Button
            key={kind}
            variant="subtle"
            size="compact-sm"
            leftSection={<Download size={14} aria-hidden />}
            aria-label={t(words, { run: String(runId), kind })}
            title={t(words, { run: String(runId), kind })}
            disabled={isSaving}
            onClick={() => onSaveAgain({ runId, rows: counts.total, ...choice })}
          >
            {kind}
          </Button>
        );
      })}
    </Group>
  );
}
