// Many places at once: supply point, customer number, meter and terminal of each, in few statements.

import type { GasKind, Tx } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { type Act, recordActs } from '../audit/audit-commands.ts';
import { certain, elementAt } from '../certain.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { DomainError, invalidInput, type RowFault } from '../errors.ts';
import type { Kek } from '../keys/kek.ts';
import { registerTerminals, type TerminalCredentials } from '../terminals/terminal-commands.ts';
import { newTerminalNumber } from '../terminals/terminal-number.ts';
import { instantOf } from '../time.ts';
import { describePlaceFault, type PlaceRow } from './place-file.ts';
import { areasByCode, findPlaceFaults } from './place-file-queries.ts';
import { TO_COME } from './register.ts';
import {
  meterFitted,
  meterRegistered,
  occupancyBegun,
  supplyPointRegistered,
  terminalFitted,
} from './register-acts.ts';

const AT_ONCE = 500;
const FAULTS_SHOWN = 20;

export interface PlaceRegistration {
  places: readonly PlaceRow[];
  /** The JST day on which the supply points open, the customers move in, and meters and terminals are fitted (0:00). */
  fromOn: string;
  /** Length of the terminals' report windows. Minutes. */
  reportWindowMinutes: number;
  kek: Kek;
  /** The present: nothing to come is registered. */
  now: Date;
}

/** A place with what was issued for its terminal. */
export interface RegisteredPlace {
  place: PlaceRow;
  gasKind: GasKind;
  terminalNumber: string;
  credentials: TerminalCredentials;
}

/**
 * Registers places with all that is there; either all of them or none. The audit has the acts of single verbs for each.
 * Errors: invalid_input (a day to come), conflict that names rows and columns (details.faults), forbidden.
 */
export async function registerPlaces(
  tx: Tx,
  actor: Actor,
  registration: PlaceRegistration,
): Promise<RegisteredPlace[]> {
  requireCapability(actor, 'register.write');
  const { places, fromOn, now } = registration;
  if (instantOf(fromOn, 0) > now) throw invalidInput([{ field: 'fromOn', message: TO_COME }]);
  const faults = await findPlaceFaults(tx, actor, registration);
  if (faults.length > 0) throw refusalOf(places, faults);
  const areas = await areasByCode(tx, actor);
  const located = places.map((place) => ({
    ...certain(areas.get(place.area), `area ${place.area}`),
    place,
    terminalNumber: place.terminal ?? newTerminalNumber(),
  }));
  const registered: RegisteredPlace[] = [];
  for (let i = 0; i < located.length; i += AT_ONCE) {
    registered.push(
      ...(await registerPortion(tx, actor, registration, located.slice(i, i + AT_ONCE))),
    );
  }
  return registered;
}

interface LocatedPlace {
  place: PlaceRow;
  areaId: number;
  gasKind: GasKind;
  terminalNumber: string;
}

async function registerPortion(
  tx: Tx,
  actor: Actor,
  registration: PlaceRegistration,
  places: readonly LocatedPlace[],
): Promise<RegisteredPlace[]> {
  const { kek, reportWindowMinutes, fromOn } = registration;
  const supplyPointIds = await insertSupplyPoints(tx, actor, { places, fromOn });
  const issued = await refusedByRow(places, () =>
    registerTerminals(tx, actor, {
      terminals: places.map(({ place, terminalNumber: number }) => ({
        number,
        model: 'external' as const,
        reportMinute: place.reportMinute,
        reportWindowMinutes,
      })),
      kek,
    }),
  );
  const meterIds = await insertMeters(tx, actor, places);
  const fitted = places.map((located, i) => ({
    ...located,
    supplyPointId: certain(supplyPointIds.get(located.place.supplyPoint), 'a supply point'),
    meterId: certain(meterIds.get(located.place.meterSerial), 'a meter'),
    credentials: elementAt(issued, i),
  }));
  await insertFittings(tx, actor, { fitted, fromOn });
  for (const acts of actsOf(fitted, fromOn)) await recordActs(tx, actor, acts);
  return fitted;
}

/** The acts of single verbs, by kind; terminals are registered by their own verb, which tells it. */
function actsOf(fitted: readonly FittedPlace[], fromOn: string): Act[][] {
  const at = instantOf(fromOn, 0);
  return [
    fitted.map(({ place: { supplyPoint: number, closingDay }, supplyPointId }) =>
      supplyPointRegistered(supplyPointId, { number, closingDay, openedOn: fromOn }),
    ),
    fitted.flatMap(({ place: { customer: customerNumber }, supplyPointId }) =>
      customerNumber === undefined
        ? []
        : [occupancyBegun(supplyPointId, { customerNumber, fromOn })],
    ),
    fitted.map(({ place: { meterSerial: serial, meterSize: size, dialL }, meterId }) =>
      meterRegistered(meterId, { serial, size, dialL }),
    ),
    fitted.map(({ place: { meterSerial: serial, startIndexL }, supplyPointId }) =>
      meterFitted(supplyPointId, { serial, fittedAt: at, startIndexL }),
    ),
    fitted.map(({ terminalNumber: number, supplyPointId }) =>
      terminalFitted(supplyPointId, { number, fromAt: at }),
    ),
  ].filter((acts) => acts.length > 0);
}

async function insertSupplyPoints(
  tx: Tx,
  actor: Actor,
  { places, fromOn }: { places: readonly LocatedPlace[]; fromOn: string },
): Promise<Map<string, number>> {
  const rows = await explainRefusal({}, () =>
    tx
      .insertInto('supply_point')
      .values(
        places.map(({ place, areaId, gasKind }) => ({
          utility_id: actor.utilityId,
          number: place.supplyPoint,
          area_id: areaId,
          gas_kind: gasKind,
          closing_day: place.closingDay,
          tariff_id: null,
          opened_on: fromOn,
          closed_on: null,
        })),
      )
      .returning(['number', 'supply_point_id'])
      .execute(),
  );
  return new Map(rows.map(({ number, supply_point_id }) => [number, supply_point_id]));
}

async function insertMeters(
  tx: Tx,
  actor: Actor,
  places: readonly LocatedPlace[],
): Promise<Map<string, number>> {
  const rows = await tx
    .insertInto('meter')
    .values(
      places.map(({ place, gasKind }) => ({
        utility_id: actor.utilityId,
        serial: place.meterSerial,
        gas_kind: gasKind,
        size: String(place.meterSize),
        dial_l: place.dialL,
        verification_expires_on: null,
      })),
    )
    .returning(['serial', 'meter_id'])
    .execute();
  return new Map(rows.map(({ serial, meter_id }) => [serial, meter_id]));
}

interface FittedPlace extends RegisteredPlace {
  supplyPointId: number;
  meterId: number;
}

async function insertFittings(
  tx: Tx,
  actor: Actor,
  { fitted, fromOn }: { fitted: readonly FittedPlace[]; fromOn: string },
): Promise<void> {
  const fittedAt = instantOf(fromOn, 0);
  const at = ({ supplyPointId }: FittedPlace) => ({
    utility_id: actor.utilityId,
    supply_point_id: supplyPointId,
  });
  const occupied = fitted.flatMap((place) => {
    const { customer } = place.place;
    return customer === undefined ? [] : [{ ...at(place), customer_number: customer }];
  });
  if (occupied.length > 0) {
    await tx
      .insertInto('occupancy')
      .values(occupied.map((occupancy) => ({ ...occupancy, from_on: fromOn, to_on: null })))
      .execute();
  }
  await tx
    .insertInto('meter_fitting')
    .values(
      fitted.map((place) => ({
        ...at(place),
        meter_id: place.meterId,
        fitted_at: fittedAt,
        removed_at: null,
        start_index_l: place.place.startIndexL ?? null,
        final_index_l: null,
      })),
    )
    .execute();
  await tx
    .insertInto('terminal_fitting')
    .values(
      fitted.map((place) => ({
        ...at(place),
        terminal_id: place.credentials.terminalId,
        from_at: fittedAt,
        to_at: null,
      })),
    )
    .execute();
}

/** Tells a terminal number that another utility has by the row of the file in which it stands. */
async function refusedByRow<T>(
  places: readonly LocatedPlace[],
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'conflict') throw error;
    const { number } = error.details;
    const at = places.find(({ terminalNumber }) => terminalNumber === number);
    if (!at) throw error;
    const message = `${number} is registered already`;
    throw refusalOf([], [{ row: at.place.row, column: 'terminal', message }]);
  }
}

function refusalOf(places: readonly PlaceRow[], faults: readonly RowFault[]): DomainError {
  const known = faults.filter(({ column }) => column === 'supply_point');
  const isAgain = places.length > 0 && known.length === places.length;
  return placeRefusal(
    isAgain ? 'every place of this file is registered already' : 'the file was refused',
    faults,
  );
}

/** The refusal of a file of places: nothing of it was registered. */
export function placeRefusal(reason: string, faults: readonly RowFault[]): DomainError {
  const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `  ${describePlaceFault(fault)}`);
  const more = faults.length - shown.length;
  if (more > 0) shown.push(`  … and ${more} more`);
  const message = [`${reason}; nothing was registered:`, ...shown].join('\n');
  return new DomainError('conflict', message, { faults });
}
