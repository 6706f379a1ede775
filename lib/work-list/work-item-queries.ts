/** One item of the work-list with the days around it. */
import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { addDays, daysBetween } from '../time.ts';
import {
  DAYS_BESIDE,
  isInDoubt,
  type JudgedRecord,
  MOST_DAYS,
  shownDay,
  soundAround,
  usageAround,
} from './work-item.ts';
import { findWorkItem } from './work-list-queries.ts';
import type { WorkItem, WorkItemDetail } from './work-list-wire.ts';

interface OfItem {
  meterId: number;
  fromOn: string;
  now: Date;
}

type Day = WorkItemDetail['days'][number];

/**
 * The item of a meter that begins on a day, with its days and those beside them.
 * @throws DomainError `forbidden`; `not_found` where nothing is in doubt there (any more)
 */
export async function getWorkItem(
  db: ReadDb,
  actor: Actor,
  input: OfItem,
): Promise<WorkItemDetail> {
  const { item, all } = await readWorkItem(db, actor, input);
  const meter = await getCapacity(db, actor, item.meterId);
  const first = addDays(item.fromOn, -DAYS_BESIDE);
  const count = Math.min(MOST_DAYS, daysBetween(item.fromOn, item.toOn) + 1 + 2 * DAYS_BESIDE);
  const days = Array.from({ length: count }, (_, at) => {
    const day = addDays(first, at);
    return all.find((each) => each.day === day) ?? shownDay(day, undefined);
  });
  const around = soundAround(all, item);
  return {
    ...{ item, asOf: input.now, sizeM3PerHour: meter.sizeM3PerHour, dialL: meter.dialL },
    ...{ ...around, ...usageAround(meter, around), days },
  };
}

/**
 * The item with all its stored days, those beside them, and the nearest ones with a register. Errors: as getWorkItem.
 */
export async function readWorkItem(
  db: ReadDb,
  actor: Actor,
  input: OfItem,
): Promise<{ item: WorkItem; all: Day[]; ofItem: Day[] }> {
  requireCapability(actor, 'meter.read');
  const item = await findWorkItem(db, actor, input);
  if (!item) throw decided(input);
  const records = await listRecords(db, actor, item);
  const all = records.map((record) => shownDay(record.day, record));
  const ofItem = all.filter(({ day }) => day >= item.fromOn && day <= item.toOn);
  if (!ofItem.some(isInDoubt)) throw decided(input);
  return { item, all, ofItem };
}

function decided({ meterId, fromOn }: { meterId: number; fromOn: string }) {
  return new DomainError(
    'not_found',
    `no reading of the meter is in doubt from ${fromOn} on: it was decided or replaced`,
    { meterId, fromOn },
  );
}

async function getCapacity(db: ReadDb, { utilityId }: Actor, meterId: number) {
  const meter = await db
    .selectFrom('meter')
    .where('utility_id', '=', utilityId)
    .where('meter_id', '=', meterId)
    .select(['size', 'dial_l'])
    .executeTakeFirstOrThrow();
  return { sizeM3PerHour: Number(meter.size), dialL: meter.dial_l };
}

/** Days of the picture in order of time, and the nearest days with a register on either side of the item. */
async function listRecords(
  db: ReadDb,
  { utilityId }: Actor,
  { meterId, fromOn, toOn }: WorkItem,
): Promise<JudgedRecord[]> {
  const own = sql`d.utility_id = ${utilityId} and d.meter_id = ${meterId}`;
  const { rows } = await sql<JudgedRecord>`
    select d.day, d.received_at as "receivedAt", d.index_l as "indexL", coalesce(v.hours, '{}') as hours,
      coalesce(v.index_l, '{}') as "judgedL", coalesce(v.rules, '{}') as rules, coalesce(v.step_hours, '{}') as "stepHours",
      coalesce(v.step_rules, '{}') as "stepRules",
      (select json_build_object('hours', e.hours, 'kinds', e.kinds, 'indexL', e.index_l) from edited_day e
       where e.utility_id = ${utilityId} and e.meter_id = d.meter_id and e.day = d.day) as edits
    from (
      select d.* from meter_day d
      where ${own} and d.day between ${addDays(fromOn, -DAYS_BESIDE)}::date and ${addDays(toOn, DAYS_BESIDE)}::date
      union all
      (select d.* from meter_day d where ${own} and d.closing_hour is not null and d.day < ${addDays(fromOn, -DAYS_BESIDE)}::date
       order by d.day desc limit 1)
      union all
      (select d.* from meter_day d where ${own} and d.closing_hour is not null and d.day > ${addDays(toOn, DAYS_BESIDE)}::date
       order by d.day limit 1)
    ) d
    -- A look-up by key: as a join it might read all verdicts.
    left join lateral (
      select * from reading_verdict r where r.utility_id = ${utilityId} and r.meter_id = d.meter_id and r.day = d.day limit 1
    ) v on true
    order by d.day`.execute(db);
  return rows;
}
