'use client';

import { Alert, Text } from '@mantine/core';
import { FileX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { DownloadState } from '../../../components/closing/closing-download.tsx';
import { ClosingIssue } from '../../../components/closing/closing-issue.tsx';
import { ApiError } from '../../api-client.ts';
import type { useClosingIssue } from './use-closing-issue.ts';

interface IssueStatusProps {
  issuing: ReturnType<typeof useClosingIssue>;
}

/** True while the page shows the issue, and not the download of a file. */
export function showsIssue(
  { issue, isOpen, error }: IssueStatusProps['issuing'],
  { phase }: DownloadState,
): boolean {
  if (isOpen) return issue !== undefined;
  return phase === 'idle' && (error !== null || issue !== undefined);
}

/** The issue of a closing, or why it was not taken. */
export function IssueStatus({ issuing }: IssueStatusProps) {
  const { issue, isBusy, error, cancel, save, close } = issuing;
  if (error) return <Refused error={error} onClose={close} />;
  if (!issue) return null;
  return <ClosingIssue {...{ issue, isBusy }} onCancel={cancel} onSave={save} onClose={close} />;
}

function Refused({ error, onClose }: { error: Error; onClose: () => void }) {
  const t = useTranslations('closing.issue');
  const common = useTranslations('common.state');
  const known = error instanceof ApiError ? error : undefined;
  return (
    <Alert
      p="xs"
      color="danger"
      icon={<FileX aria-hidden />}
      title={t('refused')}
      withCloseButton
      closeButtonLabel={t('close')}
      onClose={onClose}
      role="alert"
    >
      {t(known?.code === 'conflict' ? 'refusedConflict' : 'refusedDetail')}
      {known?.reference && (
        <Text size="sm">{common('reference', { reference: known.reference })}</Text>
      )}
    </Alert>
  );
}
