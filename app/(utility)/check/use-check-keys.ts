'use client';

import { useEffect, useRef } from 'react';

/** Acts of the page by the key that does them: `j`, `1`, `Enter`, `?`. */
export type KeyActs = Partial<Record<string, () => void>>;

/** Elements that take keys themselves. */
const TYPING = 'input:not([type="radio"]), textarea, select, [contenteditable="true"]';
/** Elements that Enter activates. */
const ENTERED = 'a, button, summary';

/**
 * Single keys of the page while it is seen and no dialog is open. They act nowhere where a person types, and never
 * together with Ctrl, Alt or Meta.
 */
export function useCheckKeys(acts: KeyActs, isOn: boolean): void {
  const current = useRef(acts);
  current.current = acts;
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const act = current.current[event.key];
      if (!act || !isForPage(event)) return;
      event.preventDefault();
      // The key / opens the search of all pages elsewhere.
      event.stopImmediatePropagation();
      act();
    };
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, [isOn]);
}

function isForPage(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest(TYPING) || document.querySelector('[role="dialog"]')) return false;
  return event.key !== 'Enter' || !target.closest(ENTERED);
}
