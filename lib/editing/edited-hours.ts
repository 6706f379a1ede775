/**
 * Standing edits of a meter's JST day, and the registers that count with them. Pure: the twin of the database's functions
 * sound_index and unedited_hours. Hours are those that end at k:00 (1…24), registers integer litres, null without one.
 */
import { certain } from '../certain.ts';

/**
 * Kinds of edit.
 * - `struck` (指針取消): the register is no reading.
 * - `entered` (手入力): a register that was read otherwise, also of an hour that was never received.
 * - `confirmed` (確認済): the register is right, although a rule doubts it.
 */
export const EDIT_KINDS = ['struck', 'entered', 'confirmed'] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

/** Edits of a day, element by element: the register of `entered`, or the stored one that the edit is about. */
export interface EditedHours {
  day: string;
  hours: readonly number[];
  kinds: readonly EditKind[];
  indexL: readonly number[];
}

export type Registers = readonly (number | null)[];

export const NO_REGISTERS: Registers = new Array<null>(24).fill(null);

interface Edit {
  kind: EditKind;
  indexL: number;
}

/** The edit that holds for each hour of the received registers; those of a value that the day has no more hold for nothing. */
export function holdingEdits(received: Registers, edits: EditedHours): Map<number, Edit> {
  const holding = new Map<number, Edit>();
  edits.hours.forEach((hour, at) => {
    const kind = certain(edits.kinds[at], 'the kind of an edit');
    const indexL = certain(edits.indexL[at], 'the register of an edit');
    if (kind === 'entered' || received[hour - 1] === indexL) holding.set(hour, { kind, indexL });
  });
  return holding;
}

/** What validation judges of a day: registers without the struck ones, and the hours that no rule may put in doubt. */
export interface EditedRegisters {
  indexL: (number | null)[];
  /** Hours ending of registers that a person entered or confirmed, ascending. */
  anchorHours: number[];
}

export function editedRegisters(received: Registers, edits: EditedHours): EditedRegisters {
  const indexL = [...received];
  const anchorHours: number[] = [];
  for (const [hour, edit] of holdingEdits(received, edits)) {
    indexL[hour - 1] = edit.kind === 'struck' ? null : edit.indexL;
    if (edit.kind !== 'struck') anchorHours.push(hour);
  }
  return { indexL, anchorHours: anchorHours.sort((a, b) => a - b) };
}

/** The same with one more edit of the day, which has its hours from now on. */
export function withEdit(edits: EditedHours, edit: EditedHours): EditedHours {
  return joined(withoutHours(edits, edit.hours), edit);
}

/** The same without the edits of some hours. */
export function withoutHours(edits: EditedHours, hours: readonly number[]): EditedHours {
  const kept = edits.hours.flatMap((hour, at) => (hours.includes(hour) ? [] : [at]));
  const of = <T>(all: readonly T[]) => kept.map((at) => certain(all[at], 'an edit'));
  return {
    day: edits.day,
    hours: of(edits.hours),
    kinds: of(edits.kinds),
    indexL: of(edits.indexL),
  };
}

function joined(one: EditedHours, other: EditedHours): EditedHours {
  return {
    day: one.day,
    hours: [...one.hours, ...other.hours],
    kinds: [...one.kinds, ...other.kinds],
    indexL: [...one.indexL, ...other.indexL],
  };
}
