'use client';

import { useQuery } from '@tanstack/react-query';
import { RunSinceMark } from '../../../components/closing/run-since-mark.tsx';
import type { ClosingRunWire } from '../../../lib/closing/run-wire.ts';
import { apiQuery } from '../../api-query.ts';

/**
 * Mark of an issued run: asked beside the list, which does not wait for it. Nothing where it cannot be asked: the list
 * stays whole.
 */
export function RunSince({ run, isCompared }: { run: ClosingRunWire; isCompared: boolean }) {
  const { runId } = run;
  const { data } = useQuery({
    ...apiQuery('/closings/runs/{runId}/since', { path: { runId } }),
    enabled: run.state === 'issued',
  });
  return run.state === 'issued' && data ? <RunSinceMark answer={data} {...{ isCompared }} /> : null;
}
