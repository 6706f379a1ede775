'use client';

import { useState } from 'react';
import { DownloadResult } from '../../../components/closing/closing-download.tsx';
import { ClosingRuns } from '../../../components/closing/closing-runs.tsx';
import { IssueList } from '../../../components/closing/issue-list.tsx';
import { RunDifferences } from '../../../components/closing/run-differences.tsx';
import { validRun } from '../../../components/closing/run-reading.ts';
import { PAGE_ROWS, PAGE_RUNS } from './closing-address.ts';
import { RunSince } from './run-since.tsx';
import { useClosingDownload } from './use-closing-download.ts';
import { useClosingIssues } from './use-closing-issue.ts';
import { useClosingRuns, useRunDifferences } from './use-closing-runs.ts';

export interface IssuedRunsProps {
  closing: { closingDay: number; month: string };
  /** True while reports of the closing are awaited. */
  isDraft: boolean;
}

/** The runs of one closing. Mounted anew (`key`) for another. */
export function IssuedRuns({ closing, isDraft }: IssuedRunsProps) {
  const [offset, setOffset] = useState(0);
  const query = useClosingRuns(closing, offset);
  const download = useClosingDownload();
  const issues = useClosingIssues(closing);
  const valid = validRun(query.data?.rows ?? []);
  return (
    <ClosingRuns
      query={query}
      part={{ limit: PAGE_RUNS, offset }}
      onOffset={setOffset}
      isSaving={download.state.phase === 'running'}
      onSaveAgain={(run) => void download.saveRun(run)}
      issues={<IssueList issues={issues.data?.rows ?? []} />}
      markOf={(run) => <RunSince run={run} isCompared={run.runId === valid?.runId} />}
    >
      <div aria-live="polite">
        <DownloadResult
          state={download.state}
          onCancel={download.cancel}
          onClose={download.dismiss}
        />
      </div>
      {valid ? <Differences key={valid.runId} runId={valid.runId} isDraft={isDraft} /> : null}
    </ClosingRuns>
  );
}

function Differences({ runId, isDraft }: { runId: number; isDraft: boolean }) {
  const [isAsked, setAsked] = useState(false);
  const [offset, setOffset] = useState(0);
  const part = { limit: PAGE_ROWS, offset };
  const query = useRunDifferences(runId, part, isAsked);
  const ask = () => (isAsked ? void query.refetch() : setAsked(true));
  return (
    <RunDifferences
      {...{ runId, query, isAsked, part, isDraft }}
      onAsk={ask}
      onOffset={setOffset}
    />
  );
}
