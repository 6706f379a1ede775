'use client';

import { Alert, Button, Group, Progress, Select, Stack, Text } from '@mantine/core';
import { CircleCheck, Download, FileX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import {
  CLOSING_LAYOUTS,
  type ClosingLayout,
  XLSX_MAX_ROWS,
} from '../../lib/closing/closing-file.ts';
import type { FileChoice } from '../../lib/closing/file-choice.ts';
import type { FieldFault } from '../../lib/errors.ts';
import classes from './closing.module.css';
import { FileFaults } from './file-faults.tsx';
import { USUAL_LAYOUT } from './run-reading.ts';

/** State of a download. */
export type DownloadState =
  | { phase: 'idle' | 'cancelled' }
  | { phase: 'running'; rows: number; total: number }
  | { phase: 'done'; file: string; rows: number; isDraft: boolean }
  /** `handed`: the browser saves it by itself. */
  | { phase: 'handed'; rows: number }
  | { phase: 'failed'; isIssued: boolean; reference?: string; faults: readonly FieldFault[] };

const HINTS = {
  'excel-cp932': 'excel',
  'excel-utf8': 'excel',
  'import-cp932': 'import',
  'import-utf8': 'import',
  xlsx: 'xlsx',
  machine: 'machine',
} as const satisfies Record<ClosingLayout | 'xlsx', string>;
// Object.keys loses the type of its keys, which are those of the object above.
const LAYOUTS = Object.keys(HINTS) as (keyof typeof HINTS)[];

export interface OfferedLayout {
  layoutId: number;
  name: string;
}

/** Value of the choice for a layout of the utility. */
const OWN = /^layout:(\d+)$/;

function choiceOf(value: string): FileChoice {
  const own = OWN.exec(value)?.[1];
  if (own !== undefined) return { format: 'layout', layout: Number(own) };
  if (value === 'xlsx') return { format: 'xlsx' };
  // Every other value is one of LAYOUTS.
  return CLOSING_LAYOUTS[value as ClosingLayout];
}

export interface ClosingDownloadProps {
  /** Rows that the file will have. */
  rows: number;
  /** Those of them whose report is not due yet. */
  awaited: number;
  state: DownloadState;
  /** An issue of the closing, shown in place of the download. */
  issue?: ReactNode;
  /** True while the closing is being issued. */
  isIssuing: boolean;
  /** Layouts of the utility, offered behind the built-in ones. */
  layouts: readonly OfferedLayout[];
  onSave: (choice: FileChoice) => void;
  /** Link to the page of layouts, or nothing. */
  layoutsLink?: ReactNode;
  onCancel: () => void;
  onClose: () => void;
}

/**
 * Download of the whole closing, independent of the rows in view: choice of file, progress, result. While reports are
 * awaited the button is outlined and says that the file is not complete.
 */
export function ClosingDownload(props: ClosingDownloadProps) {
  const { rows, awaited, state, issue, isIssuing, layouts, layoutsLink, onSave } = props;
  const t = useTranslations('closing.download');
  const [layout, setLayout] = useState<string>(USUAL_LAYOUT);
  const isRunning = isIssuing || state.phase === 'running';
  const builtIn = LAYOUTS.map((each) => ({
    value: each as string,
    label: t(`kinds.${each}`),
    disabled: each === 'xlsx' && rows > XLSX_MAX_ROWS,
  }));
  const own = layouts.map(({ layoutId, name }) => ({ value: `layout:${layoutId}`, label: name }));
  const hint = LAYOUTS.find((each) => each === layout);
  return (
    <div className={classes.download}>
      <Stack gap="xs">
        <Group gap="sm" align="flex-end">
          <Select
            label={t('kind')}
            data={[...builtIn, ...own]}
            value={layout}
            onChange={(value) => value && setLayout(value)}
            allowDeselect={false}
            disabled={isRunning}
            w={232}
          />
          <Button
            variant={awaited > 0 ? 'outline' : 'filled'}
            leftSection={<Download size={16} aria-hidden />}
            onClick={() => onSave(choiceOf(layout))}
            disabled={rows === 0 || isRunning}
          >
            {awaited > 0 ? t('saveDraft', { count: awaited }) : t('save', { count: rows })}
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          {t(`hint.${hint ? HINTS[hint] : 'own'}`)} {layoutsLink}
        </Text>
      </Stack>
      <div aria-live="polite" className={classes.result}>
        {issue ?? (
          <DownloadResult state={state} onCancel={props.onCancel} onClose={props.onClose} />
        )}
      </div>
    </div>
  );
}

type ResultProps = Pick<ClosingDownloadProps, 'state' | 'onCancel' | 'onClose'>;

/** Progress and result of a download, or why there is none. */
export function DownloadResult({ state, onCancel, onClose }: ResultProps) {
  const t = useTranslations('closing.download');
  const closing = { withCloseButton: true, closeButtonLabel: t('close'), onClose };
  switch (state.phase) {
    case 'idle':
      return null;
    case 'running':
      return <Running state={state} onCancel={onCancel} />;
    case 'cancelled':
      return (
        <Alert p="xs" color="gray" {...closing}>
          {t('cancelled')}
        </Alert>
      );
    case 'done':
      return (
        <Alert
          p="xs"
          color="done"
          icon={<CircleCheck aria-hidden />}
          title={t('done', { file: state.file, rows: state.rows })}
          {...closing}
        >
          {t(state.isDraft ? 'recordedDraft' : 'recorded')}
        </Alert>
      );
    case 'handed':
      return (
        <Alert p="xs" color="done" icon={<Download aria-hidden />} {...closing}>
          {t('handed', { rows: state.rows })}
        </Alert>
      );
    case 'failed':
      return <Failed state={state} onClose={onClose} />;
  }
}

function Running({
  state,
  onCancel,
}: {
  state: Extract<DownloadState, { phase: 'running' }>;
  onCancel: () => void;
}) {
  const t = useTranslations('closing.download');
  const text = t('running', { rows: state.rows, total: state.total });
  return (
    <Group gap="md">
      <Stack gap={4} style={{ flex: '1 1 14rem' }}>
        <Text size="sm">{text}</Text>
        <Progress
          value={state.total === 0 ? 0 : Math.min(100, (state.rows / state.total) * 100)}
          aria-label={text}
        />
      </Stack>
      <Button variant="default" onClick={onCancel}>
        {t('cancel')}
      </Button>
    </Group>
  );
}

function Failed({
  state: { faults, isIssued, reference },
  onClose,
}: {
  state: Extract<DownloadState, { phase: 'failed' }>;
  onClose: () => void;
}) {
  const t = useTranslations('closing.download');
  const common = useTranslations('common.state');
  const isOutside = faults.length > 0;
  return (
    <Alert
      p="xs"
      color="danger"
      icon={<FileX aria-hidden />}
      title={t(isOutside ? 'outside' : 'failed')}
      withCloseButton
      closeButtonLabel={t('close')}
      onClose={onClose}
      role="alert"
    >
      {t(isOutside ? 'outsideDetail' : isIssued ? 'failedIssued' : 'failedDetail')}
      <FileFaults faults={faults} />
      {reference && <Text size="sm">{common('reference', { reference })}</Text>}
    </Alert>
  );
}
