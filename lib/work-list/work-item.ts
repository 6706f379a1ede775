/**
 * One item of the work-list with the days around it. Pure. Registers are litres, hours end at k:00 JST (1…24).
 */
import { type EditedHours, type EditKind, holdingEdits } from '../editing/edited-hours.ts';
import { dayHour, hourNumber } from '../usage/usage-line.ts';
import type { RegisterRule, StepRule } from '../validation/judge-registers.ts';
import { type MeterCapacity, possibleL, registerStep } from '../validation/register-step.ts';
import type { WorkItemDetail } from './work-list-wire.ts';

/** Days before and after an item that belong to its picture, and the most days of a picture. */
export const DAYS_BESIDE = 3;
export const MOST_DAYS = 17;

/** A stored day with the verdicts that hold for its values. */
export interface JudgedRecord {
  day: string;
  receivedAt: Date;
  indexL: readonly (number | null)[];
  hours: readonly number[];
  /** The registers that were judged. */
  judgedL: readonly number[];
  rules: readonly RegisterRule[];
  stepHours: readonly number[];
  stepRules: readonly StepRule[];
  /** Standing edits of the day; null without one. */
  edits: Omit<EditedHours, 'day'> | null;
}

type Day = WorkItemDetail['days'][number];
type Hour = Day['hours'][number];

/** A day as it is shown; without a record, one that has no report. */
export function shownDay(day: string, record: JudgedRecord | undefined): Day {
  const edits = record?.edits
    ? holdingEdits(record.indexL, { day, ...record.edits })
    : new Map<number, { kind: EditKind; indexL: number }>();
  return {
    day,
    receivedAt: record?.receivedAt ?? null,
    hours: Array.from({ length: 24 }, (_, at) => {
      const edit = edits.get(at + 1);
      return edit ? editedHour(at + 1, edit, record) : shownHour(at + 1, record);
    }),
  };
}

/** An hour that a person decided is in doubt no longer. */
function editedHour(
  hourEnding: number,
  { kind, indexL }: { kind: EditKind; indexL: number },
  record: JudgedRecord | undefined,
): Hour {
  const stepRule = kind === 'struck' ? shownHour(hourEnding, record).stepRule : null;
  return { hourEnding, indexL, edit: kind, rule: null, stepRule };
}

function shownHour(hourEnding: number, record: JudgedRecord | undefined): Hour {
  const indexL = record?.indexL[hourEnding - 1] ?? null;
  const at = record?.hours.indexOf(hourEnding) ?? -1;
  const step = record?.stepHours.indexOf(hourEnding) ?? -1;
  // A verdict holds for the value that was judged.
  const holds = at >= 0 && indexL !== null && record?.judgedL[at] === indexL;
  return {
    ...{ hourEnding, indexL, edit: null },
    rule: holds ? (record?.rules[at] ?? null) : null,
    stepRule: step >= 0 ? (record?.stepRules[step] ?? null) : null,
  };
}

/** True while a verdict of the day still holds for what is stored. */
export function isInDoubt({ hours }: Day): boolean {
  return hours.some(({ rule, stepRule }) => rule !== null || stepRule !== null);
}

type SoundRegister = NonNullable<WorkItemDetail['before']>;

/** The sound registers around what is in doubt: before the first, and after the last or that of the last step. */
export function soundAround(
  days: readonly Day[],
  { fromOn, toOn }: { fromOn: string; toOn: string },
): Pick<WorkItemDetail, 'before' | 'after'> {
  const hours = days.flatMap(({ day, hours: of }) =>
    of.map((hour) => ({ ...hour, day, at: hourNumber(day, hour.hourEnding) })),
  );
  const doubted = hours.filter(
    ({ day, rule, stepRule }) =>
      fromOn <= day && day <= toOn && (rule !== null || stepRule !== null),
  );
  const first = doubted[0];
  const last = doubted.at(-1);
  if (!first || !last) return { before: null, after: null };
  const sound = hours.filter(
    ({ rule, edit, indexL }) => rule === null && edit !== 'struck' && indexL !== null,
  );
  const before = sound.findLast(({ at }) => at < first.at);
  const after = sound.find(({ at }) => (last.stepRule !== null ? at >= last.at : at > last.at));
  return { before: registerOf(before), after: registerOf(after) };
}

function registerOf(hour: { at: number; indexL: number | null } | undefined): SoundRegister | null {
  if (!hour || hour.indexL === null) return null;
  const { day, hourEnding } = dayHour(hour.at);
  return { day, hourEnding, indexL: hour.indexL };
}

/** Usage between the sound registers around an item, and what could have passed. */
export function usageAround(
  meter: MeterCapacity,
  { before, after }: Pick<WorkItemDetail, 'before' | 'after'>,
): Pick<WorkItemDetail, 'usageL' | 'mostL'> {
  if (!before || !after) return { usageL: null, mostL: null };
  const hours = hourNumber(after.day, after.hourEnding) - hourNumber(before.day, before.hourEnding);
  const step = registerStep(meter, before.indexL, after.indexL, hours);
  return {
    usageL: step.state === 'known' ? step.usageL : null,
    mostL: Math.floor(possibleL(meter, hours)),
  };
}
