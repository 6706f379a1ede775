/**
 * What a person may decide of an item as a whole, as edits (`lib/editing`): each edit is of one day. Pure. Registers are
 * litres, hours end at k:00 JST (1…24).
 */
import type { EditKind } from '../editing/edited-hours.ts';
import type { WorkItemDetail } from './work-list-wire.ts';

/**
 * Decisions on an item: all its registers in doubt are struck out, or they are confirmed, with the registers at its steps.
 * A register that is entered by hand is a decision on one hour.
 */
export const WORK_CHOICES = ['struck', 'confirmed'] as const satisfies readonly EditKind[];
export type WorkChoice = (typeof WORK_CHOICES)[number];

/** Most edits that one decision makes. */
export const MOST_EDITS = 31;

/** An edit of a day: of one hour, or with null of the whole day. */
export interface ChoiceEdit {
  day: string;
  kind: WorkChoice;
  hourEnding: number | null;
  /** The hours that it concerns, and their stored registers. */
  hours: number[];
  indexL: number[];
}

type Day = WorkItemDetail['days'][number];
type Hour = Day['hours'][number];

/** The edits of a decision, in order of time; empty where the item has nothing that it could be about. */
export function choiceEdits(days: readonly Day[], choice: WorkChoice): ChoiceEdit[] {
  return days.flatMap(({ day, hours }) => {
    const stored = hours.filter(({ indexL, edit }) => indexL !== null && edit === null);
    const doubted = stored.filter(({ rule }) => rule !== null);
    const steps = stored.filter(({ rule, stepRule }) => rule === null && stepRule !== null);
    const whole = choice === 'struck' ? doubted.length === stored.length : doubted.length > 1;
    const registers = doubted.length > 1 && whole ? [doubted] : doubted.map((hour) => [hour]);
    const chosen = choice === 'struck' ? registers : [...registers, ...steps.map((hour) => [hour])];
    return chosen.map((of) => editOf(day, choice, of));
  });
}

function editOf(day: string, kind: WorkChoice, hours: readonly Hour[]): ChoiceEdit {
  return {
    ...{ day, kind },
    hourEnding: hours.length === 1 ? (hours[0]?.hourEnding ?? null) : null,
    hours: hours.map(({ hourEnding }) => hourEnding),
    indexL: hours.map(({ indexL }) => indexL ?? 0),
  };
}
