'use client';

import { useLocalStorage } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { choiceOfIssue, isShownIssue } from '../../../components/closing/issue-reading.ts';
import type { FileChoice } from '../../../lib/closing/file-choice.ts';
import { isOpenIssue } from '../../../lib/closing/issue-state.ts';
import type { ClosingIssueWire } from '../../../lib/closing/issue-wire.ts';
import { monthOf } from '../../../lib/time.ts';
import { apiPost, type GetPath } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';
import { retryOptions, useRequestKeys } from '../../write-request.ts';
import { issuesRequest } from './closing-address.ts';

/** Intervals at which issues are fetched again: while one is open, and otherwise, for those of colleagues. Milliseconds. */
const OPEN_MS = 700;
const ENDED_MS = 30_000;

interface ShownClosing {
  closingDay: number;
  month: string;
}

/** An issue that is asked for here, with the file that is wanted. */
interface Asked extends ShownClosing {
  choice: FileChoice;
}

/** Issues of a closing, the latest first, fetched again by themselves while the page is seen. */
export function useClosingIssues(closing: ShownClosing) {
  return useQuery({
    ...apiQuery('/closings/issues', issuesRequest(closing)),
    refetchInterval: ({ state }) =>
      state.data?.rows.some((issue) => isOpenIssue(issue.state)) ? OPEN_MS : ENDED_MS,
  });
}

const RUNS: GetPath = '/closings/runs';
const ISSUES: GetPath = '/closings/issues';

export interface ClosingIssueOptions {
  closing: ShownClosing;
  /** Saves the file of a run; false when it was not saved. */
  saveRun: (run: FileChoice & { runId: number; rows: number }) => Promise<boolean>;
}

/**
 * The latest issue of a closing, with asking for one and cancelling it. When one that was asked for here is done and the
 * page is still open, its file is saved without a hand.
 */
export function useClosingIssue({ closing, saveRun }: ClosingIssueOptions) {
  const { closingDay, month } = closing;
  const client = useQueryClient();
  const { data } = useClosingIssues(closing);
  const [closedId, setClosedId] = useLocalStorage({
    key: `kenshin-closing-issue-${closingDay}-${month}`,
    defaultValue: 0,
  });
  /** The issue that was asked for here, whose file is to be saved. */
  const own = useRef<OwnIssue | undefined>(undefined);
  const { ask, cancel } = useIssueChanges((asked) => {
    own.current = asked;
  });
  const latest = data?.rows.find(({ customerNumber }) => customerNumber === null);
  const issueId = latest?.issueId;
  const issuedId = latest?.state === 'issued' ? issueId : undefined;
  // The list of runs has the new one, and what it superseded.
  useEffect(() => {
    if (issuedId !== undefined) void client.invalidateQueries({ queryKey: [RUNS] });
  }, [client, issuedId]);
  useEffect(() => {
    const asked = own.current;
    // Another closing is shown meanwhile: its file is not waited for.
    if (asked?.closingDay !== closingDay || asked.month !== month) own.current = undefined;
    else if (asked.issueId === latest?.issueId && !isOpenIssue(latest.state)) {
      own.current = undefined;
      const run = runOf(latest, month);
      if (!run) return;
      void saveRun({ ...run, ...asked.choice }).then((isSaved) => {
        if (isSaved) setClosedId(latest.issueId);
      });
    }
  }, [latest, closingDay, month, saveRun, setClosedId]);

  const isAskedHere = ask.variables?.closingDay === closingDay && ask.variables.month === month;
  const isShown = latest !== undefined && isShownIssue(latest, closedId);
  return {
    issue: isShown ? latest : undefined,
    isOpen: (isAskedHere && ask.isPending) || (latest !== undefined && isOpenIssue(latest.state)),
    isBusy: cancel.isPending,
    error: (isAskedHere ? ask.error : null) ?? cancel.error,
    ask: (choice: FileChoice) => ask.mutate({ closingDay, month, choice }),
    cancel: () => issueId !== undefined && cancel.mutate(issueId),
    save: () => {
      const run = latest && runOf(latest, month);
      if (run) void saveRun({ ...run, ...choiceOfIssue(latest) });
    },
    close: () => {
      ask.reset();
      cancel.reset();
      if (latest && !isOpenIssue(latest.state)) setClosedId(latest.issueId);
    },
  };
}

interface OwnIssue extends Asked {
  issueId: number;
}

/** Asking for an issue, and cancelling one. */
function useIssueChanges(onAsked: (own: OwnIssue) => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  const fetchAgain = () => client.invalidateQueries({ queryKey: [ISSUES] });
  const ask = useMutation({
    ...retryOptions,
    mutationFn: (asked: Asked) =>
      apiPost('/closings/issues', { header: keys.headerOf(asked), body: bodyOf(asked) }),
    onSuccess: ({ issueId }, asked) => {
      keys.done(asked);
      onAsked({ issueId, ...asked });
    },
    onSettled: fetchAgain,
  });
  const cancel = useMutation({
    ...retryOptions,
    mutationFn: (issueId: number) =>
      apiPost('/closings/issues/{issueId}/cancel', {
        ...{ path: { issueId }, header: keys.headerOf(issueId) },
      }),
    onSettled: fetchAgain,
  });
  return { ask, cancel };
}

function bodyOf({ closingDay, month, choice }: Asked) {
  const { format, identifiers, layout } = choice;
  return {
    ...{ closingDay, from: month, to: month, format },
    ...(identifiers !== undefined && { identifiers }),
    ...(layout !== undefined && { layout }),
  };
}

/** The run of the shown closing; an issue of several has one for each. */
function runOf({ runs }: Pick<ClosingIssueWire, 'runs'>, month: string) {
  return runs.find(({ closesOn }) => monthOf(closesOn) === month);
}
