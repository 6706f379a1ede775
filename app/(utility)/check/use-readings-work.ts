'use client';

import { useLocalStorage } from '@mantine/hooks';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { WorkItemWire } from '../../../lib/work-list/work-list-wire.ts';
import type { ItemKey } from './check-address.ts';
import { useCheckKeys } from './use-check-keys.ts';
import { type MadeDecision, useDecide, useUndoDecision } from './use-decisions.ts';

export interface ReadingsWork {
  rows: readonly WorkItemWire[];
  open: ItemKey | undefined;
  /** Opens an item; undefined: none, so that a phone shows the list. */
  onOpen: (item: ItemKey | undefined, how: 'push' | 'replace') => void;
  searchRef: RefObject<HTMLInputElement | null>;
  detailRef: RefObject<HTMLElement | null>;
  refetch: () => unknown;
}

/** What was decided last, and whether it was undone. */
export interface Last {
  made: MadeDecision;
  isUndone: boolean;
}

/** Going through the list: the keys, the decision on the open item, the next one after it, and the undoing. */
export function useReadingsWork(work: ReadingsWork) {
  const { rows, open, onOpen, searchRef, detailRef, refetch } = work;
  const [last, setLast] = useState<Last>();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [hasKeys, setKeys] = useLocalStorage({ key: 'kenshin-check-keys', defaultValue: true });
  const at = rows.findIndex((row) => isSame(row, open));
  const go = (step: number) => {
    const next = rows[Math.max(0, at + step)];
    if (!next) return;
    onOpen(next, 'replace');
    // The keys act on what is open, and Enter on no link of the list.
    detailRef.current?.focus({ preventScroll: true });
  };
  const decide = useDecide((made) => {
    setLast({ made, isUndone: false });
    const index = rows.findIndex((row) => isSame(row, made.item));
    onOpen(rows[index + 1] ?? rows[index - 1], 'replace');
    detailRef.current?.focus({ preventScroll: true });
  });
  const undo = useUndoDecision((made) => setLast({ made, isUndone: true }));
  useAwaited(last?.isUndone ? last.made.item : undefined, rows, refetch);
  const undoLast = () => {
    if (last && !last.isUndone && !undo.isPending) undo.mutate(last.made);
  };
  useCheckKeys(
    {
      j: () => go(1),
      k: () => go(-1),
      u: undoLast,
      '/': () => searchRef.current?.focus(),
      '?': () => setHelpOpen(true),
    },
    hasKeys,
  );
  return { last, decide, undo, undoLast, hasKeys, setKeys, isHelpOpen, setHelpOpen };
}

/** Interval and number of the looks for an item whose decision was undone: validation needs a moment. */
const LOOK_MS = 1_500;
const LOOKS = 12;

/** Fetches the list again until it has the item, or for a while. */
function useAwaited(
  item: WorkItemWire | undefined,
  rows: readonly WorkItemWire[],
  refetch: () => unknown,
): void {
  const isMissing = item !== undefined && !rows.some((row) => isSame(row, item));
  const look = useRef(refetch);
  look.current = refetch;
  useEffect(() => {
    if (!isMissing) return;
    let looks = 0;
    const timer = setInterval(() => {
      looks += 1;
      if (looks >= LOOKS) clearInterval(timer);
      look.current();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [isMissing]);
}

export function isSame(item: ItemKey, key: ItemKey | undefined): boolean {
  return item.meterId === key?.meterId && item.fromOn === key.fromOn;
}
