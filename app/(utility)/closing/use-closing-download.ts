'use client';

import { useEffect, useRef, useState } from 'react';
import type { DownloadState } from '../../../components/closing/closing-download.tsx';
import { countLines, fileNameOf, handOver } from '../../../components/closing/download-file.ts';
import type { ClosingFileKind } from '../../../lib/closing/closing-file.ts';
import type { FieldFault } from '../../../lib/errors.ts';
import { ApiError, apiFetch, apiUrl } from '../../api-client.ts';

interface ClosingToSave extends ClosingFileKind {
  closingDay: number;
  month: string;
  /** Rows counted by the preview, for the progress. */
  rows: number;
  /** True while reports are awaited: what is there so far is saved, and nothing is issued. */
  isDraft: boolean;
}

/** Downloads the file as a stream, counting its rows, and hands it to the browser once it is complete. */
export function useClosingDownload() {
  const [state, setState] = useState<DownloadState>({ phase: 'idle' });
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function save({ rows: total, month, isDraft, ...query }: ClosingToSave): Promise<void> {
    const abort = new AbortController();
    running.current = abort;
    setState({ phase: 'running', rows: 0, total });
    try {
      const url = apiUrl('/closings/file', {
        query: { ...query, from: month, to: month, ...(isDraft ? { draft: 'true' } : {}) },
      });
      const response = await apiFetch(url, { signal: abort.signal });
      const onRows = (rows: number) => setState({ phase: 'running', rows, total });
      const { parts, rows } = await readRows(response, onRows);
      const file = fileNameOf(response.headers.get('content-disposition'));
      handOver(new Blob(parts, { type: 'text/csv' }), file, document);
      setState({ phase: 'done', file, rows });
    } catch (error) {
      setState(
        abort.signal.aborted
          ? { phase: 'cancelled' }
          : { phase: 'failed', ...refusalDetails(error) },
      );
    }
  }

  return {
    state,
    save: (closing: ClosingToSave) => void save(closing),
    cancel: () => running.current?.abort(),
    /** Removes the result from view; a running download continues. */
    dismiss: () => setState((at) => (at.phase === 'running' ? at : { phase: 'idle' })),
  };
}

async function readRows(response: Response, onRows: (rows: number) => void) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let lines = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    parts.push(read.value);
    lines += countLines(read.value);
    onRows(Math.max(0, lines - 1));
  }
  return { parts, rows: Math.max(0, lines - 1) };
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
