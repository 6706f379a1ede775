// Changes of an area or a supply point after its registration.
import type { Tx } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { DomainError } from '../errors.ts';
import * as register from './register.ts';

/**
 * Sets the pressure limits of an area, which from now on apply to its readings of all times.
 * Errors: invalid_input, not_found, forbidden.
 */
export async function setAreaLimits(
  tx: Tx,
  actor: Actor,
  input: register.AreaLimits,
): Promise<void> {
  requireCapability(actor, 'register.write');
  const { code, pressureMinPa, pressureMaxPa } = register.acceptInput(register.AreaLimits, input);
  const area = await tx
    .selectFrom('area')
    .select(['area_id', 'pressure_min_pa', 'pressure_max_pa'])
    .where('utility_id', '=', actor.utilityId)
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirst();
  if (!area) throw new DomainError('not_found', `area ${code} is not registered: check the code`);
  await tx
    .updateTable('area')
    .set({ pressure_min_pa: pressureMinPa, pressure_max_pa: pressureMaxPa })
    .where('utility_id', '=', actor.utilityId)
    .where('area_id', '=', area.area_id)
    .execute();
  await recordAct(tx, actor, {
    act: 'area.limits-set',
    subject: `area:${area.area_id}`,
    detail: {
      code,
      pressureMinPa: { from: area.pressure_min_pa, to: pressureMinPa },
      pressureMaxPa: { from: area.pressure_max_pa, to: pressureMaxPa },
    },
  });
}

/**
 * Ends the supply at a supply point (閉栓); meter and terminal may stay fitted. Returns the supply point's id.
 * Errors: invalid_input, not_found, conflict (closed already, opened later, or still occupied), forbidden.
 */
export async function closeSupplyPoint(
  tx: Tx,
  actor: Actor,
  input: register.SupplyEnd,
): Promise<number> {
  requireCapability(actor, 'register.write');
  const { number, closedOn } = register.acceptInput(register.SupplyEnd, input);
  const supplyPoint = await tx
    .selectFrom('supply_point')
    .select(['supply_point_id', 'closed_on'])
    .where('utility_id', '=', actor.utilityId)
    .where('number', '=', number)
    .forUpdate()
    .executeTakeFirst();
  if (!supplyPoint) {
    throw new DomainError(
      'not_found',
      `supply point ${number} is not registered: check the number`,
    );
  }
  if (supplyPoint.closed_on !== null) {
    throw new DomainError(
      'conflict',
      `supply point ${number} is closed since ${supplyPoint.closed_on}`,
    );
  }
  const supplyPointId = supplyPoint.supply_point_id;
  await requireVacant(tx, actor, { supplyPointId, closedOn });
  await explainRefusal(
    { supply_point_check: `supply point ${number} opened later than that: give a later day` },
    () =>
      tx
        .updateTable('supply_point')
        .set({ closed_on: closedOn })
        .where('utility_id', '=', actor.utilityId)
        .where('supply_point_id', '=', supplyPointId)
        .execute(),
  );
  await recordAct(tx, actor, {
    act: 'supply-point.closed',
    subject: `supply-point:${supplyPointId}`,
    detail: { number, closedOn },
  });
  return supplyPointId;
}

async function requireVacant(
  tx: Tx,
  actor: Actor,
  { supplyPointId, closedOn }: { supplyPointId: number; closedOn: string },
): Promise<void> {
  const occupant = await tx
    .selectFrom('occupancy')
    .select('customer_number')
    .where('utility_id', '=', actor.utilityId)
    .where('supply_point_id', '=', supplyPointId)
    .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>', closedOn)]))
    .executeTakeFirst();
  if (!occupant) return;
  throw new DomainError(
    'conflict',
    `customer number ${occupant.customer_number} is at this supply point on ${closedOn}: register the move-out first`,
  );
}
