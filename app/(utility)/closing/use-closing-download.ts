'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { DownloadState } from '../../../components/closing/closing-download.tsx';
import {
  countLines,
  fileNameOf,
  handOver,
  handOverAddress,
  isSavedByBrowser,
  rowsIn,
} from '../../../components/closing/download-file.ts';
import type { FileChoice } from '../../../lib/closing/file-choice.ts';
import type { FieldFault } from '../../../lib/errors.ts';
import { ApiError, apiFetch, apiUrl, type GetPath } from '../../api-client.ts';

/** A closing whose reports are not all there: what is there so far is saved, and nothing is issued. */
interface DraftToSave extends FileChoice {
  closingDay: number;
  month: string;
  /** Rows counted by the preview, for the progress. */
  rows: number;
}

interface RunToSave extends FileChoice {
  runId: number;
  rows: number;
}

interface FileToSave {
  url: string;
  total: number;
  isDraft: boolean;
  /** True for the file of a run. */
  isIssued: boolean;
}

/**
 * Downloads the draft of a closing, or the file of a run that was issued, as a stream, counting its rows, and hands it to the
 * browser once it is complete. The list of runs is fetched again, because it names each file.
 */
export function useClosingDownload() {
  const [state, setState] = useState<DownloadState>({ phase: 'idle' });
  const client = useQueryClient();
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  /** False when the file was not saved. */
  async function save({ url, total, isDraft, isIssued }: FileToSave): Promise<boolean> {
    const abort = new AbortController();
    running.current = abort;
    setState({ phase: 'running', rows: 0, total });
    try {
      const response = await apiFetch(url, { signal: abort.signal });
      const onRows = (rows: number) => setState({ phase: 'running', rows, total });
      const type = response.headers.get('content-type') ?? '';
      const { parts, lines } = await readRows(response, (read) => onRows(rowsIn(type, read, 0)));
      const rows = rowsIn(type, lines, total);
      const file = fileNameOf(response.headers.get('content-disposition'));
      handOver(new Blob(parts, { type }), file, document);
      setState({ phase: 'done', file, rows, isDraft });
      return true;
    } catch (error) {
      setState(
        abort.signal.aborted
          ? { phase: 'cancelled' }
          : { phase: 'failed', isIssued, ...refusalDetails(error) },
      );
      return false;
    } finally {
      void client.invalidateQueries({ queryKey: ['/closings/runs' satisfies GetPath] });
    }
  }

  return {
    state,
    save: (closing: DraftToSave) => void save(draftFile(closing)),
    /** Resolves to false when the file was not saved; the browser alone saves a large one. */
    saveRun: async (run: RunToSave): Promise<boolean> => {
      if (!isSavedByBrowser(run.rows)) return save(runFile(run));
      handOverAddress(runFile(run).url, document);
      setState({ phase: 'handed', rows: run.rows });
      return true;
    },
    cancel: () => running.current?.abort(),
    /** Removes the result from view; a running download continues. */
    dismiss: () => setState((at) => (at.phase === 'running' ? at : { phase: 'idle' })),
  };
}

function draftFile({ rows: total, month, ...choice }: DraftToSave): FileToSave {
  const query = { ...choice, from: month, to: month, draft: 'true' } as const;
  return { url: apiUrl('/closings/file', { query }), total, isDraft: true, isIssued: false };
}

function runFile({ runId, rows: total, ...query }: RunToSave): FileToSave {
  const { format, identifiers, layout, layoutVersion } = query;
  const choice = { format, identifiers, layout, layoutVersion };
  const url = apiUrl('/closings/runs/{runId}/file', { path: { runId }, query: choice });
  return { url, total, isDraft: false, isIssued: true };
}

async function readRows(response: Response, onLines: (lines: number) => void) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let lines = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    parts.push(read.value);
    lines += countLines(read.value);
    onLines(lines);
  }
  return { parts, lines };
}

/** Field of a fault that names row and column of the file, such as `3.地区`; other faults name a parameter. */
const VALUE_FIELD = /^\d+\./;

function refusalDetails(error: unknown): {
  reference?: string;
  faults: readonly FieldFault[];
} {
  if (!(error instanceof ApiError)) return { faults: [] };
  const faults = error.problem?.faults ?? [];
  return {
    reference: error.reference,
    faults: faults.filter(({ field }) => VALUE_FIELD.test(field)),
  };
}
