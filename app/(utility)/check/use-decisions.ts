'use client';

import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Kind } from '../../../components/work-list/decision.ts';
import type { EditReason } from '../../../lib/editing/reading-edit.ts';
import type { WorkItemWire } from '../../../lib/work-list/work-list-wire.ts';
import { apiPost } from '../../api-client.ts';
import { retryOptions, useRequestKeys } from '../../write-request.ts';
import type { ItemKey } from './check-address.ts';

/** An edit that a decision makes. */
export interface PlannedEdit {
  day: string;
  kind: Kind;
  hourEnding: number | null;
  /** Litres; null for a whole day. */
  indexL: number | null;
  issued: readonly string[];
}

export interface Decision {
  item: WorkItemWire;
  kind: Kind;
  edits: readonly PlannedEdit[];
  reason: EditReason;
  note: string;
}

/** An edit that was made, with what its undoing has to name. */
interface MadeEdit {
  editId: number;
  issued: readonly string[];
}

export interface MadeDecision {
  item: WorkItemWire;
  kind: Kind;
  edits: readonly MadeEdit[];
  /** True when a second person has to agree to one of its edits. */
  isProposed: boolean;
}

/** What each decision on an item would bill. */
export function useChoices({ meterId, fromOn }: ItemKey) {
  const isSettled = useSettled();
  return useQuery({
    queryKey: [CHOICES, { query: { meterId, fromOn } }] as const,
    queryFn: () => apiPost('/work-list/item/preview', { body: { meterId, fromOn } }),
    enabled: isSettled,
  });
}

const CHOICES = 'work-choices';
/** Time for which an item is open before what costs more is asked for, milliseconds: a key goes through many. */
const SETTLED_MS = 250;

/** False at first; true once the item has been open for a moment. For a component that is drawn anew for each item. */
function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLED_MS);
    return () => clearTimeout(timer);
  }, []);
  return isSettled;
}

/** All queries but those of an item that was decided, which is on the list no longer. */
function isElsewhere({ meterId, fromOn }: ItemKey): (query: { queryKey: QueryKey }) => boolean {
  const own = JSON.stringify({ query: { meterId, fromOn } });
  return ({ queryKey: [name, request] }) =>
    (name !== CHOICES && name !== '/work-list/item') || JSON.stringify(request) !== own;
}

/** What a register entered by hand would change. */
export function usePreviewEntry(meterId: number) {
  return useMutation({
    mutationFn: (entry: { day: string; hourEnding: number; indexL: number }) =>
      apiPost('/meters/{meterId}/edits/preview', {
        path: { meterId },
        body: { kind: 'entered', ...entry },
      }),
  });
}

/**
 * Makes the edits of a decision one after another, each once however often it is sent. Where one is refused, those before
 * it stand, and the list is fetched again.
 */
export function useDecide(onMade: (made: MadeDecision) => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: async ({ item, kind, edits, reason, note }: Decision): Promise<MadeDecision> => {
      const made: MadeEdit[] = [];
      let isProposed = false;
      for (const { day, hourEnding, indexL, issued } of edits) {
        const { editId, state } = await apiPost('/meters/{meterId}/edits', {
          path: { meterId: item.meterId },
          header: keys.headerOf([
            item.meterId,
            kind,
            day,
            hourEnding,
            indexL,
            reason,
            note,
            issued,
          ]),
          body: {
            ...{ day, kind, hourEnding, reason, note },
            ...(indexL === null ? {} : { indexL }),
            acknowledgedClosings: [...issued],
          },
        });
        made.push({ editId, issued });
        if (state === 'proposed') isProposed = true;
      }
      return { item, kind, edits: made, isProposed };
    },
    onSuccess: (made, { item, kind, edits, reason, note }) => {
      for (const { day, hourEnding, indexL, issued } of edits) {
        keys.done([item.meterId, kind, day, hourEnding, indexL, reason, note, issued]);
      }
      onMade(made);
      void client.invalidateQueries({ predicate: isElsewhere(item) });
    },
    onError: () => void client.invalidateQueries(),
  });
}

/** Takes the edits of a decision back, the last first. */
export function useUndoDecision(onUndone: (made: MadeDecision) => void) {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: async (made: MadeDecision) => {
      for (const { editId, issued } of made.edits.toReversed()) {
        await apiPost('/edits/{editId}/take-back', {
          path: { editId },
          header: keys.headerOf(['take-back', editId]),
          body: { acknowledgedClosings: [...issued] },
        });
      }
    },
    onSuccess: (_, made) => onUndone(made),
    onSettled: (_, __, { item }) => void client.invalidateQueries({ predicate: isElsewhere(item) }),
  });
}
