// Checks an edit of a reading against what is stored, before its preview and before the act.
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { conflictingField, DomainError, invalidField } from '../errors.ts';
import { instantOf } from '../time.ts';
import { type EditedHours, type EditKind, NO_REGISTERS, type Registers } from './edited-hours.ts';
import type { EditSubject } from './reading-edit.ts';

/** An edit that fits what is stored: its hours, each with the register that it says or is about. */
export interface EditPlan {
  meterId: number;
  day: string;
  kind: EditKind;
  hours: number[];
  indexL: number[];
  /** Registers of the day as they were received. */
  received: Registers;
}

export interface EditOf extends EditSubject {
  meterId: number;
  now: Date;
}

interface StoredDay {
  dialL: number;
  received: (number | null)[] | null;
  doubtfulHours: number[] | null;
  edited: Omit<EditedHours, 'day'> | null;
  fittings: { fittedAt: string; removedAt: string | null }[] | null;
}

/**
 * The edit with its hours and registers. Errors: not_found (no such meter), invalid_input, conflict (each names its
 * field), forbidden.
 */
export async function getEditPlan(db: ReadDb, actor: Actor, edit: EditOf): Promise<EditPlan> {
  requireCapability(actor, 'reading.edit');
  const stored = await getStoredDay(db, actor, edit);
  const { meterId, day, kind } = edit;
  const received = stored.received ?? NO_REGISTERS;
  const { hours, indexL } =
    kind === 'entered' ? enteredHour(edit, stored) : storedHours(edit, stored, received);
  requireNew({ kind, hours, indexL }, stored.edited);
  return { meterId, day, kind, hours, indexL, received };
}

async function getStoredDay(
  db: ReadDb,
  { utilityId }: Actor,
  { meterId, day }: EditOf,
): Promise<StoredDay> {
  const { rows } = await sql<StoredDay>`
    select m.dial_l as "dialL", d.index_l as received,
      (select s.doubtful_hours from sound_day s
       where s.utility_id = m.utility_id and s.meter_id = m.meter_id and s.day = ${day}::date) as "doubtfulHours",
      (select json_build_object('hours', e.hours, 'kinds', e.kinds, 'indexL', e.index_l) from edited_day e
       where e.utility_id = m.utility_id and e.meter_id = m.meter_id and e.day = ${day}::date) as edited,
      (select json_agg(json_build_object('fittedAt', f.fitted_at, 'removedAt', f.removed_at)) from meter_fitting f
       where f.utility_id = m.utility_id and f.meter_id = m.meter_id) as fittings
    from meter m
    left join meter_day d on d.utility_id = m.utility_id and d.meter_id = m.meter_id and d.day = ${day}::date
    where m.utility_id = ${utilityId} and m.meter_id = ${meterId}`.execute(db);
  const [row] = rows;
  if (!row) throw new DomainError('not_found', 'there is no such meter', { meterId });
  return row;
}

interface Hours {
  hours: number[];
  indexL: number[];
}

function enteredHour({ day, hourEnding, indexL, now }: EditOf, stored: StoredDay): Hours {
  if (hourEnding === null || indexL === undefined)
    throw invalidField('indexL', 'give the hour and the register');
  if (indexL >= stored.dialL) {
    const message = `${indexL} L does not fit on the dial, which counts to ${stored.dialL - 1} L: read the register again`;
    throw invalidField('indexL', message, 'beyond-dial');
  }
  if (instantOf(day, hourEnding) > now) {
    throw invalidField('hourEnding', 'that hour has not ended yet', 'to-come');
  }
  if (!isFitted(day, hourEnding, stored)) {
    throw invalidField('hourEnding', 'the meter was not fitted then', 'not-fitted');
  }
  return { hours: [hourEnding], indexL: [indexL] };
}

function isFitted(day: string, hourEnding: number, { fittings }: StoredDay): boolean {
  const at = instantOf(day, hourEnding);
  return (fittings ?? []).some(
    ({ fittedAt, removedAt }) =>
      new Date(fittedAt) <= at && (removedAt === null || new Date(removedAt) >= at),
  );
}

function storedHours(
  { day, kind, hourEnding, indexL }: EditOf,
  stored: StoredDay,
  received: Registers,
): Hours {
  if (hourEnding !== null) {
    const register = received[hourEnding - 1] ?? null;
    if (register === null) {
      throw invalidField('hourEnding', 'no register is stored for that hour', 'not-received');
    }
    if (indexL !== undefined && indexL !== register) {
      const message = `the stored register is ${register} L meanwhile: look at it again`;
      throw conflictingField('indexL', message, 'other-register');
    }
    if (!isFitted(day, hourEnding, stored)) {
      throw invalidField('hourEnding', 'the meter was not fitted then', 'not-fitted');
    }
    return { hours: [hourEnding], indexL: [register] };
  }
  const isMeant = (hour: number) =>
    kind === 'struck' || (stored.doubtfulHours?.includes(hour) ?? false);
  const chosen = received.flatMap((register, at) =>
    register !== null && isMeant(at + 1) && isFitted(day, at + 1, stored)
      ? [{ hour: at + 1, register }]
      : [],
  );
  if (chosen.length === 0) {
    throw kind === 'struck'
      ? invalidField('day', 'no register is stored for that day', 'not-received')
      : invalidField('day', 'no register of that day is in doubt', 'not-in-doubt');
  }
  return {
    hours: chosen.map(({ hour }) => hour),
    indexL: chosen.map(({ register }) => register),
  };
}

/** Refuses what a standing edit says already. */
function requireNew(
  { kind, hours, indexL }: Hours & { kind: EditKind },
  edited: StoredDay['edited'],
): void {
  const isAlike = hours.every((hour, at) => {
    const place = edited?.hours.indexOf(hour) ?? -1;
    return place >= 0 && edited?.kinds[place] === kind && edited.indexL[place] === indexL[at];
  });
  if (isAlike) {
    throw conflictingField('kind', 'an edit that says the same stands already', 'edited-alike');
  }
}
