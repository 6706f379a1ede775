'use client';

import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { CircleCheck, Download, FileX, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { isOpenIssue } from '../../lib/closing/issue-state.ts';
import type { ClosingIssueWire } from '../../lib/closing/issue-wire.ts';
import { FileFaults } from './file-faults.tsx';
import { IssueCancel } from './issue-cancel.tsx';
import { issueRows, issueStep } from './issue-reading.ts';
import { useClosingTime } from './use-closing-time.ts';

export interface ClosingIssueProps {
  issue: ClosingIssueWire;
  /** True while its cancellation is on the way, or a file is being saved. */
  isBusy: boolean;
  onCancel: () => void;
  onSave: () => void;
  onClose: () => void;
}

/** An issue of a closing beside the button: how far it is, or how it ended and what to do. */
export function ClosingIssue(props: ClosingIssueProps) {
  const { state } = props.issue;
  if (isOpenIssue(state)) return <Open {...props} />;
  switch (state) {
    case 'issued':
      return <Issued {...props} />;
    case 'failed':
      return <FailedIssue {...props} />;
    default:
      return <Cancelled {...props} />;
  }
}

function Open({ issue, isBusy, onCancel }: ClosingIssueProps) {
  const t = useTranslations('closing.issue');
  const time = useClosingTime();
  const { askedAt, askedName, attempts, makingOn, closings } = issue;
  const step = issueStep(issue);
  const rows = issueRows(issue);
  const isHalted = step === 'no-worker' || step === 'stalled';
  const text = rows ? t('rows', rows) : t(`step.${step}`);
  const ofSeveral = closings.length > 1 && makingOn !== null ? `${time.day(makingOn)}：` : '';
  return (
    <Stack gap={6}>
      <Group gap="md" align="flex-end">
        <Stack gap={4} style={{ flex: '1 1 14rem' }}>
          <Text size="sm" fw={600}>
            {ofSeveral}
            {text}
          </Text>
          <Progress
            value={rows && rows.total > 0 ? (rows.done / rows.total) * 100 : 100}
            animated={!isHalted && !rows}
            color={isHalted ? 'gray' : undefined}
            aria-label={text}
          />
        </Stack>
        <IssueCancel isBusy={isBusy} onCancel={onCancel} />
      </Group>
      {isHalted ? (
        <Text size="sm">
          <TriangleAlert size={14} aria-hidden style={{ verticalAlign: '-2px' }} />{' '}
          {t(`halted.${step}`)}
        </Text>
      ) : null}
      <Text size="xs" c="dimmed">
        {t('since', { at: time.dated(askedAt), name: askedName })}
        {attempts > 1 ? t('attempt', { attempt: attempts }) : null} {t('goesOn')}
      </Text>
    </Stack>
  );
}

function closingOf(label: string, onClose: () => void) {
  return { withCloseButton: true, closeButtonLabel: label, onClose, p: 'xs' };
}

function Issued({ issue, isBusy, onSave, onClose }: ClosingIssueProps) {
  const t = useTranslations('closing.issue');
  const time = useClosingTime();
  const { runs, endedAt, askedName } = issue;
  const names = runs.map(({ runId }) => String(runId)).join(t('joint'));
  const count = runs.reduce((sum, { rows }) => sum + rows, 0);
  const isNew = runs.some((run) => run.isNew);
  return (
    <Alert
      color="done"
      icon={<CircleCheck aria-hidden />}
      title={t(isNew ? 'issued' : 'unchanged', { runs: names, count })}
      {...closingOf(t('close'), onClose)}
    >
      <Group gap="xs" justify="space-between">
        <Text size="sm">
          {endedAt && t('endedBy', { at: time.dated(endedAt), name: askedName })}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Download size={14} aria-hidden />}
          disabled={isBusy}
          onClick={onSave}
        >
          {t('save')}
        </Button>
      </Group>
    </Alert>
  );
}

function FailedIssue({ issue, onClose }: ClosingIssueProps) {
  const t = useTranslations('closing.issue');
  const { failure, faults, issueId } = issue;
  return (
    <Alert
      color="danger"
      icon={<FileX aria-hidden />}
      title={t(`failure.${failure ?? 'fault'}.title`)}
      role="alert"
      {...closingOf(t('close'), onClose)}
    >
      {t(`failure.${failure ?? 'fault'}.advice`)} {t('nothing')}
      <FileFaults faults={faults} />
      {failure === 'fault' || failure === 'worker-ended' || failure === 'refused' ? (
        <Text size="sm">{t('reference', { issue: String(issueId) })}</Text>
      ) : null}
    </Alert>
  );
}

function Cancelled({ issue, onClose }: ClosingIssueProps): ReactNode {
  const t = useTranslations('closing.issue');
  const time = useClosingTime();
  const { endedAt, endedName } = issue;
  return (
    <Alert color="gray" title={t('cancelled')} {...closingOf(t('close'), onClose)}>
      {endedAt && t('endedBy', { at: time.dated(endedAt), name: endedName ?? '' })} {t('nothing')}
    </Alert>
  );
}
