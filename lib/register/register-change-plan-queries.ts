// Checks a change of a supply point against the register, before its preview and before its registration.
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { conflictingField, DomainError, type FaultReason } from '../errors.ts';
import { addDays, dayOf } from '../time.ts';
import { daysOfChange, type FittingChange, isFittingChange } from './fitting-change.ts';
import { plannedFitting } from './fitting-plan-queries.ts';
import {
  affectsFrom,
  type PlannedChange,
  type Stay,
  type SupplyPointRegister,
} from './register-change.ts';
import type { RegisterChangeGiven } from './register-change-wire.ts';

/** A change of the supply point `supplyPointId`, as the API has it. */
export type RegisterChangeInput = RegisterChangeGiven & { supplyPointId: number; now: Date };

/** A change that fits the register, with the register before it. */
export interface ChangePlan {
  was: SupplyPointRegister;
  change: PlannedChange;
  /** First day on which the register is other than before, and the first whose closing it concerns. */
  holdsFrom: string;
  affectsFrom: string;
  acknowledgedClosings: readonly string[];
}

/** Days that a move may lie ahead. */
const AHEAD_DAYS = 366;

/**
 * The change with the register of its supply point. Refusals name the invalid field. Errors: not_found (supply point,
 * stay), conflict (occupied, closed, no change, changed on a later day), invalid_input (a day too far ahead), forbidden.
 */
export async function getChangePlan(
  db: ReadDb,
  actor: Actor,
  input: RegisterChangeInput,
): Promise<ChangePlan> {
  requireCapability(actor, 'register.change');
  const was = await getSupplyPointRegister(db, actor, input);
  const change = isFittingChange(input)
    ? await plannedFitting(db, actor, was, input)
    : plannedChange(was, input);
  if ('stay' in change) await requireFree(db, actor, was, change.stay);
  const since = affectsFrom(was, change);
  return {
    ...{ was, change, affectsFrom: since },
    holdsFrom: holdsFromOf(was, change),
    acknowledgedClosings: 'acknowledgedClosings' in input ? (input.acknowledgedClosings ?? []) : [],
  };
}

/** What the register says of a supply point. Errors: not_found, forbidden. */
export async function getSupplyPointRegister(
  db: ReadDb,
  actor: Actor,
  { supplyPointId }: { supplyPointId: number },
): Promise<SupplyPointRegister> {
  requireCapability(actor, 'meter.read');
  const own = { utility_id: actor.utilityId, supply_point_id: supplyPointId };
  const place = await db
    .selectFrom('supply_point')
    .select(['number', 'closing_day', 'opened_on', 'closed_on', 'tariff_id', 'area_id'])
    .where((is) => is.and(own))
    .executeTakeFirst();
  if (!place) {
    throw new DomainError('not_found', 'there is no such supply point', { supplyPointId });
  }
  const stays = await db
    .selectFrom('occupancy')
    .select(['occupancy_id', 'customer_number', 'from_on', 'to_on'])
    .where((is) => is.and(own))
    .orderBy('from_on')
    .execute();
  const former = await db
    .selectFrom('former_closing_day')
    .select(['until_on', 'closing_day'])
    .where((is) => is.and(own))
    .orderBy('until_on')
    .execute();
  return {
    ...{ supplyPointId, supplyPointNumber: place.number, closingDay: place.closing_day },
    ...{ openedOn: place.opened_on, closedOn: place.closed_on },
    ...{ tariffId: place.tariff_id, areaId: place.area_id },
    former: former.map((row) => ({ untilOn: row.until_on, closingDay: row.closing_day })),
    stays: stays.map((row) => ({
      ...{ occupancyId: row.occupancy_id, customerNumber: row.customer_number },
      ...{ fromOn: row.from_on, toOn: row.to_on },
    })),
  };
}

function plannedChange(
  was: SupplyPointRegister,
  input: Exclude<RegisterChangeInput, { kind: FittingChange['kind'] }>,
): PlannedChange {
  const today = dayOf(input.now);
  switch (input.kind) {
    case 'move-in':
    case 'move-out':
    case 'stay-corrected':
      return plannedStay(was, input, today);
    case 'supply-closed':
    case 'supply-opened':
      return plannedSupply(was, input);
    case 'closing-day':
      return plannedClosingDay(was, input, today);
    case 'tariff':
      if (input.tariffId === was.tariffId) throw unchanged('tariffId', 'has this tariff already');
      return { kind: 'tariff', holdsFrom: today, tariffId: input.tariffId };
    case 'area':
      if (input.areaId === was.areaId) throw unchanged('areaId', 'is in this area already');
      return { kind: 'area', holdsFrom: today, areaId: input.areaId };
  }
}

function refused(field: string, message: string, reason: FaultReason): DomainError {
  return conflictingField(field, message, reason);
}

function unchanged(field: string, what: string): DomainError {
  return refused(field, `the supply point ${what}: there is nothing to change`, 'no-change');
}

type StayInput = Extract<RegisterChangeInput, { kind: 'move-in' | 'move-out' | 'stay-corrected' }>;

function plannedStay(was: SupplyPointRegister, input: StayInput, today: string): PlannedChange {
  const stay = stayOf(was, input);
  const dayField = input.kind === 'move-out' ? 'toOn' : 'fromOn';
  if (stay.toOn !== null && stay.toOn <= stay.fromOn) {
    throw refused('toOn', `the stay begins on ${stay.fromOn}: give a later day`, 'too-early');
  }
  const furthest = addDays(today, AHEAD_DAYS);
  if (stay.fromOn > furthest || (stay.toOn ?? stay.fromOn) > furthest) {
    throw refused(dayField, 'that is more than a year ahead: look at the year', 'to-come');
  }
  const old = was.stays.find(({ occupancyId }) => occupancyId === stay.occupancyId);
  if (old && old.fromOn === stay.fromOn && old.toOn === stay.toOn) {
    throw refused(dayField, 'the stay has these days already', 'no-change');
  }
  requireOpen(was, stay);
  return { kind: kindOf(old, stay), stay };
}

function kindOf(old: Stay | undefined, stay: Stay): 'move-in' | 'move-out' | 'stay-corrected' {
  if (!old) return 'move-in';
  return old.toOn === null && old.fromOn === stay.fromOn ? 'move-out' : 'stay-corrected';
}

function stayOf(was: SupplyPointRegister, input: StayInput): Stay {
  if (input.kind === 'move-in') {
    const { customerNumber, fromOn } = input;
    return { occupancyId: 0, customerNumber, fromOn, toOn: null };
  }
  const old = was.stays.find(({ occupancyId }) => occupancyId === input.occupancyId);
  if (!old) {
    throw new DomainError('not_found', 'there is no such stay at this supply point', {
      occupancyId: input.occupancyId,
    });
  }
  return {
    ...old,
    ...(input.kind === 'stay-corrected' && { fromOn: input.fromOn }),
    toOn: input.toOn,
  };
}

function requireOpen({ openedOn, closedOn }: SupplyPointRegister, stay: Stay): void {
  if (stay.fromOn < openedOn) {
    throw refused('fromOn', `the supply point is open since ${openedOn} only`, 'not-open');
  }
  if (closedOn !== null && (stay.toOn === null || stay.toOn > closedOn)) {
    const field = stay.occupancyId === 0 ? 'fromOn' : 'toOn';
    throw refused(field, `the supply ended on ${closedOn}: open it again first`, 'not-open');
  }
}

function plannedSupply(
  was: SupplyPointRegister,
  { kind, holdsFrom }: Extract<RegisterChangeInput, { kind: 'supply-closed' | 'supply-opened' }>,
): PlannedChange {
  const field = 'holdsFrom';
  if (kind === 'supply-opened') {
    if (was.closedOn === null) throw unchanged(field, 'is open');
    if (holdsFrom < was.closedOn) {
      throw refused(field, `the supply ended on ${was.closedOn} only`, 'not-closed');
    }
    return { kind, holdsFrom };
  }
  if (was.closedOn !== null) throw unchanged(field, `is closed since ${was.closedOn}`);
  if (holdsFrom < was.openedOn) {
    throw refused(field, `the supply point is open since ${was.openedOn} only`, 'too-early');
  }
  const there = was.stays.find(({ toOn }) => toOn === null || toOn > holdsFrom);
  if (there) {
    const message = `customer number ${there.customerNumber} is there then: register the move-out first`;
    throw refused(field, message, 'occupied');
  }
  return { kind, holdsFrom };
}

function plannedClosingDay(
  was: SupplyPointRegister,
  { closingDay, holdsFrom }: Extract<RegisterChangeInput, { kind: 'closing-day' }>,
  today: string,
): PlannedChange {
  if (closingDay === was.closingDay) throw unchanged('closingDay', 'has this closing day already');
  if (holdsFrom > today) {
    throw refused('holdsFrom', 'that is still to come: register it once it holds', 'to-come');
  }
  const last = was.former.at(-1);
  if (last && last.untilOn >= holdsFrom) {
    const message = `the closing day was changed on ${last.untilOn}: give a later day, or undo that first`;
    throw refused('holdsFrom', message, 'changed-later');
  }
  return { kind: 'closing-day', holdsFrom, closingDay };
}

function holdsFromOf(was: SupplyPointRegister, change: PlannedChange): string {
  if (isFittingChange(change)) return daysOfChange(change).holdsFrom;
  return 'stay' in change ? stayHoldsFrom(was, change.stay) : change.holdsFrom;
}

/** The first day of a stay, or the first one that is no longer the customer's, of those that change. */
function stayHoldsFrom({ stays }: SupplyPointRegister, stay: Stay): string {
  const old = stays.find(({ occupancyId }) => occupancyId === stay.occupancyId);
  if (!old) return stay.fromOn;
  const days = [
    ...(old.fromOn === stay.fromOn ? [] : [old.fromOn, stay.fromOn]),
    ...(old.toOn === stay.toOn ? [] : [old.toOn, stay.toOn]),
  ];
  return days.filter((day) => day !== null).sort()[0] ?? stay.fromOn;
}

/** @throws DomainError `conflict` when another is at the supply point then, or the customer number elsewhere. */
async function requireFree(
  db: ReadDb,
  actor: Actor,
  was: SupplyPointRegister,
  stay: Stay,
): Promise<void> {
  const overlaps = (other: { fromOn: string; toOn: string | null }) =>
    (other.toOn === null || other.toOn > stay.fromOn) &&
    (stay.toOn === null || stay.toOn > other.fromOn);
  const there = was.stays.find((each) => each.occupancyId !== stay.occupancyId && overlaps(each));
  if (there) {
    const until = there.toOn === null ? '' : ` to ${addDays(there.toOn, -1)}`;
    const message = `customer number ${there.customerNumber} is there from ${there.fromOn}${until}: register its move-out first`;
    throw refused(stay.occupancyId === 0 ? 'fromOn' : 'toOn', message, 'occupied');
  }
  const elsewhere = await db
    .selectFrom('occupancy as o')
    .innerJoin('supply_point as p', (join) =>
      join
        .onRef('p.utility_id', '=', 'o.utility_id')
        .onRef('p.supply_point_id', '=', 'o.supply_point_id'),
    )
    .select(['p.number', 'o.from_on as fromOn', 'o.to_on as toOn'])
    .where('o.utility_id', '=', actor.utilityId)
    .where('o.customer_number', '=', stay.customerNumber)
    .where('o.occupancy_id', '<>', stay.occupancyId)
    .execute();
  const other = elsewhere.find(overlaps);
  if (!other) return;
  const message = `customer number ${stay.customerNumber} is at supply point ${other.number} then: register its move-out there first`;
  throw refused('customerNumber', message, 'occupied-elsewhere');
}
