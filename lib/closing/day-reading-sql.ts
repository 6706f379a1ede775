/**
 * SQL fragment for the fast path of a closing: the readings of the very days, of the meters fitted at the closings. Days
 * with a register in doubt or with edits are read like those that are missing.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Closing } from './closing-day.ts';
import { IS_STAY, setJoin } from './set-join-sql.ts';

type Sql = RawBuilder<unknown>;

interface DayReading {
  alias: 'n' | 'p';
  /** The rows' day, and the instant at which it begins. */
  day: Sql;
  opensAt: Sql;
  /** The requested days as constants, so that other chunks are excluded. */
  days: readonly string[];
  /** Condition of the row under which the reading is taken. */
  and: Sql;
}

const NOW = {
  alias: 'n',
  day: sql`c.closing_on`,
  opensAt: sql`c.opens_at`,
  and: sql`nv.meter_id is null and ne.meter_id is null`,
} as const;

const PREVIOUS = {
  alias: 'p',
  day: sql`c.previous_on`,
  opensAt: sql`c.previous_opens_at`,
  and: sql`pv.meter_id is null and pe.meter_id is null and not (c.from_on - 1 > c.previous_on)`,
} as const;

interface AskedDays {
  closings: readonly Closing[];
  /** Maximum age in days of a reading at the end of a day. */
  maxDays: Sql;
  /** True: one customer, looked up by key; false: many, a day's rows are joined as a set. */
  one: boolean;
}

/**
 * n, p (meter_id, closing_hour, closing_index_l): the readings of the closing's day and of the previous one of
 * the meter fitted at the closing (`f`); null where they are not read so.
 */
export function dayReadings({ closings, maxDays, one }: AskedDays): Sql {
  const closesOn = [...new Set(closings.map((closing) => closing.closesOn))];
  const previousOn = [...new Set(closings.map((closing) => closing.previousOn))];
  const now = { ...NOW, days: closesOn };
  const previous = { ...PREVIOUS, days: previousOn };
  if (one) return sql`${lookedUp(now, maxDays)} ${lookedUp(previous, maxDays)}`;
  return sql`${joined(now, maxDays)} ${joined(previous, maxDays)} ${taken(now)} ${taken(previous)}`;
}

const COLUMNS = sql`r.utility_id, r.meter_id, r.day, r.closing_hour, r.closing_index_l`;

/** Condition on a day `r`: it has a reading that is not too old. */
function holds({ days }: DayReading, maxDays: Sql): Sql {
  return sql`r.day = any(${days}::date[]) and r.closing_hour is not null and 24 - r.closing_hour <= ${maxDays} * 24`;
}

/** Condition on a day `r` of the meter that was fitted at the closing: it was fitted at the reading, which may be taken. */
function counts({ opensAt, and }: DayReading, r: Sql): Sql {
  return sql`(f.fitted_at <= ${opensAt} or f.fitted_at <= ${opensAt} + make_interval(hours => ${r}.closing_hour::integer)) and ${and}`;
}

/** Looked up by key: a join is not pushed into a security-barrier view, a lateral look-up is. */
function lookedUp(reading: DayReading, maxDays: Sql): Sql {
  const r = sql.raw(reading.alias);
  return sql`
    left join lateral (
      select ${COLUMNS} from meter_day r
      where r.utility_id = f.utility_id and r.meter_id = f.meter_id and r.day = ${reading.day} and ${holds(reading, maxDays)} limit 1
    ) ${r} on ${counts(reading, r)}`;
}

function joined(reading: DayReading, maxDays: Sql): Sql {
  const d = sql.raw(`${reading.alias}_day`);
  return sql`
    ${setJoin(false)} (select ${COLUMNS} from meter_day r where ${holds(reading, maxDays)}) ${d}
      on ${d}.utility_id = f.utility_id and ${d}.meter_id = f.meter_id and ${d}.day = ${reading.day}`;
}

/** Days that belong to no stay are dropped before anything else is looked up. */
function taken(reading: DayReading): Sql {
  const d = sql.raw(`${reading.alias}_day`);
  const column = (name: string) =>
    sql`case when t.yes then ${d}.${sql.ref(name)} end as ${sql.ref(name)}`;
  return sql`
    cross join lateral (
      select ${column('meter_id')}, ${column('closing_hour')}, ${column('closing_index_l')}
      from (select ${counts(reading, d)} as yes offset 0) t where ${IS_STAY} offset 0
    ) ${sql.raw(reading.alias)}`;
}
