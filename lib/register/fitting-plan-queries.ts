// Checks a change of a meter or terminal against the register, before its preview and before its registration.
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { conflictingField, DomainError, invalidInput } from '../errors.ts';
import { dayOf } from '../time.ts';
import { beyondDial, requireMeterFree, unregisteredMeter } from './exchange-plan-queries.ts';
import type {
  FittingChange,
  MeterCorrection,
  MeterFitted,
  MeterRemoval,
  TerminalExchange,
} from './fitting-change.ts';
import { TO_COME } from './register.ts';
import type { SupplyPointRegister } from './register-change.ts';
import type { RegisterChangeGiven } from './register-change-wire.ts';

type Input = Extract<RegisterChangeGiven, { kind: FittingChange['kind'] }> & { now: Date };
type Of<K extends FittingChange['kind']> = Extract<Input, { kind: K }>;

/**
 * The change with the registered facts of its meter or terminal. Refusals name the invalid field. Errors: not_found,
 * conflict (nothing fitted, fitted elsewhere, other gas, registers beyond the dial, no change), invalid_input, forbidden.
 */
export async function plannedFitting(
  db: ReadDb,
  actor: Actor,
  place: SupplyPointRegister,
  input: Input,
): Promise<FittingChange> {
  requireCapability(actor, 'register.change');
  switch (input.kind) {
    case 'meter-corrected':
      return plannedCorrection(db, actor, place, input);
    case 'meter-removed':
      return plannedRemoval(db, actor, place, input);
    case 'meter-fitted':
      return plannedMeter(db, actor, place, input);
    case 'terminal-exchanged':
      return plannedTerminal(db, actor, place, input);
  }
}

function requirePast(field: string, at: Date, now: Date): void {
  if (at <= now) return;
  throw invalidInput([{ field, message: TO_COME, reason: 'to-come' }]);
}

async function plannedCorrection(
  db: ReadDb,
  { utilityId }: Actor,
  { supplyPointId }: SupplyPointRegister,
  { meterId, sizeM3PerHour, dialL }: Of<'meter-corrected'>,
): Promise<MeterCorrection> {
  const { rows } = await sql<{
    serial: string;
    sizeM3PerHour: number;
    dialL: number;
    since: Date;
    supplyPointIds: number[];
    highestL: number | null;
  }>`
    select m.serial, m.size::double precision as "sizeM3PerHour", m.dial_l as "dialL", f.since, f.places as "supplyPointIds",
      greatest(f.noted,
        (select max(i) from meter_day d cross join lateral unnest(d.index_l) i where d.utility_id = m.utility_id and d.meter_id = m.meter_id),
        (select max(i) from edited_day d cross join lateral unnest(d.index_l) i where d.utility_id = m.utility_id and d.meter_id = m.meter_id)
      ) as "highestL"
    from meter m
    cross join lateral (
      select min(f.fitted_at) as since, array_agg(distinct f.supply_point_id) as places,
        max(greatest(f.start_index_l, f.final_index_l)) as noted
      from meter_fitting f where f.utility_id = m.utility_id and f.meter_id = m.meter_id) f
    where m.utility_id = ${utilityId} and m.meter_id = ${meterId} and ${supplyPointId} = any (f.places)`.execute(
    db,
  );
  const [was] = rows;
  if (!was) {
    const message = 'the meter was never fitted at this supply point';
    throw new DomainError('not_found', message, { meterId });
  }
  if (was.sizeM3PerHour === sizeM3PerHour && was.dialL === dialL) {
    const message = `meter ${was.serial} has this size and dial already: there is nothing to change`;
    throw conflictingField('sizeM3PerHour', message, 'no-change');
  }
  if (was.highestL !== null && was.highestL >= dialL) {
    const message = `a register of ${was.highestL} L is stored, which such a dial cannot show: look at the dial again`;
    throw conflictingField('dialL', message, 'beyond-readings');
  }
  const { serial, since, supplyPointIds } = was;
  return { kind: 'meter-corrected', meterId, serial, sizeM3PerHour, dialL, since, supplyPointIds };
}

async function plannedRemoval(
  db: ReadDb,
  actor: Actor,
  place: SupplyPointRegister,
  input: Of<'meter-removed'>,
): Promise<MeterRemoval> {
  const { removedAt, finalIndexL = null, now } = input;
  requirePast('removedAt', removedAt, now);
  const was = await findFitted(db, actor, place);
  if (!was) {
    throw conflictingField('removedAt', 'no meter is fitted at this supply point', 'no-meter');
  }
  if (was.fittedAt >= removedAt) {
    const message = `meter ${was.serial} was fitted later than that: give a later instant`;
    throw conflictingField('removedAt', message, 'too-early');
  }
  const beyond = beyondDial('finalIndexL', finalIndexL, was.dialL);
  if (beyond.length > 0) throw invalidInput(beyond);
  return { kind: 'meter-removed', ...was, removedAt, finalIndexL };
}

/** The meter that is fitted at a supply point now. */
async function findFitted(
  db: ReadDb,
  { utilityId }: Actor,
  { supplyPointId }: Pick<SupplyPointRegister, 'supplyPointId'>,
) {
  const { rows } = await sql<Omit<MeterRemoval, 'kind' | 'removedAt' | 'finalIndexL'>>`
    select m.meter_id as "meterId", m.serial, m.size::double precision as "sizeM3PerHour", m.dial_l as "dialL", f.fitted_at as "fittedAt"
    from meter_fitting f join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
    where f.utility_id = ${utilityId} and f.supply_point_id = ${supplyPointId} and f.removed_at is null`.execute(
    db,
  );
  return rows[0];
}

async function plannedMeter(
  db: ReadDb,
  actor: Actor,
  place: SupplyPointRegister,
  input: Of<'meter-fitted'>,
): Promise<MeterFitted> {
  const { serial, fittedAt, startIndexL = null, now } = input;
  requirePast('fittedAt', fittedAt, now);
  await requireNoMeter(db, actor, place, fittedAt);
  const meter = await meterToFit(db, actor, place, input);
  const beyond = beyondDial('startIndexL', startIndexL, meter.dialL);
  if (beyond.length > 0) throw invalidInput(beyond);
  if (meter.meterId !== null) {
    await requireMeterFree(db, actor, {
      ...{ meterId: meter.meterId, serial, at: fittedAt, field: 'serial' },
    });
  }
  return { kind: 'meter-fitted', serial, ...meter, fittedAt, startIndexL };
}

async function requireNoMeter(
  db: ReadDb,
  { utilityId }: Actor,
  { supplyPointId }: SupplyPointRegister,
  at: Date,
): Promise<void> {
  const { rows } = await sql<{ serial: string; removedAt: Date | null }>`
    select m.serial, f.removed_at as "removedAt"
    from meter_fitting f join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
    where f.utility_id = ${utilityId} and f.supply_point_id = ${supplyPointId} and (f.removed_at is null or f.removed_at > ${at})
    order by f.fitted_at desc limit 1`.execute(db);
  const [there] = rows;
  if (!there) return;
  const message =
    there.removedAt === null
      ? `meter ${there.serial} is fitted here: register an exchange instead`
      : `meter ${there.serial} was here until ${dayOf(there.removedAt)}: give a later instant`;
  throw conflictingField('fittedAt', message, 'meter-there');
}

type ToFit = Omit<MeterFitted, 'kind' | 'serial' | 'fittedAt' | 'startIndexL'>;

async function meterToFit(
  db: ReadDb,
  { utilityId }: Actor,
  { supplyPointId }: SupplyPointRegister,
  { serial, newMeter }: Of<'meter-fitted'>,
): Promise<ToFit> {
  const { rows } = await sql<ToFit & { placeGas: ToFit['gasKind'] }>`
    select m.meter_id as "meterId", m.gas_kind as "gasKind", m.size::double precision as "sizeM3PerHour", m.dial_l as "dialL",
      m.verification_expires_on as "verificationExpiresOn", p.gas_kind as "placeGas"
    from supply_point p left join meter m on m.utility_id = p.utility_id and m.serial = ${serial}
    where p.utility_id = ${utilityId} and p.supply_point_id = ${supplyPointId}`.execute(db);
  const [row] = rows;
  if (!row) throw new DomainError('not_found', 'there is no such supply point', { supplyPointId });
  const { placeGas, ...known } = row;
  if (known.meterId === null) {
    if (!newMeter) throw unregisteredMeter(serial);
    const { size: sizeM3PerHour, dialL, verificationExpiresOn = null } = newMeter;
    return { meterId: null, gasKind: placeGas, sizeM3PerHour, dialL, verificationExpiresOn };
  }
  if (newMeter) {
    const message = `meter ${serial} is registered already: leave it out`;
    throw conflictingField('newMeter', message, 'registered');
  }
  if (known.gasKind !== placeGas) {
    const message = `meter ${serial} is for ${known.gasKind} gas, the supply point has ${placeGas}: choose another meter`;
    throw conflictingField('serial', message, 'other-gas');
  }
  return known;
}

async function plannedTerminal(
  db: ReadDb,
  { utilityId }: Actor,
  { supplyPointId }: SupplyPointRegister,
  { number, exchangedAt, now }: Of<'terminal-exchanged'>,
): Promise<TerminalExchange> {
  requirePast('exchangedAt', exchangedAt, now);
  const { rows } = await sql<{ terminalId: number; fittedAt: Date | null; placeNumber: string }>`
    select t.terminal_id as "terminalId", f.from_at as "fittedAt", p.number as "placeNumber"
    from terminal t
    left join lateral (
      select * from terminal_fitting f
      where f.utility_id = t.utility_id and f.terminal_id = t.terminal_id and (f.to_at is null or f.to_at > ${exchangedAt})
      order by f.from_at desc limit 1) f on true
    left join supply_point p on p.utility_id = f.utility_id and p.supply_point_id = f.supply_point_id
    where t.utility_id = ${utilityId} and t.number = ${number} and t.retired_at is null`.execute(
    db,
  );
  const [terminal] = rows;
  if (!terminal) {
    const message = `terminal ${number} is not registered, or out of service: register it with its key first`;
    throw conflictingField('number', message, 'unregistered');
  }
  if (terminal.fittedAt !== null) {
    const message = `terminal ${number} is at supply point ${terminal.placeNumber} since ${dayOf(terminal.fittedAt)}: register its removal there first`;
    throw conflictingField('number', message, 'fitted-elsewhere');
  }
  const there = await sql<{
    terminalId: number;
    number: string;
    fittedAt: Date;
    toAt: Date | null;
  }>`
    select t.terminal_id as "terminalId", t.number, f.from_at as "fittedAt", f.to_at as "toAt"
    from terminal_fitting f join terminal t on t.utility_id = f.utility_id and t.terminal_id = f.terminal_id
    where f.utility_id = ${utilityId} and f.supply_point_id = ${supplyPointId} and (f.to_at is null or f.to_at > ${exchangedAt})
    order by f.from_at desc limit 1`.execute(db);
  const [was] = there.rows;
  if (was && (was.toAt !== null || was.fittedAt >= exchangedAt)) {
    const message = `terminal ${was.number} was there then: give a later instant`;
    throw conflictingField('exchangedAt', message, 'too-early');
  }
  return {
    ...{ kind: 'terminal-exchanged', terminalId: terminal.terminalId, number, exchangedAt },
    removed: was
      ? { terminalId: was.terminalId, number: was.number, fittedAt: was.fittedAt }
      : null,
  };
}
