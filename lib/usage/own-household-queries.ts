import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { Actor, ConsumerActor } from '../actor.ts';
import { requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import type { GasKind } from '../gas-kind.ts';
import { addDays, dayOf } from '../time.ts';
import type { OwnTime } from './month-usage.ts';
import type { FittedMeter, HourRange } from './usage-line.ts';
import { hourNumber } from './usage-line.ts';
import { listFittedMeters } from './usage-line-queries.ts';

/** Scope of a household: one supply point during its occupancy. */
export interface OwnHousehold {
  utilityId: number;
  supplyPointId: number;
  meters: FittedMeter[];
  gasKind: GasKind;
  /** Closing day of the supply point, 1…31; 31 is the end of the month. */
  closingDay: number;
  customerNumber: string;
  time: OwnTime;
  /** Registers at both ends are included: usage begins at that of 24:00 on the day before. */
  within: HourRange;
}

/** Days that a household can ask for, both included. */
export interface AskableDays {
  /** The first day with a reading, not before the occupancy. */
  firstDay: string;
  /** Today, or the occupancy's last day. */
  finalDay: string;
  /** The last day with a reading; null without one. */
  lastReadDay: string | null;
}

/** @throws DomainError `forbidden` for any actor but a consumer. */
export function requireConsumer(actor: Actor): ConsumerActor {
  requireCapability(actor, 'own-usage.read');
  if (actor.kind !== 'consumer') {
    throw new DomainError('forbidden', 'only a consumer has usage of their own', {
      capability: 'own-usage.read',
    });
  }
  return actor;
}

/** The consumer's household. @throws DomainError `not_found` when it is not registered any more. */
export async function getOwnHousehold(db: ReadDb, actor: ConsumerActor): Promise<OwnHousehold> {
  const row = await db
    .selectFrom('occupancy as o')
    .innerJoin('supply_point as p', (join) =>
      join
        .onRef('p.utility_id', '=', 'o.utility_id')
        .onRef('p.supply_point_id', '=', 'o.supply_point_id'),
    )
    .where('o.utility_id', '=', actor.utilityId)
    .where('o.occupancy_id', '=', actor.occupancyId)
    .select([
      'o.supply_point_id as supplyPointId',
      'o.customer_number as customerNumber',
      'o.from_on as fromOn',
      'o.to_on as toOn',
      'p.gas_kind as gasKind',
      'p.closing_day as closingDay',
    ])
    .executeTakeFirst();
  if (!row) throw new DomainError('not_found', 'this customer number is not registered any more');
  const { fromOn, toOn, ...rest } = row;
  const { utilityId } = actor;
  return {
    ...rest,
    utilityId,
    meters: await listFittedMeters(db, { utilityId, supplyPointId: rest.supplyPointId }),
    time: { firstDay: fromOn, lastDay: toOn === null ? null : addDays(toOn, -1) },
    within: {
      from: hourNumber(fromOn, 0),
      to: toOn === null ? Number.POSITIVE_INFINITY : hourNumber(toOn, 0),
    },
  };
}

/** The days that the household can ask for at an instant. */
export async function getAskableDays(
  db: ReadDb,
  own: OwnHousehold,
  now: Date,
): Promise<AskableDays> {
  const today = dayOf(now);
  const { firstDay: movedInOn, lastDay } = own.time;
  const finalDay = lastDay !== null && lastDay < today ? lastDay : today;
  if (own.meters.length === 0) return { firstDay: finalDay, finalDay, lastReadDay: null };
  const read = await db
    .selectFrom('meter_day')
    .where('utility_id', '=', own.utilityId)
    .where((is) =>
      is.or(
        own.meters.map(({ meterId, fittedAt, removedAt }) =>
          is.and([
            is('meter_id', '=', meterId),
            is('day', '>=', dayOf(fittedAt)),
            ...(removedAt ? [is('day', '<=', dayOf(removedAt))] : []),
          ]),
        ),
      ),
    )
    .where('day', '>=', movedInOn)
    .where('day', '<=', finalDay)
    .select(({ fn }) => [
      fn.min('day').as('first'),
      sql<string | null>`max(day) filter (where closing_hour is not null)`.as('last'),
    ])
    .executeTakeFirst();
  return { firstDay: read?.first ?? finalDay, finalDay, lastReadDay: read?.last ?? null };
}

/** True when the household has moved out before the instant's day. */
export function hasMovedOut(own: OwnHousehold, now: Date): boolean {
  return own.time.lastDay !== null && own.time.lastDay < dayOf(now);
}
