/** Values of the form of an edit, and the request bodies made from them. Registers are entered in m³, as on the meter. */
import { EDIT_KINDS, type EditKind } from '../../lib/editing/edited-hours.ts';
import type { EditReason, ReadingEditInput } from '../../lib/editing/reading-edit.ts';
import { isDay } from '../../lib/time.ts';
import { litresOf } from '../exchange/exchange-values.ts';

/** Named as in the API, so that its faults map to fields. */
export interface EditValues {
  kind: EditKind;
  day: string;
  /** 1…24 as text; empty for the whole day. */
  hourEnding: string;
  indexL: string;
  /** Empty until one is chosen. */
  reason: EditReason | '';
  note: string;
}

/** Initial values from the page's address: `day`, `hour` and `kind`, each if it can be read. */
export function initialEdit(get: (name: string) => string | undefined): EditValues {
  const [day = '', hour = '', kind] = [get('day'), get('hour'), get('kind')];
  return {
    kind: EDIT_KINDS.find((each) => each === kind) ?? 'entered',
    day: isDay(day) ? day : '',
    hourEnding: /^([1-9]|1\d|2[0-4])$/.test(hour) ? hour : '24',
    ...{ indexL: '', reason: '', note: '' },
  };
}

/** Names of messages by field. */
export type EditFaults = Partial<
  Record<'day' | 'indexL' | 'reason' | 'note' | 'hourEnding', 'required' | 'noRegister'>
>;

/** Faults found before sending; the others are found by the server. */
export function editFaults({
  kind,
  day,
  hourEnding,
  indexL,
  reason,
  note,
}: EditValues): EditFaults {
  const litres = litresOf(indexL);
  return {
    ...(isDay(day) ? {} : { day: 'required' as const }),
    ...(kind === 'entered' && hourEnding === '' ? { hourEnding: 'required' as const } : {}),
    ...(kind === 'entered' && litres === null ? { indexL: 'required' as const } : {}),
    ...(kind === 'entered' && litres === undefined ? { indexL: 'noRegister' as const } : {}),
    ...(reason === '' ? { reason: 'required' as const } : {}),
    ...(reason === 'other' && note.trim() === '' ? { note: 'required' as const } : {}),
  };
}

type EditSubjectBody = Pick<ReadingEditInput, 'day' | 'kind' | 'hourEnding'> & { indexL?: number };

/** Body of a preview, of a form without faults. */
export function editSubject({ kind, day, hourEnding, indexL }: EditValues): EditSubjectBody {
  const litres = litresOf(indexL);
  return {
    ...{ kind, day, hourEnding: hourEnding === '' ? null : Number(hourEnding) },
    ...(kind === 'entered' && typeof litres === 'number' && { indexL: litres }),
  };
}

/** Body of the act, after the preview, with the issued closings that the person ticked. */
export function editBody(values: EditValues, acknowledgedClosings: string[]) {
  const { reason, note } = values;
  return {
    ...editSubject(values),
    ...{ reason: reason === '' ? ('other' as const) : reason, note: note.trim() },
    acknowledgedClosings,
  };
}
