// Registration of areas, supply points and occupancies.
import type { Tx } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { DomainError } from '../errors.ts';
import * as register from './register.ts';
import { occupancyBegun, supplyPointRegistered } from './register-acts.ts';

/** Registers a supply area and returns its id. Errors: invalid_input, conflict (code taken), forbidden. */
export async function registerArea(tx: Tx, actor: Actor, input: register.Area): Promise<number> {
  requireCapability(actor, 'register.write');
  const area = register.acceptInput(register.Area, input);
  const { area_id } = await explainRefusal(
    {
      area_utility_id_code_key: `area code ${area.code} is taken: choose another`,
      area_utility_id_parent_area_id_fkey: 'the parent area is not registered: register it first',
    },
    () =>
      tx
        .insertInto('area')
        .values({
          utility_id: actor.utilityId,
          parent_area_id: area.parentAreaId ?? null,
          code: area.code,
          name: area.name,
          gas_kind: area.gasKind,
          pressure_min_pa: area.pressureMinPa,
          pressure_max_pa: area.pressureMaxPa,
        })
        .returning('area_id')
        .executeTakeFirstOrThrow(),
  );
  await recordAct(tx, actor, {
    act: 'area.registered',
    subject: `area:${area_id}`,
    detail: { code: area.code, gasKind: area.gasKind },
  });
  return area_id;
}

/**
 * Registers a supply point with the gas kind of its area and returns its id. Errors: invalid_input, not_found (area),
 * conflict (number taken), forbidden.
 */
export async function registerSupplyPoint(
  tx: Tx,
  actor: Actor,
  input: register.SupplyPoint,
): Promise<number> {
  requireCapability(actor, 'register.write');
  const supplyPoint = register.acceptInput(register.SupplyPoint, input);
  const area = await tx
    .selectFrom('area')
    .select('gas_kind')
    .where('utility_id', '=', actor.utilityId)
    .where('area_id', '=', supplyPoint.areaId)
    .executeTakeFirst();
  if (!area) throw notFound('the area', 'register it first', { areaId: supplyPoint.areaId });
  const { supply_point_id } = await explainRefusal(
    {
      supply_point_utility_id_number_key: `supply point ${supplyPoint.number} is registered already: choose another number`,
    },
    () =>
      tx
        .insertInto('supply_point')
        .values({
          utility_id: actor.utilityId,
          number: supplyPoint.number,
          area_id: supplyPoint.areaId,
          gas_kind: area.gas_kind,
          closing_day: supplyPoint.closingDay,
          tariff_id: null,
          opened_on: supplyPoint.openedOn,
          closed_on: null,
        })
        .returning('supply_point_id')
        .executeTakeFirstOrThrow(),
  );
  await recordAct(tx, actor, supplyPointRegistered(supply_point_id, supplyPoint));
  return supply_point_id;
}

/**
 * Begins the occupancy of a customer number and returns its id. Errors: invalid_input, conflict (supply point or number
 * occupied then), not_found, forbidden.
 */
export async function moveIn(tx: Tx, actor: Actor, input: register.MoveIn): Promise<number> {
  requireCapability(actor, 'register.write');
  const { supplyPointId, customerNumber, fromOn } = register.acceptInput(register.MoveIn, input);
  const { occupancy_id } = await explainRefusal(
    {
      occupancy_one_customer_at_a_time: `another customer number is at this supply point on ${fromOn}: register its move-out first`,
      occupancy_one_place_at_a_time: `customer number ${customerNumber} is at another supply point on ${fromOn}: register its move-out there first`,
      occupancy_utility_id_supply_point_id_fkey:
        'the supply point is not registered: register it first',
    },
    () =>
      tx
        .insertInto('occupancy')
        .values({
          utility_id: actor.utilityId,
          supply_point_id: supplyPointId,
          customer_number: customerNumber,
          from_on: fromOn,
          to_on: null,
        })
        .returning('occupancy_id')
        .executeTakeFirstOrThrow(),
  );
  await recordAct(tx, actor, occupancyBegun(supplyPointId, { customerNumber, fromOn }));
  return occupancy_id;
}

/**
 * Ends the open occupancy of a customer number; `toOn` is the first day that is no longer theirs.
 * Errors: invalid_input, not_found (no open occupancy), forbidden.
 */
export async function moveOut(tx: Tx, actor: Actor, input: register.MoveOut): Promise<void> {
  requireCapability(actor, 'register.write');
  const { customerNumber, toOn } = register.acceptInput(register.MoveOut, input);
  const ended = await explainRefusal(
    { occupancy_check: `customer number ${customerNumber} moved in later: give a day after that` },
    () =>
      tx
        .updateTable('occupancy')
        .set({ to_on: toOn })
        .where('utility_id', '=', actor.utilityId)
        .where('customer_number', '=', customerNumber)
        .where('to_on', 'is', null)
        .returning('supply_point_id')
        .executeTakeFirst(),
  );
  if (!ended) {
    throw notFound(`an open occupancy of customer number ${customerNumber}`, 'check the number');
  }
  await recordAct(tx, actor, {
    act: 'occupancy.ended',
    subject: `supply-point:${ended.supply_point_id}`,
    detail: { customerNumber, toOn },
  });
}

function notFound(what: string, advice: string, details: Record<string, number> = {}) {
  return new DomainError('not_found', `${what} is not in the register: ${advice}`, details);
}
