/** What an edit changes, and what it warns of. Pure. Registers and usage are litres, hours end at k:00 (1…24) of a JST day. */

import { type DayIndexes, hourNumber } from '../usage/usage-line.ts';
import type { RegisterRule } from '../validation/judge-registers.ts';
import type { DayVerdict, MeterHistory } from '../validation/meter-verdicts.ts';
import {
  type MeterCapacity,
  type RegisterStep,
  registerStep,
} from '../validation/register-step.ts';
import type { EditKind } from './edited-hours.ts';

/**
 * Warnings before an edit is made.
 * - `below-before`, `above-after`: an entered or confirmed register is below the one that counts before it, or above the one
 *   after it, and that is no rollover: the usage beside it is unknown.
 * - `too-much-before`, `too-much-after`: more than could have passed the meter between them.
 * - `neighbours-doubtful`: registers beside it come in doubt.
 * - `not-in-doubt`: a register that no rule doubts is struck or confirmed.
 * - `received-differs`: another register was received for the hour, which counted.
 */
export const EDIT_WARNINGS = [
  'below-before',
  'above-after',
  'too-much-before',
  'too-much-after',
  'neighbours-doubtful',
  'not-in-doubt',
  'received-differs',
] as const;
export type EditWarning = (typeof EDIT_WARNINGS)[number];

/** A register of an hour. */
export interface HourRegister {
  day: string;
  hourEnding: number;
  indexL: number;
}

export interface DoubtedRegister extends HourRegister {
  rule: RegisterRule;
}

/** A meter's days as they count with some edits, and the verdicts of that. */
export interface JudgedState {
  days: DayIndexes[];
  verdicts: readonly DayVerdict[];
}

/** Days of a history as they count: without the registers in doubt. */
export function soundDays(
  meterId: number,
  { days }: Pick<MeterHistory, 'days'>,
  verdicts: readonly DayVerdict[],
): DayIndexes[] {
  const byDay = new Map(verdicts.map((verdict) => [verdict.day, verdict]));
  return days.map(({ day, indexL }) => {
    const doubtful = byDay.get(day)?.hours ?? [];
    return {
      ...{ meterId, day, doubtfulHours: doubtful.length > 0 ? doubtful : null },
      indexL: indexL.map((register, at) => (doubtful.includes(at + 1) ? null : register)),
    };
  });
}

/** The registers that count nearest to some hours of a day, before the first and after the last of them. */
export function registersAround(
  days: readonly DayIndexes[],
  day: string,
  hours: readonly number[],
): { before: HourRegister | null; after: HourRegister | null } {
  const first = hourNumber(day, Math.min(...hours));
  const last = hourNumber(day, Math.max(...hours));
  const known = days.flatMap(registersOfDay);
  const earlier = known.filter((register) => hourOf(register) < first);
  const later = known.filter((register) => hourOf(register) > last);
  return {
    before: earlier.reduce<HourRegister | null>(
      (best, each) => (best && hourOf(best) >= hourOf(each) ? best : each),
      null,
    ),
    after: later.reduce<HourRegister | null>(
      (best, each) => (best && hourOf(best) <= hourOf(each) ? best : each),
      null,
    ),
  };
}

function registersOfDay({ day, indexL }: DayIndexes): HourRegister[] {
  return indexL.flatMap((register, at) =>
    register === null ? [] : [{ day, hourEnding: at + 1, indexL: register }],
  );
}

function hourOf({ day, hourEnding }: HourRegister): number {
  return hourNumber(day, hourEnding);
}

/** Registers in doubt by `verdicts` and not by `others`. */
export function doubtedBeside(
  verdicts: readonly DayVerdict[],
  others: readonly DayVerdict[],
): DoubtedRegister[] {
  const listed = (all: readonly DayVerdict[]) =>
    all.flatMap(({ day, hours, indexL, rules }) =>
      hours.flatMap((hourEnding, at): DoubtedRegister[] => {
        const [register, rule] = [indexL[at], rules[at]];
        return register === undefined || rule === undefined
          ? []
          : [{ day, hourEnding, indexL: register, rule }];
      }),
    );
  const key = ({ day, hourEnding }: HourRegister) => `${day} ${hourEnding}`;
  const known = new Set(listed(others).map(key));
  return listed(verdicts).filter((register) => !known.has(key(register)));
}

export interface WarnedEdit {
  kind: EditKind;
  day: string;
  hours: readonly number[];
  indexL: readonly number[];
  received: readonly (number | null)[];
  meter: MeterCapacity;
  before: JudgedState;
  after: JudgedState;
}

/** Warnings of an edit, in the order of EDIT_WARNINGS. */
export function editWarnings(edit: WarnedEdit): EditWarning[] {
  const warnings = new Set<EditWarning>();
  if (edit.kind !== 'struck') warnBeside(edit, warnings);
  if (doubtedBeside(edit.after.verdicts, edit.before.verdicts).length > 0) {
    warnings.add('neighbours-doubtful');
  }
  if (edit.kind === 'entered') {
    const [hour = 0] = edit.hours;
    const counted = countedAt(edit.before.days, edit.day, hour);
    const received = edit.received[hour - 1] ?? null;
    if (received !== null && counted === received && received !== edit.indexL[0]) {
      warnings.add('received-differs');
    }
  } else if (edit.hours.some((hour) => countedAt(edit.before.days, edit.day, hour) !== null)) {
    warnings.add('not-in-doubt');
  }
  return EDIT_WARNINGS.filter((warning) => warnings.has(warning));
}

function countedAt(days: readonly DayIndexes[], day: string, hourEnding: number): number | null {
  return days.find((each) => each.day === day)?.indexL[hourEnding - 1] ?? null;
}

/** Each edited register beside the nearest ones that counted before the edit. */
function warnBeside(
  { day, hours, indexL, meter, before }: WarnedEdit,
  warnings: Set<EditWarning>,
): void {
  hours.forEach((hourEnding, at) => {
    const edited = { day, hourEnding, indexL: indexL[at] ?? 0 };
    const around = registersAround(before.days, day, [hourEnding]);
    const earlier = stateBetween(meter, around.before, edited);
    if (earlier === 'fallen') warnings.add('below-before');
    if (earlier === 'implausible') warnings.add('too-much-before');
    const later = stateBetween(meter, edited, around.after);
    if (later === 'fallen') warnings.add('above-after');
    if (later === 'implausible') warnings.add('too-much-after');
  });
}

function stateBetween(
  meter: MeterCapacity,
  from: HourRegister | null,
  to: HourRegister | null,
): RegisterStep['state'] {
  if (!from || !to) return 'known';
  return registerStep(meter, from.indexL, to.indexL, hourOf(to) - hourOf(from)).state;
}
