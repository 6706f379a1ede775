'use client';

import { Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ClosingIssueWire } from '../../lib/closing/issue-wire.ts';
import { StatusBadge } from '../ui/status-badge.tsx';
import classes from './closing-runs.module.css';
import { issueRows, issueStep } from './issue-reading.ts';
import { useClosingTime } from './use-closing-time.ts';

/** Issues of a closing of which there is no run: those that are open, were cancelled or failed. */
export function IssueList({ issues }: { issues: readonly ClosingIssueWire[] }) {
  const t = useTranslations('closing.issue');
  const without = issues.filter(({ state }) => state !== 'issued');
  if (without.length === 0) return null;
  return (
    <ul className={classes.runs} aria-label={t('list')}>
      {without.map((issue) => (
        <Issue key={issue.issueId} issue={issue} />
      ))}
    </ul>
  );
}

const TONES = { waiting: 'calm', making: 'calm', failed: 'danger', cancelled: 'calm' } as const;

function Issue({ issue }: { issue: ClosingIssueWire }) {
  const t = useTranslations('closing.issue');
  const time = useClosingTime();
  const { state, askedAt, askedName, customerNumber } = issue;
  const rows = issueRows(issue);
  const isOpen = state === 'waiting' || state === 'making';
  return (
    <Text component="li" size="sm" className={classes.run}>
      <span className={classes.number}>{t('asked')}</span>
      <span>
        <StatusBadge
          tone={state === 'issued' ? 'done' : TONES[state]}
          label={t(`state.${state}`)}
        />
      </span>
      <span>
        <time dateTime={askedAt}>{time.dated(askedAt)}</time>{' '}
        <span className={classes.name}>{askedName}</span>
      </span>
      <span>{customerNumber === null ? null : t('customer', { number: customerNumber })}</span>
      <span>
        {isOpen ? (rows ? t('rows', rows) : t(`step.${issueStep(issue)}`)) : null}
        {issue.failure === null ? null : t(`failure.${issue.failure}.title`)}
      </span>
    </Text>
  );
}
