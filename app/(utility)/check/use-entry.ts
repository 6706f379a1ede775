'use client';

import { useState } from 'react';
import { typedLitres } from '../../../components/work-list/decision.ts';
import type { EntryState } from '../../../components/work-list/entry-fields.tsx';
import { doubtedHours } from '../../../components/work-list/work-texts.ts';
import type { EditPreviewWire } from '../../../lib/editing/edit-wire.ts';
import type { WorkItemDetailWire } from '../../../lib/work-list/work-list-wire.ts';
import { usePreviewEntry } from './use-decisions.ts';

export interface Entry extends EntryState {
  /** Litres; undefined while the text is no register. */
  indexL: number | undefined;
  /** What it would change, where that was asked for and nothing is filled in otherwise since. */
  previewed: EditPreviewWire | undefined;
  isPreviewing: boolean;
  error: Error | null;
  preview: () => void;
}

/** A register that is entered by hand, by default of the last hour in doubt. */
export function useEntry(detail: WorkItemDetailWire): Entry {
  const last = doubtedHours(detail).at(-1);
  const [values, setValues] = useState({
    ...{ day: last?.day ?? detail.item.toOn, hourEnding: last?.hourEnding ?? 24, text: '' },
  });
  const preview = usePreviewEntry(detail.item.meterId);
  const indexL = typedLitres(values.text);
  const { day, hourEnding } = values;
  const asked = preview.variables;
  const isSame = asked?.day === day && asked.hourEnding === hourEnding && asked.indexL === indexL;
  return {
    ...{ ...values, indexL, days: detail.days.map((each) => each.day) },
    onChange: (change) => setValues((before) => ({ ...before, ...change })),
    previewed: isSame ? preview.data : undefined,
    isPreviewing: preview.isPending,
    error: isSame ? preview.error : null,
    preview: () => {
      if (indexL !== undefined) preview.mutate({ day, hourEnding, indexL });
    },
  };
}
