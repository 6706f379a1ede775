// Registers many supply points at once, each with customer number, meter and terminal, in few statements.

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
import { TO_COME } from './register.ts';
import {
  meterFitted,
  meterRegistered,
  occupancyBegun,
  supplyPointRegistered,
  terminalFitted,
} from './register-acts.ts';
import { describeRowFault, type SupplyPointEntry } from './supply-point-file.ts';
import { areasByCode, findSupplyPointFaults } from './supply-point-file-queries.ts';

const AT_ONCE = 500;
const FAULTS_SHOWN = 20;

export interface SupplyPointRegistration {
  entries: readonly SupplyPointEntry[];
  /**
   * JST day at whose begin (0:00) the supply points open, the customers move in, and meters and terminals are fitted.
   */
  fromOn: string;
  /** Length of the terminals' report windows. Minutes. */
  reportWindowMinutes: number;
  kek: Kek;
  /** The present instant: nothing in the future is registered. */
  now: Date;
}

/** A registered entry with the credentials issued for its terminal. */
export interface RegisteredSupplyPoint {
  entry: SupplyPointEntry;
  gasKind: GasKind;
  terminalNumber: string;
  credentials: TerminalCredentials;
}

/**
 * Registers supply points with everything that is there; either all of them or none. The audit has the acts of the
 * single verbs for each. Errors: invalid_input (a day in the future), conflict that names rows and columns
 * (details.faults), forbidden.
 */
export async function registerSupplyPoints(
  tx: Tx,
  actor: Actor,
  registration: SupplyPointRegistration,
): Promise<RegisteredSupplyPoint[]> {
  requireCapability(actor, 'register.write');
  const { entries, fromOn, now } = registration;
  if (instantOf(fromOn, 0) > now) throw invalidInput([{ field: 'fromOn', message: TO_COME }]);
  const faults = await findSupplyPointFaults(tx, actor, registration);
  if (faults.length > 0) throw refusalOf(entries, faults);
  const areas = await areasByCode(tx, actor);
  const located = entries.map((entry) => ({
    ...certain(areas.get(entry.area), `area ${entry.area}`),
    entry,
    terminalNumber: entry.terminal ?? newTerminalNumber(),
  }));
  const registered: RegisteredSupplyPoint[] = [];
  for (let i = 0; i < located.length; i += AT_ONCE) {
    registered.push(
      ...(await registerPortion(tx, actor, registration, located.slice(i, i + AT_ONCE))),
    );
  }
  return registered;
}

interface LocatedEntry {
  entry: SupplyPointEntry;
  areaId: number;
  gasKind: GasKind;
  terminalNumber: string;
}

async function registerPortion(
  tx: Tx,
  actor: Actor,
  registration: SupplyPointRegistration,
  entries: readonly LocatedEntry[],
): Promise<RegisteredSupplyPoint[]> {
  const { kek, reportWindowMinutes, fromOn } = registration;
  const supplyPointIds = await insertSupplyPoints(tx, actor, { entries, fromOn });
  const issued = await refusedByRow(entries, () =>
    registerTerminals(tx, actor, {
      terminals: entries.map(({ entry, terminalNumber: number }) => ({
        number,
        model: 'external' as const,
        reportMinute: entry.reportMinute,
        reportWindowMinutes,
      })),
      kek,
    }),
  );
  const meterIds = await insertMeters(tx, actor, entries);
  const fitted = entries.map((located, i) => ({
    ...located,
    supplyPointId: certain(supplyPointIds.get(located.entry.supplyPoint), 'a supply point'),
    meterId: certain(meterIds.get(located.entry.meterSerial), 'a meter'),
    credentials: elementAt(issued, i),
  }));
  await insertFittings(tx, actor, { fitted, fromOn });
  for (const acts of actsOf(fitted, fromOn)) await recordActs(tx, actor, acts);
  return fitted;
}

/** Acts of the single verbs, by kind; terminals are registered by their own verb, which records its acts itself. */
function actsOf(fitted: readonly FittedEntry[], fromOn: string): Act[][] {
  const at = instantOf(fromOn, 0);
  return [
    fitted.map(({ entry: { supplyPoint: number, closingDay }, supplyPointId }) =>
      supplyPointRegistered(supplyPointId, { number, closingDay, openedOn: fromOn }),
    ),
    fitted.flatMap(({ entry: { customer: customerNumber }, supplyPointId }) =>
      customerNumber === undefined
        ? []
        : [occupancyBegun(supplyPointId, { customerNumber, fromOn })],
    ),
    fitted.map(({ entry: { meterSerial: serial, meterSize: size, dialL }, meterId }) =>
      meterRegistered(meterId, { serial, size, dialL }),
    ),
    fitted.map(({ entry: { meterSerial: serial, startIndexL }, supplyPointId }) =>
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
  { entries, fromOn }: { entries: readonly LocatedEntry[]; fromOn: string },
): Promise<Map<string, number>> {
  const rows = await explainRefusal({}, () =>
    tx
      .insertInto('supply_point')
      .values(
        entries.map(({ entry, areaId, gasKind }) => ({
          utility_id: actor.utilityId,
          number: entry.supplyPoint,
          area_id: areaId,
          gas_kind: gasKind,
          closing_day: entry.closingDay,
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
  entries: readonly LocatedEntry[],
): Promise<Map<string, number>> {
  const rows = await tx
    .insertInto('meter')
    .values(
      entries.map(({ entry, gasKind }) => ({
        utility_id: actor.utilityId,
        serial: entry.meterSerial,
        gas_kind: gasKind,
        size: String(entry.meterSize),
        dial_l: entry.dialL,
        verification_expires_on: null,
      })),
    )
    .returning(['serial', 'meter_id'])
    .execute();
  return new Map(rows.map(({ serial, meter_id }) => [serial, meter_id]));
}

interface FittedEntry extends RegisteredSupplyPoint {
  supplyPointId: number;
  meterId: number;
}

async function insertFittings(
  tx: Tx,
  actor: Actor,
  { fitted, fromOn }: { fitted: readonly FittedEntry[]; fromOn: string },
): Promise<void> {
  const fittedAt = instantOf(fromOn, 0);
  const at = ({ supplyPointId }: FittedEntry) => ({
    utility_id: actor.utilityId,
    supply_point_id: supplyPointId,
  });
  const occupied = fitted.flatMap((located) => {
    const { customer } = located.entry;
    return customer === undefined ? [] : [{ ...at(located), customer_number: customer }];
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
      fitted.map((located) => ({
        ...at(located),
        meter_id: located.meterId,
        fitted_at: fittedAt,
        removed_at: null,
        start_index_l: located.entry.startIndexL ?? null,
        final_index_l: null,
      })),
    )
    .execute();
  await tx
    .insertInto('terminal_fitting')
    .values(
      fitted.map((located) => ({
        ...at(located),
        terminal_id: located.credentials.terminalId,
        from_at: fittedAt,
        to_at: null,
      })),
    )
    .execute();
}

/** Reports a terminal number that another utility has by its row of the file. */
async function refusedByRow<T>(
  entries: readonly LocatedEntry[],
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'conflict') throw error;
    const { number } = error.details;
    const at = entries.find(({ terminalNumber }) => terminalNumber === number);
    if (!at) throw error;
    const message = `${number} is registered already`;
    throw refusalOf([], [{ row: at.entry.row, column: 'terminal', message }]);
  }
}

function refusalOf(entries: readonly SupplyPointEntry[], faults: readonly RowFault[]): DomainError {
  const known = faults.filter(({ column }) => column === 'supply_point');
  const isAgain = entries.length > 0 && known.length === entries.length;
  return supplyPointRefusal(
    isAgain ? 'every place of this file is registered already' : 'the file was refused',
    faults,
  );
}

/** Refusal of a whole file: nothing of it was registered. */
export function supplyPointRefusal(reason: string, faults: readonly RowFault[]): DomainError {
  const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `  ${describeRowFault(fault)}`);
  const more = faults.length - shown.length;
  if (more > 0) shown.push(`  … and ${more} more`);
  const message = [`${reason}; nothing was registered:`, ...shown].join('\n');
  return new DomainError('conflict', message, { faults });
}
