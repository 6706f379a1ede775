// Exchange of a meter and its undo. Both are functions of the database, which check the person's right again and write
// the audit, so that a web process can change the register in no other way (db/migrations/0026_meter_exchange.sql,
// db/migrations/0028_sound_seams.sql).
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { explainRefusal, refusedBy } from '../constraint-errors.ts';
import { conflictingField, DomainError, invalidField } from '../errors.ts';
import { type ExchangePlan, restingText } from './exchange.ts';
import { getExchangePlan } from './exchange-plan-queries.ts';
import { listRestingOn } from './exchange-queries.ts';
import type * as register from './register.ts';

/** An exchange that was registered. */
export interface Exchanged {
  exchangeId: number;
  removedMeterId: number;
  fittedMeterId: number;
}

const CHANGED = 'the register changed meanwhile: look at the place again';

/** Errors of the database when another transaction came first, after the checks. */
const EXCHANGE_REFUSALS = {
  meter_exchange_fitted: CHANGED,
  meter_exchange_meter: CHANGED,
  meter_exchange_dial: CHANGED,
  meter_utility_id_serial_key: CHANGED,
  meter_fitting_one_meter_at_a_time: CHANGED,
  meter_fitting_one_place_at_a_time: CHANGED,
  meter_fitting_check: CHANGED,
} as const;

/**
 * Removes the fitted meter and fits another at the same instant, registering it if it is not yet.
 * `acknowledgedClosings` must name exactly the closings at or after it of which a file was made.
 * Errors: those of getExchangePlan; conflict (a filed closing is not named; the message names it), invalid_input (a
 * named closing has no file).
 */
export async function exchangeMeter(
  tx: Tx,
  actor: Actor,
  input: register.MeterExchange,
): Promise<Exchanged> {
  requireCapability(actor, 'meter.exchange');
  const plan = await getExchangePlan(tx, actor, input);
  const { exchange_id, fitted_meter_id } = await explainRefusal(EXCHANGE_REFUSALS, () =>
    writeExchange(tx, actor, plan).catch(explainFiled),
  );
  return {
    exchangeId: exchange_id,
    removedMeterId: plan.removed.meterId,
    fittedMeterId: fitted_meter_id,
  };
}

/** Translates violations about filed closings. @throws DomainError for these, otherwise `error` itself */
function explainFiled(error: unknown): never {
  const { constraint = '', detail = '' } = refusedBy(error) ?? {};
  const field = 'acknowledgedClosings';
  const closings = detail.split(' ').join(', ');
  if (constraint === 'meter_exchange_filed') {
    const message = `a file was made of the closing of ${closings}: its usage will differ from the register; name it here where that is meant`;
    throw conflictingField(field, message, 'closing-filed');
  }
  if (constraint === 'meter_exchange_not_filed') {
    throw invalidField(field, `no file was made of the closing of ${closings}: leave it out`);
  }
  throw error;
}

async function writeExchange(tx: Tx, actor: Actor, plan: ExchangePlan) {
  const { removed, fitted, exchangedAt, finalIndexL, startIndexL, acknowledgedClosings } = plan;
  const isNew = fitted.meterId === null;
  const { rows } = await sql<{ exchange_id: number; fitted_meter_id: number }>`
    select exchange_id, fitted_meter_id from exchange_meter(
      ${removed.meterId}, ${exchangedAt}, ${finalIndexL}::integer, ${fitted.serial}, ${startIndexL}::integer,
      ${isNew ? fitted.sizeM3PerHour : null}::numeric, ${isNew ? fitted.dialL : null}::integer,
      ${isNew ? fitted.verificationExpiresOn : null}::date, ${acknowledgedClosings}::date[], ${actorName(actor)})`.execute(
    tx,
  );
  const [row] = rows;
  if (!row) throw new Error('exchange_meter yielded no row');
  return row;
}

const UNDO_REFUSALS = {
  meter_exchange_stands: 'this exchange was undone already',
  meter_exchange_free: 'something was registered meanwhile that rests on it: look at it again',
} as const;

/**
 * Restores the register as it was before an exchange, provided that nothing rests on it. `keptMeter` when the new meter
 * stays registered: it was before, or readings or requests of it exist. Errors: not_found, conflict (something rests on
 * it; the message says what), forbidden.
 */
export async function undoExchange(
  tx: Tx,
  actor: Actor,
  { exchangeId }: { exchangeId: number },
): Promise<{ keptMeter: boolean }> {
  requireCapability(actor, 'meter.exchange');
  const resting = await listRestingOn(tx, actor, { exchangeId });
  if (resting.length > 0) {
    const what = resting.map(restingText).join('; ');
    throw new DomainError(
      'conflict',
      `this exchange cannot be undone, something rests on it: ${what}`,
    );
  }
  const { rows } = await explainRefusal(UNDO_REFUSALS, () =>
    sql<{ kept_meter: boolean }>`
      select undo_exchange(${exchangeId}, ${actorName(actor)}) as kept_meter`.execute(tx),
  );
  return { keptMeter: rows[0]?.kept_meter ?? true };
}
