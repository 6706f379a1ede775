'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { KINDS, type Kind, USUAL_REASON } from '../../../components/work-list/decision.ts';
import {
  type DecisionDraft,
  DecisionPanel,
} from '../../../components/work-list/decision-panel.tsx';
import { EntryFields } from '../../../components/work-list/entry-fields.tsx';
import { RefusedDecision } from '../../../components/work-list/refused-decision.tsx';
import type { WorkChoicesWire } from '../../../lib/work-list/choice-wire.ts';
import type { WorkItemDetailWire } from '../../../lib/work-list/work-list-wire.ts';
import { useCheckKeys } from './use-check-keys.ts';
import { type Decision, type PlannedEdit, useChoices } from './use-decisions.ts';
import { type Entry, useEntry } from './use-entry.ts';
import { useShownChoices } from './use-shown-choices.ts';

export interface DecideProps {
  detail: WorkItemDetailWire;
  /** Whether the page's keys act. */
  hasKeys: boolean;
  isBusy: boolean;
  error: Error | null;
  onDecide: (decision: Decision) => void;
}

const FIRST_DRAFT: DecisionDraft = {
  ...{ kind: undefined, reason: USUAL_REASON.struck, note: '', isAcknowledged: false },
};

/** The decision on the open item: chosen, with its reason, then made. */
export function Decide({ detail, hasKeys, isBusy, error, onDecide }: DecideProps) {
  const { item } = detail;
  const choices = useChoices({ meterId: item.meterId, fromOn: item.fromOn });
  const [draft, setDraft] = useState(FIRST_DRAFT);
  const [isTried, setTried] = useState(false);
  const entry = useEntry(detail);
  const shown = useShownChoices(detail, choices.data, entry);
  const edits = plannedEdits(draft.kind, choices.data, entry);
  const issued = [...new Set(edits.flatMap((edit) => edit.issued))].toSorted();
  const faults = useFaults(draft, entry, issued);
  const change = (by: Partial<DecisionDraft>) => setDraft((before) => changed(before, by));
  const confirm = () => {
    setTried(true);
    const { kind, reason, note } = draft;
    if (kind === undefined || isBusy || Object.values(faults).some(Boolean)) return;
    if (kind === 'entered' && !entry.previewed) return entry.preview();
    if (edits.length > 0) onDecide({ item, kind, edits, reason, note: note.trim() });
  };
  const choose = (kind: Kind) => () => {
    if (shown.some((choice) => choice.kind === kind)) change({ kind });
  };
  useCheckKeys(
    {
      ...Object.fromEntries(KINDS.map((kind, at) => [String(at + 1), choose(kind)])),
      Enter: confirm,
    },
    hasKeys,
  );
  const isUnseen = draft.kind === 'entered' && !entry.previewed;
  const t = useTranslations('check.decide');
  return (
    <DecisionPanel
      {...{ choices: shown, draft, issued, onDraft: change, onConfirm: confirm }}
      entry={
        draft.kind === 'entered' ? (
          <EntryFields entry={entry} fault={isTried ? faults.index : undefined} />
        ) : null
      }
      confirmText={isUnseen ? t('preview') : t('confirm')}
      faults={isTried ? faults : {}}
      isBusy={isBusy || entry.isPreviewing}
      notice={<RefusedDecision error={error ?? entry.error ?? choices.error} />}
    />
  );
}

/** A kind that is chosen brings its usual reason, and asks for the acknowledgement anew. */
function changed(draft: DecisionDraft, by: Partial<DecisionDraft>): DecisionDraft {
  if (by.kind === undefined || by.kind === draft.kind) return { ...draft, ...by };
  return { ...draft, reason: USUAL_REASON[by.kind], isAcknowledged: false, ...by };
}

/** The edits of the chosen decision; none until they are known. */
function plannedEdits(
  kind: Kind | undefined,
  choices: WorkChoicesWire | undefined,
  { day, hourEnding, indexL, previewed }: Entry,
): readonly PlannedEdit[] {
  if (kind !== 'entered')
    return choices?.choices.find(({ choice }) => choice === kind)?.edits ?? [];
  if (indexL === undefined || !previewed) return [];
  return [{ day, kind, hourEnding, indexL, issued: previewed.issued }];
}

function useFaults(draft: DecisionDraft, { indexL }: Entry, issued: readonly string[]) {
  const t = useTranslations('check.decide');
  const isNoteMissing = draft.reason === 'other' && draft.note.trim() === '';
  return {
    index: draft.kind === 'entered' && indexL === undefined ? t('indexMissing') : undefined,
    note: isNoteMissing ? t('noteMissing') : undefined,
    acknowledge: issued.length > 0 && !draft.isAcknowledged ? t('acknowledgeMissing') : undefined,
  };
}
