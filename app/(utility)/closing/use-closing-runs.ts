'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ListPart } from '../../../components/table/list-answer.tsx';
import { apiQuery } from '../../api-query.ts';
import { runsRequest } from './closing-address.ts';

/** Runs of a closing, the latest first. The caller's component stands for one closing (its `key`). */
export function useClosingRuns(closing: { closingDay: number; month: string }, offset: number) {
  return useQuery({
    ...apiQuery('/closings/runs', runsRequest(closing, offset)),
    placeholderData: keepPreviousData,
  });
}

/**
 * What is different today from what a run issued. It costs as much as a closing: asked once when `isAsked`, and again
 * only by `refetch`. The caller's component stands for one run.
 */
export function useRunDifferences(runId: number, part: ListPart, isAsked: boolean) {
  return useQuery({
    ...apiQuery('/closings/runs/{runId}/differences', { path: { runId }, query: part }),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}
