import type { Tx } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { DomainError, invalidInput } from '../errors.ts';
import { dayOf, instantOf, isDay } from '../time.ts';
import { type CustomerSupplyPoint, findCustomerSupplyPoint } from './supply-point-queries.ts';

const TAKEN = {
  meter_fitting_one_meter_at_a_time: 'another meter was fitted there before that one',
  meter_fitting_one_place_at_a_time: 'the meter was fitted elsewhere before',
  terminal_fitting_one_terminal_at_a_time: 'another terminal was fitted there before that one',
  terminal_fitting_one_place_at_a_time: 'the terminal was fitted elsewhere before',
  occupancy_one_customer_at_a_time: 'another customer number was there before',
  occupancy_one_place_at_a_time: 'the customer number was elsewhere before',
} as const;

/**
 * Moves the begin of a customer's occupancy, supply point, meter and terminal to an earlier day, because readings from
 * before were found. What begins earlier already stays unchanged. Errors: invalid_input, not_found, conflict (the start
 * index was noted, or something else was fitted before), forbidden.
 */
export async function beginEarlier(
  tx: Tx,
  actor: Actor,
  { customerNumber, fromOn }: { customerNumber: string; fromOn: string },
): Promise<void> {
  requireCapability(actor, 'register.write');
  if (!isDay(fromOn)) {
    throw invalidInput([{ field: 'fromOn', message: 'give a day as YYYY-MM-DD' }]);
  }
  const supplyPoint = await findCustomerSupplyPoint(tx, actor, { customerNumber });
  if (!supplyPoint) {
    throw new DomainError('not_found', `customer number ${customerNumber} is not registered`);
  }
  const { supplyPointId, meter, terminal } = supplyPoint;
  const at = { utilityId: actor.utilityId, supplyPointId, fromOn };
  await explainRefusal(TAKEN, async () => {
    if (supplyPoint.openedOn > fromOn) await openEarlier(tx, at);
    if (supplyPoint.occupiedFrom > fromOn) await occupyEarlier(tx, at, supplyPoint.occupiedFrom);
    if (meter && isAfter(meter.fittedAt, fromOn)) await fitMeterEarlier(tx, at, meter);
    if (terminal && isAfter(terminal.fromAt, fromOn)) await fitTerminalEarlier(tx, at, terminal);
  });
  await recordAct(tx, actor, {
    act: 'supply-point.begun-earlier',
    subject: `supply-point:${supplyPointId}`,
    detail: { customerNumber, fromOn },
  });
}

interface Earlier {
  utilityId: number;
  supplyPointId: number;
  fromOn: string;
}

function isAfter(at: Date, fromOn: string): boolean {
  return at > instantOf(fromOn, 0);
}

async function openEarlier(tx: Tx, at: Earlier): Promise<void> {
  await tx
    .updateTable('supply_point')
    .set({ opened_on: at.fromOn })
    .where('utility_id', '=', at.utilityId)
    .where('supply_point_id', '=', at.supplyPointId)
    .execute();
}

async function occupyEarlier(tx: Tx, at: Earlier, occupiedFrom: string): Promise<void> {
  await tx
    .updateTable('occupancy')
    .set({ from_on: at.fromOn })
    .where('utility_id', '=', at.utilityId)
    .where('supply_point_id', '=', at.supplyPointId)
    .where('from_on', '=', occupiedFrom)
    .execute();
}

async function fitMeterEarlier(
  tx: Tx,
  at: Earlier,
  meter: NonNullable<CustomerSupplyPoint['meter']>,
): Promise<void> {
  if (meter.startIndexL !== null) {
    throw new DomainError(
      'conflict',
      `meter ${meter.serial} was fitted on ${dayOf(meter.fittedAt)} at ${meter.startIndexL} L: it cannot have readings from before`,
    );
  }
  await tx
    .updateTable('meter_fitting')
    .set({ fitted_at: instantOf(at.fromOn, 0) })
    .where('utility_id', '=', at.utilityId)
    .where('supply_point_id', '=', at.supplyPointId)
    .where('meter_id', '=', meter.meterId)
    .where('removed_at', 'is', null)
    .execute();
}

async function fitTerminalEarlier(
  tx: Tx,
  at: Earlier,
  { terminalId }: { terminalId: number },
): Promise<void> {
  await tx
    .updateTable('terminal_fitting')
    .set({ from_at: instantOf(at.fromOn, 0) })
    .where('utility_id', '=', at.utilityId)
    .where('supply_point_id', '=', at.supplyPointId)
    .where('terminal_id', '=', terminalId)
    .where('to_at', 'is', null)
    .execute();
}
