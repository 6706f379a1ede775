// Meters and their fittings. A fitting is half-open: [fittedAt, removedAt).
import type { Tx } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { DomainError, invalidInput } from '../errors.ts';
import * as register from './register.ts';
import { meterFitted, meterRegistered } from './register-acts.ts';

const FITTING_REFUSALS = {
  meter_fitting_one_meter_at_a_time:
    'another meter is fitted at this supply point then: register an exchange instead',
  meter_fitting_one_place_at_a_time:
    'this meter is fitted elsewhere then: register its removal there first',
  meter_fitting_utility_id_supply_point_id_fkey:
    'the supply point is not registered: register it first',
  meter_fitting_check: 'the meter was fitted later than that: give a later instant',
} as const;

/** Registers a meter and returns its id. Errors: invalid_input, conflict (serial taken), forbidden. */
export async function registerMeter(tx: Tx, actor: Actor, input: register.Meter): Promise<number> {
  requireCapability(actor, 'register.write');
  const meter = register.acceptInput(register.Meter, input);
  const { meter_id } = await explainRefusal(
    {
      meter_utility_id_serial_key: `meter ${meter.serial} is registered already: check the serial`,
    },
    () =>
      tx
        .insertInto('meter')
        .values({
          utility_id: actor.utilityId,
          serial: meter.serial,
          gas_kind: meter.gasKind,
          size: String(meter.size),
          dial_l: meter.dialL,
          verification_expires_on: meter.verificationExpiresOn ?? null,
        })
        .returning('meter_id')
        .executeTakeFirstOrThrow(),
  );
  await recordAct(tx, actor, meterRegistered(meter_id, meter));
  return meter_id;
}

/**
 * Fits a registered meter at a supply point of the same gas kind and returns the meter's id.
 * Errors: invalid_input, not_found, conflict (supply point or meter occupied then), forbidden.
 */
export async function fitMeter(
  tx: Tx,
  actor: Actor,
  input: register.MeterFitting,
): Promise<number> {
  requireCapability(actor, 'register.write');
  const fitting = register.acceptInput(register.MeterFitting, input);
  const meter = await getMeterToFit(tx, actor, fitting.serial, fitting.supplyPointId);
  requireOnDial('startIndexL', fitting.startIndexL, meter.dial_l);
  await insertFitting(tx, actor, meter.meter_id, fitting);
  await recordAct(tx, actor, meterFitted(fitting.supplyPointId, fitting));
  return meter.meter_id;
}

/**
 * Removes the fitted meter without a successor; returns its id. Errors: invalid_input, not_found (no meter fitted),
 * conflict (fitted later than that), forbidden.
 */
export async function removeMeter(
  tx: Tx,
  actor: Actor,
  input: register.MeterRemoval,
): Promise<number> {
  requireCapability(actor, 'register.write');
  const removal = register.acceptInput(register.MeterRemoval, input);
  const { supplyPointId, removedAt, finalIndexL } = removal;
  const removed = await removeFitted(tx, actor, removal);
  await recordAct(tx, actor, {
    act: 'meter.removed',
    subject: `supply-point:${supplyPointId}`,
    detail: {
      serial: removed.serial,
      removedAt: removedAt.toISOString(),
      finalIndexL: finalIndexL ?? null,
    },
  });
  return removed.meter_id;
}

async function getMeterToFit(tx: Tx, actor: Actor, serial: string, supplyPointId: number) {
  const meter = await tx
    .selectFrom('meter')
    .select(['meter_id', 'dial_l', 'gas_kind'])
    .where('utility_id', '=', actor.utilityId)
    .where('serial', '=', serial)
    .executeTakeFirst();
  if (!meter) {
    throw new DomainError('not_found', `meter ${serial} is not registered: register it first`);
  }
  const supplyPoint = await tx
    .selectFrom('supply_point')
    .select('gas_kind')
    .where('utility_id', '=', actor.utilityId)
    .where('supply_point_id', '=', supplyPointId)
    .executeTakeFirst();
  if (!supplyPoint) {
    throw new DomainError('not_found', 'the supply point is not registered: register it first');
  }
  if (supplyPoint.gas_kind !== meter.gas_kind) {
    throw new DomainError(
      'conflict',
      `meter ${serial} is for ${meter.gas_kind} gas, the supply point has ${supplyPoint.gas_kind}: choose another meter`,
    );
  }
  return meter;
}

async function insertFitting(
  tx: Tx,
  actor: Actor,
  meterId: number,
  fitting: register.MeterFitting,
): Promise<void> {
  await explainRefusal(FITTING_REFUSALS, () =>
    tx
      .insertInto('meter_fitting')
      .values({
        utility_id: actor.utilityId,
        meter_id: meterId,
        supply_point_id: fitting.supplyPointId,
        fitted_at: fitting.fittedAt,
        removed_at: null,
        start_index_l: fitting.startIndexL ?? null,
        final_index_l: null,
      })
      .execute(),
  );
}

async function removeFitted(tx: Tx, actor: Actor, removal: register.MeterRemoval) {
  const fitted = await tx
    .selectFrom('meter_fitting as f')
    .innerJoin('meter as m', (join) =>
      join.onRef('m.utility_id', '=', 'f.utility_id').onRef('m.meter_id', '=', 'f.meter_id'),
    )
    .select(['m.meter_id', 'm.serial', 'm.dial_l', 'f.fitted_at'])
    .where('f.utility_id', '=', actor.utilityId)
    .where('f.supply_point_id', '=', removal.supplyPointId)
    .where('f.removed_at', 'is', null)
    .executeTakeFirst();
  if (!fitted) {
    throw new DomainError('not_found', 'no meter is fitted at this supply point: fit one first');
  }
  requireOnDial('finalIndexL', removal.finalIndexL, fitted.dial_l);
  await explainRefusal(FITTING_REFUSALS, () =>
    tx
      .updateTable('meter_fitting')
      .set({ removed_at: removal.removedAt, final_index_l: removal.finalIndexL ?? null })
      .where('utility_id', '=', actor.utilityId)
      .where('meter_id', '=', fitted.meter_id)
      .where('fitted_at', '=', fitted.fitted_at)
      .execute(),
  );
  return fitted;
}

function requireOnDial(field: string, indexL: number | undefined, dialL: number): void {
  if (indexL === undefined || indexL < dialL) return;
  const message = `${indexL} L does not fit on the dial, which counts to ${dialL - 1} L: read the register again`;
  throw invalidInput([{ field, message }]);
}
