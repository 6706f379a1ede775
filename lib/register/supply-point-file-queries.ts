import type { GasKind, ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import type { RowFault } from '../errors.ts';
import { type SupplyPointEntry, uniqueValue } from './supply-point-file.ts';

const LOOKED_UP_AT_ONCE = 5_000;

/** Areas by their codes, which the file's rows name. */
export async function areasByCode(
  db: ReadDb,
  actor: Actor,
): Promise<Map<string, { areaId: number; gasKind: GasKind }>> {
  requireCapability(actor, 'meter.read');
  const rows = await db
    .selectFrom('area')
    .select(['code', 'area_id as areaId', 'gas_kind as gasKind'])
    .where('utility_id', '=', actor.utilityId)
    .orderBy('code')
    .execute();
  return new Map(rows.map(({ code, ...area }) => [code, area]));
}

/**
 * Faults of entries against the register: areas that are not registered, and numbers and serials that are. `fromOn` is
 * the JST day on which the customers move in.
 */
export async function findSupplyPointFaults(
  db: ReadDb,
  actor: Actor,
  { entries, fromOn }: { entries: readonly SupplyPointEntry[]; fromOn: string },
): Promise<RowFault[]> {
  requireCapability(actor, 'meter.read');
  const areas = await areasByCode(db, actor);
  const codes = [...areas.keys()].join(', ') || 'none yet';
  const faults = entries
    .filter(({ area }) => !areas.has(area))
    .map(({ row, area }) => ({
      row,
      column: 'area',
      message: `area ${area} is not registered (there is: ${codes})`,
    }));
  const registered = 'is registered already';
  const taken = [
    { column: 'supply_point', message: registered, list: listSupplyPointNumbers },
    { column: 'meter_serial', message: registered, list: listSerials },
    { column: 'terminal', message: registered, list: listTerminalNumbers },
    {
      column: 'customer',
      message: `is at another supply point on ${fromOn} or later`,
      list: listCustomers(fromOn),
    },
  ] as const;
  const all: RowFault[] = [...faults];
  for (const { column, message, list } of taken) {
    const values = entries.flatMap((entry) => uniqueValue(entry, column) ?? []);
    const known = await inPortions(values, (portion) => list(db, actor, portion));
    for (const entry of entries) {
      const value = uniqueValue(entry, column);
      if (value === undefined || !known.has(value)) continue;
      all.push({ row: entry.row, column, message: `${value} ${message}` });
    }
  }
  return all.sort((a, b) => a.row - b.row);
}

type List = (db: ReadDb, actor: Actor, values: string[]) => Promise<string[]>;

async function inPortions(
  values: readonly string[],
  list: (portion: string[]) => Promise<string[]>,
): Promise<Set<string>> {
  const known = new Set<string>();
  for (let i = 0; i < values.length; i += LOOKED_UP_AT_ONCE) {
    for (const value of await list(values.slice(i, i + LOOKED_UP_AT_ONCE))) known.add(value);
  }
  return known;
}

const listSupplyPointNumbers: List = async (db, actor, values) => {
  const rows = await db
    .selectFrom('supply_point')
    .select('number')
    .where('utility_id', '=', actor.utilityId)
    .where('number', 'in', values)
    .execute();
  return rows.map(({ number }) => number);
};

const listSerials: List = async (db, actor, values) => {
  const rows = await db
    .selectFrom('meter')
    .select('serial')
    .where('utility_id', '=', actor.utilityId)
    .where('serial', 'in', values)
    .execute();
  return rows.map(({ serial }) => serial);
};

const listTerminalNumbers: List = async (db, actor, values) => {
  const rows = await db
    .selectFrom('terminal')
    .select('number')
    .where('utility_id', '=', actor.utilityId)
    .where('number', 'in', values)
    .execute();
  return rows.map(({ number }) => number);
};

function listCustomers(fromOn: string): List {
  return async (db, actor, values) => {
    const rows = await db
      .selectFrom('occupancy')
      .select('customer_number')
      .where('utility_id', '=', actor.utilityId)
      .where('customer_number', 'in', values)
      .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>', fromOn)]))
      .execute();
    return rows.map(({ customer_number }) => customer_number);
  };
}
