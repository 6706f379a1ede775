// Changes of a supply point and their undo. Both are functions of the database, which check the person's right again
// and write the audit, so that a web process can change the register in no other way
// (db/migrations/0035_register_changes.sql, db/migrations/0040_register_meters.sql).
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { explainRefusal, refusedBy } from '../constraint-errors.ts';
import { conflictingField, DomainError, invalidField } from '../errors.ts';
import { type FittingChange, isFittingChange } from './fitting-change.ts';
import {
  type ChangePlan,
  getChangePlan,
  type RegisterChangeInput,
} from './register-change-plan-queries.ts';
import { listRestingOnChange } from './register-change-queries.ts';
import type { RegisterChangedWire } from './register-change-wire.ts';

const CHANGED = 'the register changed meanwhile: look at the supply point again';

/** Errors of the database when another transaction came first, after the checks. */
const CHANGE_REFUSALS = {
  register_change_place: CHANGED,
  register_change_stay: CHANGED,
  register_change_open: CHANGED,
  register_change_same: CHANGED,
  register_change_vacant: CHANGED,
  register_change_order: CHANGED,
  register_change_gas:
    'it is not registered, or for another gas than the supply point: choose another',
  occupancy_one_customer_at_a_time: CHANGED,
  occupancy_one_place_at_a_time: CHANGED,
  occupancy_check: CHANGED,
  supply_point_check: CHANGED,
  register_change_meter: CHANGED,
  register_change_dial: CHANGED,
  register_change_terminal: CHANGED,
  meter_utility_id_serial_key: CHANGED,
  meter_fitting_one_meter_at_a_time: CHANGED,
  meter_fitting_one_place_at_a_time: CHANGED,
  meter_fitting_check: CHANGED,
  terminal_fitting_one_terminal_at_a_time: CHANGED,
  terminal_fitting_one_place_at_a_time: CHANGED,
  terminal_fitting_check: CHANGED,
} as const;

/**
 * Changes a supply point in the register. `acknowledgedClosings` must name exactly the closings that it concerns of which a
 * file was made. Errors: those of getChangePlan; conflict (a filed closing is not named; the message names it),
 * invalid_input (a named closing has no file).
 */
export async function changeRegister(
  tx: Tx,
  actor: Actor,
  input: RegisterChangeInput,
): Promise<RegisterChangedWire> {
  requireCapability(actor, 'register.change');
  const plan = await getChangePlan(tx, actor, input);
  const changeId = await explainRefusal(CHANGE_REFUSALS, () =>
    writeChange(tx, actor, plan).catch(explainFiled),
  );
  return { changeId, supplyPointId: plan.was.supplyPointId };
}

async function writeChange(tx: Tx, actor: Actor, plan: ChangePlan): Promise<number> {
  const { rows } = await changeStatement(actor, plan).execute(tx);
  const [row] = rows;
  if (!row) throw new Error('the change yielded no row');
  return row.change_id;
}

function changeStatement(actor: Actor, { was, change, acknowledgedClosings }: ChangePlan) {
  const place = was.supplyPointId;
  const named = sql`${acknowledgedClosings}::date[], ${actorName(actor)}`;
  if ('stay' in change) {
    const { occupancyId, customerNumber, fromOn, toOn } = change.stay;
    return sql<{ change_id: number }>`
      select change_id from change_stay(${place}, ${occupancyId === 0 ? null : occupancyId}::integer, ${customerNumber},
        ${fromOn}::date, ${toOn}::date, ${named})`;
  }
  if (isFittingChange(change)) return fittingStatement(place, change, named);
  const closingDay = change.kind === 'closing-day' ? change.closingDay : null;
  const tariffId = change.kind === 'tariff' ? change.tariffId : null;
  const areaId = change.kind === 'area' ? change.areaId : null;
  return sql<{ change_id: number }>`
    select change_supply_point(${place}, ${change.kind}, ${change.holdsFrom}::date, ${closingDay}::integer,
      ${tariffId}::integer, ${areaId}::integer, ${named}) as change_id`;
}

/** Translates violations about filed closings. @throws DomainError for these, otherwise `error` itself */
function explainFiled(error: unknown): never {
  const { constraint = '', detail = '' } = refusedBy(error) ?? {};
  const field = 'acknowledgedClosings';
  const closings = detail.split(' ').join(', ');
  if (constraint === 'register_change_filed') {
    const message = `a file was made of the closing of ${closings}, which will differ from the register: name it here where that is meant`;
    throw conflictingField(field, message, 'closing-filed');
  }
  if (constraint === 'register_change_not_filed') {
    throw invalidField(field, `no file was made of the closing of ${closings}: leave it out`);
  }
  throw error;
}

function fittingStatement(place: number, change: FittingChange, named: RawBuilder<unknown>) {
  switch (change.kind) {
    case 'meter-corrected':
      return sql<{ change_id: number }>`
        select correct_meter(${place}, ${change.meterId}, ${change.sizeM3PerHour}::numeric, ${change.dialL}::integer, ${named}) as change_id`;
    case 'meter-removed':
      return sql<{ change_id: number }>`
        select remove_meter(${place}, ${change.removedAt}, ${change.finalIndexL}::integer, ${named}) as change_id`;
    case 'meter-fitted': {
      const { meterId, sizeM3PerHour, dialL, verificationExpiresOn } = change;
      const isNew = meterId === null;
      return sql<{ change_id: number }>`
        select fit_meter(${place}, ${change.serial}, ${change.fittedAt}, ${change.startIndexL}::integer, ${isNew ? sizeM3PerHour : null}::numeric,
          ${isNew ? dialL : null}::integer, ${isNew ? verificationExpiresOn : null}::date, ${named}) as change_id`;
    }
    case 'terminal-exchanged':
      return sql<{ change_id: number }>`
        select exchange_terminal(${place}, ${change.number}, ${change.exchangedAt}, ${named}) as change_id`;
  }
}

const UNDO_REFUSALS = {
  register_change_stands: 'this change was undone already',
  register_change_free: 'something was registered meanwhile that rests on it: look at it again',
} as const;

/**
 * Restores the supply point as it was before a change, provided that nothing rests on it. Errors: not_found, conflict
 * (something rests on it; the message says what), forbidden.
 */
export async function undoRegisterChange(
  tx: Tx,
  actor: Actor,
  { changeId }: { changeId: number },
): Promise<{ changeId: number }> {
  requireCapability(actor, 'register.change');
  const resting = await listRestingOnChange(tx, actor, { changeId });
  if (resting.length > 0) {
    const what = resting.map(({ kind, named }) => (named ? `${kind} ${named}` : kind)).join('; ');
    throw new DomainError(
      'conflict',
      `this change cannot be undone, something rests on it: ${what}`,
    );
  }
  await explainRefusal(UNDO_REFUSALS, () =>
    sql`select undo_register_change(${changeId}, ${actorName(actor)})`.execute(tx),
  );
  return { changeId };
}
