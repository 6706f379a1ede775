// Checks an exchange of meters against the register, before its preview and before its registration.
import type { GasKind, ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import {
  conflictingField,
  DomainError,
  type FieldFault,
  invalidField,
  invalidInput,
} from '../errors.ts';
import { dayOf } from '../time.ts';
import type { ExchangePlan } from './exchange.ts';
import * as register from './register.ts';

type Exchange = ReturnType<typeof acceptExchange>;

function acceptExchange(input: register.MeterExchange) {
  const exchange = register.acceptInput(register.MeterExchange, input);
  const { supplyPointId, removedMeterId } = exchange;
  if (supplyPointId !== undefined || removedMeterId !== undefined) return exchange;
  throw invalidField('removedMeterId', 'say which meter is removed, or where');
}

/**
 * The exchange with the registered data of its two meters. Refusals name the invalid field of the input. Errors:
 * invalid_input, not_found (no meter fitted, no such meter), conflict (removed already, fitted later, new meter of
 * another gas or fitted elsewhere then), forbidden.
 */
export async function getExchangePlan(
  db: ReadDb,
  actor: Actor,
  input: register.MeterExchange,
): Promise<ExchangePlan> {
  requireCapability(actor, 'meter.exchange');
  const exchange = acceptExchange(input);
  const { exchangedAt, finalIndexL = null, startIndexL = null } = exchange;
  const { acknowledgedClosings = [] } = exchange;
  const old = await getFitted(db, actor, exchange);
  if (old.fittedAt >= exchangedAt) {
    throw conflictingField(
      'exchangedAt',
      'the meter was fitted later than that: give a later instant',
      'too-early',
    );
  }
  const fitted = await getNew(db, actor, exchange, old);
  const beyond = [
    ...beyondDial('finalIndexL', finalIndexL, old.dialL),
    ...beyondDial('startIndexL', startIndexL, fitted.dialL),
  ];
  if (beyond.length > 0) throw invalidInput(beyond);
  const { supplyPointId, supplyPointNumber, closingDay, gasKind: _, ...removed } = old;
  return {
    ...{ supplyPointId, supplyPointNumber, closingDay, removed, fitted },
    ...{ exchangedAt, finalIndexL, startIndexL, acknowledgedClosings },
  };
}

async function getFitted(db: ReadDb, actor: Actor, exchange: Exchange) {
  const { supplyPointId, removedMeterId } = exchange;
  const row = await db
    .selectFrom('meter_fitting as f')
    .innerJoin('meter as m', (join) =>
      join.onRef('m.utility_id', '=', 'f.utility_id').onRef('m.meter_id', '=', 'f.meter_id'),
    )
    .innerJoin('supply_point as p', (join) =>
      join
        .onRef('p.utility_id', '=', 'f.utility_id')
        .onRef('p.supply_point_id', '=', 'f.supply_point_id'),
    )
    .select(['m.meter_id', 'm.serial', 'm.size', 'm.dial_l', 'f.fitted_at'])
    .select(['p.supply_point_id', 'p.number', 'p.closing_day', 'p.gas_kind'])
    .where('f.utility_id', '=', actor.utilityId)
    .where('f.removed_at', 'is', null)
    .$if(removedMeterId !== undefined, (query) =>
      query.where('f.meter_id', '=', removedMeterId as number),
    )
    .$if(supplyPointId !== undefined, (query) =>
      query.where('f.supply_point_id', '=', supplyPointId as number),
    )
    .executeTakeFirst();
  if (!row) throw await notFitted(db, actor, removedMeterId);
  return {
    ...{ meterId: row.meter_id, serial: row.serial, sizeM3PerHour: Number(row.size) },
    ...{ dialL: row.dial_l, fittedAt: row.fitted_at, supplyPointId: row.supply_point_id },
    ...{ supplyPointNumber: row.number, closingDay: row.closing_day, gasKind: row.gas_kind },
  };
}

async function notFitted(db: ReadDb, actor: Actor, meterId?: number): Promise<DomainError> {
  if (meterId === undefined) {
    return new DomainError('not_found', 'no meter is fitted at this supply point: fit one first');
  }
  const known = await db
    .selectFrom('meter')
    .select('serial')
    .where('utility_id', '=', actor.utilityId)
    .where('meter_id', '=', meterId)
    .executeTakeFirst();
  if (!known) return new DomainError('not_found', 'there is no such meter', { meterId });
  return new DomainError(
    'conflict',
    `meter ${known.serial} is fitted nowhere: open its page again`,
  );
}

async function getNew(
  db: ReadDb,
  actor: Actor,
  exchange: Exchange,
  old: { serial: string; gasKind: GasKind },
): Promise<ExchangePlan['fitted']> {
  const { newSerial: serial, newMeter, exchangedAt } = exchange;
  if (serial === old.serial) {
    throw invalidField('newSerial', `meter ${serial} is the one that is removed`, 'same-meter');
  }
  const known = await db
    .selectFrom('meter')
    .select(['meter_id', 'size', 'dial_l', 'gas_kind', 'verification_expires_on'])
    .where('utility_id', '=', actor.utilityId)
    .where('serial', '=', serial)
    .executeTakeFirst();
  if (!known) {
    if (!newMeter) throw unregisteredMeter(serial);
    const { size: sizeM3PerHour, dialL, verificationExpiresOn = null } = newMeter;
    return { meterId: null, serial, sizeM3PerHour, dialL, verificationExpiresOn };
  }
  if (newMeter) {
    const message = `meter ${serial} is registered already: leave it out`;
    throw conflictingField('newMeter', message, 'registered');
  }
  if (known.gas_kind !== old.gasKind) {
    throw conflictingField(
      'newSerial',
      `meter ${serial} is for ${known.gas_kind} gas, the supply point has ${old.gasKind}: choose another meter`,
      'other-gas',
    );
  }
  await requireMeterFree(db, actor, {
    ...{ meterId: known.meter_id, serial, at: exchangedAt, field: 'newSerial' },
  });
  return {
    ...{ meterId: known.meter_id, serial, sizeM3PerHour: Number(known.size) },
    ...{ dialL: known.dial_l, verificationExpiresOn: known.verification_expires_on },
  };
}

/** The refusal of a serial that is not registered, without what registers it. */
export function unregisteredMeter(serial: string): DomainError {
  const message = `meter ${serial} is not registered: give this to register it with the exchange`;
  return invalidInput([
    { field: 'newMeter.size', message, reason: 'unregistered' },
    { field: 'newMeter.dialL', message, reason: 'unregistered' },
  ]);
}

/** @throws DomainError `conflict` at `field` when the meter is fitted somewhere at the instant or later */
export async function requireMeterFree(
  db: ReadDb,
  actor: Actor,
  meter: { meterId: number; serial: string; at: Date; field: string },
): Promise<void> {
  const taken = await db
    .selectFrom('meter_fitting as f')
    .innerJoin('supply_point as p', (join) =>
      join
        .onRef('p.utility_id', '=', 'f.utility_id')
        .onRef('p.supply_point_id', '=', 'f.supply_point_id'),
    )
    .select(['p.number', 'f.fitted_at'])
    .where('f.utility_id', '=', actor.utilityId)
    .where('f.meter_id', '=', meter.meterId)
    .where((is) => is.or([is('f.removed_at', 'is', null), is('f.removed_at', '>', meter.at)]))
    .executeTakeFirst();
  if (!taken) return;
  throw conflictingField(
    meter.field,
    `meter ${meter.serial} is fitted at supply point ${taken.number} since ${dayOf(taken.fitted_at)}: register its removal there first`,
    'fitted-elsewhere',
  );
}

/** The fault of a register that the dial cannot show. */
export function beyondDial(field: string, indexL: number | null, dialL: number): FieldFault[] {
  if (indexL === null || indexL < dialL) return [];
  const message = `${indexL} L does not fit on the dial, which counts to ${dialL - 1} L: read the register again`;
  return [{ field, message, reason: 'beyond-dial' }];
}
