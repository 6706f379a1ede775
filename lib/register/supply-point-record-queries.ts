// The register of one supply point as it stood on a day. Days are JST; a fitting counts as on the day at whose end it is
// there.
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { closingDayOn } from '../closing/closing-history.ts';
import { DomainError } from '../errors.ts';
import { dayOf, instantOf } from '../time.ts';
import type { Answer } from '../wire.ts';
import type { SupplyPointRegister } from './register-change.ts';
import { getSupplyPointRegister } from './register-change-plan-queries.ts';
import type { SupplyPointWire } from './supply-point-wire.ts';

type SupplyPointRecord = Answer<typeof SupplyPointWire>;

/**
 * A supply point as the register has it for a day: customer, meter, terminal, closing day, tariff, area, open or closed.
 * Corrections that were made since are in it; changes that were registered for a later day are not. Errors: not_found,
 * forbidden.
 */
export async function getSupplyPointOn(
  db: ReadDb,
  actor: Actor,
  { supplyPointId, on, now }: { supplyPointId: number; on?: string | undefined; now: Date },
): Promise<SupplyPointRecord> {
  requireCapability(actor, 'meter.read');
  const register = await getSupplyPointRegister(db, actor, { supplyPointId });
  const day = on ?? dayOf(now);
  const end = instantOf(day, 24);
  const past = await pastFacts(db, actor, { supplyPointId, day });
  const fitted = await fittedAt(db, actor, { supplyPointId, at: end < now ? end : now });
  const { stays, openedOn } = register;
  const closedOn = past.closedOn ?? register.closedOn;
  return {
    ...{ supplyPointId, number: register.supplyPointNumber, on: day, openedOn, closedOn },
    state: stateOf({ openedOn, closedOn }, day),
    closingDay: closingDayOn(register, day),
    stay: stays.find(({ fromOn, toOn }) => fromOn <= day && (toOn === null || toOn > day)) ?? null,
    stays: [...stays],
    ...(await describeFacts(db, actor, {
      areaId: past.areaId ?? register.areaId,
      tariffId: past.tariffId === undefined ? register.tariffId : past.tariffId,
    })),
    ...fitted,
    ...(await listHistory(db, actor, supplyPointId)),
  };
}

function stateOf(
  { openedOn, closedOn }: Pick<SupplyPointRegister, 'openedOn' | 'closedOn'>,
  day: string,
): SupplyPointRecord['state'] {
  if (day < openedOn) return 'not-opened';
  return closedOn !== null && closedOn <= day ? 'closed' : 'open';
}

interface PastFacts {
  areaId?: number;
  tariffId?: number | null;
  /** Of a supply that was opened again later. */
  closedOn?: string;
}

/** What later changes replaced: of each thing the value before the first one that holds from a later day. */
async function pastFacts(
  db: ReadDb,
  actor: Actor,
  { supplyPointId, day }: { supplyPointId: number; day: string },
): Promise<PastFacts> {
  const { rows } = await sql<{ before: PastFacts }>`
    select distinct on (c.kind) c.before
    from register_change c
    where c.utility_id = ${actor.utilityId} and c.supply_point_id = ${supplyPointId} and c.undone_at is null
      and c.kind in ('area', 'tariff', 'supply-opened') and c.holds_from > ${day}::date
    order by c.kind, c.holds_from, c.change_id`.execute(db);
  return Object.assign({}, ...rows.map((row) => row.before));
}

async function describeFacts(
  db: ReadDb,
  { utilityId }: Actor,
  { areaId, tariffId }: { areaId: number; tariffId: number | null },
): Promise<Pick<SupplyPointRecord, 'gasKind' | 'area' | 'tariff'>> {
  const area = await db
    .selectFrom('area')
    .select(['area_id', 'name', 'gas_kind'])
    .where('utility_id', '=', utilityId)
    .where('area_id', '=', areaId)
    .executeTakeFirst();
  if (!area) throw new DomainError('not_found', 'the area is not registered', { areaId });
  const tariff =
    tariffId === null
      ? undefined
      : await db
          .selectFrom('tariff')
          .select(['tariff_id as tariffId', 'code', 'name'])
          .where('utility_id', '=', utilityId)
          .where('tariff_id', '=', tariffId)
          .executeTakeFirst();
  return {
    ...{ gasKind: area.gas_kind, area: { areaId: area.area_id, name: area.name } },
    tariff: tariff ?? null,
  };
}

async function fittedAt(
  db: ReadDb,
  { utilityId }: Actor,
  { supplyPointId, at }: { supplyPointId: number; at: Date },
): Promise<Pick<SupplyPointRecord, 'meter' | 'terminal'>> {
  const { rows: meters } = await sql<NonNullable<SupplyPointRecord['meter']>>`
    select m.meter_id as "meterId", m.serial, m.size::double precision as "sizeM3PerHour", m.dial_l as "dialL", f.fitted_at as "fittedAt"
    from meter_fitting f join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
    where f.utility_id = ${utilityId} and f.supply_point_id = ${supplyPointId} and f.fitted_at < ${at}
      and (f.removed_at is null or f.removed_at >= ${at})`.execute(db);
  const { rows: terminals } = await sql<NonNullable<SupplyPointRecord['terminal']>>`
    select t.number, f.from_at as "fittedAt"
    from terminal_fitting f join terminal t on t.utility_id = f.utility_id and t.terminal_id = f.terminal_id
    where f.utility_id = ${utilityId} and f.supply_point_id = ${supplyPointId} and f.from_at < ${at}
      and (f.to_at is null or f.to_at >= ${at})`.execute(db);
  return { meter: meters[0] ?? null, terminal: terminals[0] ?? null };
}

/** All meters and terminals that are or were at a supply point, oldest first. */
async function listHistory(
  db: ReadDb,
  { utilityId }: Actor,
  supplyPointId: number,
): Promise<Pick<SupplyPointRecord, 'meters' | 'terminals'>> {
  const { rows: meters } = await sql<SupplyPointRecord['meters'][number]>`
    select m.meter_id as "meterId", m.serial, m.size::double precision as "sizeM3PerHour", m.dial_l as "dialL", f.fitted_at as "fittedAt",
      f.removed_at as "removedAt", f.start_index_l as "startIndexL", f.final_index_l as "finalIndexL"
    from meter_fitting f join meter m on m.utility_id = f.utility_id and m.meter_id = f.meter_id
    where f.utility_id = ${utilityId} and f.supply_point_id = ${supplyPointId} order by f.fitted_at`.execute(
    db,
  );
  const { rows: terminals } = await sql<SupplyPointRecord['terminals'][number]>`
    select t.number, f.from_at as "fittedAt", f.to_at as "removedAt"
    from terminal_fitting f join terminal t on t.utility_id = f.utility_id and t.terminal_id = f.terminal_id
    where f.utility_id = ${utilityId} and f.supply_point_id = ${supplyPointId} order by f.from_at`.execute(
    db,
  );
  return { meters, terminals };
}
