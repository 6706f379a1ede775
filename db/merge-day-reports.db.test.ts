// Batches of reports of new and known days have the result that a simple model of the rules predicts.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUtility, fitHousehold, rising, steady } from './testing/fixtures.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

type Values = (number | null)[];

interface Report {
  meter_id: number;
  day: string;
  terminal_id: number;
  index_l: Values;
  pressure_pa: Values;
  closing_index_l: number | null;
  closing_hour: number | null;
  counter: number;
  frame_check: number;
  arrival: number;
}

interface Held extends Report {
  revision: number;
}

interface Version {
  day: string;
  meter_id: number;
  revision: number;
  change: string;
  index_l: Values;
}

interface Counts {
  stored: number;
  completed: number;
  corrected: number;
}

/** Days of three chunks. */
const DAYS = ['2025-02-03', '2025-02-04', '2025-03-20', '2025-05-01'];
const METERS = 4;
/** The second terminal reports the first one's meters too, as after an exchange. */
const TERMINALS = 2;
/** Hours in which reports differ. */
const HOURS = [0, 11, 23];

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** One report: terminal, meter, day, counter; per hour of `HOURS` the change of the value, or null for none. */
const reports = fc.record({
  meter: fc.nat(METERS - 1),
  day: fc.nat(DAYS.length - 1),
  terminal: fc.nat(TERMINALS - 1),
  counter: fc.integer({ min: 1, max: 6 }),
  index: hours(),
  pressure: hours(),
});

function hours() {
  const value = fc.option(fc.nat(1), { freq: 3 });
  return fc.array(value, { minLength: HOURS.length, maxLength: HOURS.length });
}

const batches = fc.array(
  fc.uniqueArray(reports, { maxLength: 8, selector: ({ meter, day }) => `${meter} ${day}` }),
  { minLength: 2, maxLength: 5 },
);

function changed(values: Values, changes: readonly (number | null)[]): Values {
  return values.map((value, hour) => {
    const change = changes[HOURS.indexOf(hour)];
    return value === null || change === undefined ? value : change === null ? null : value + change;
  });
}

/** The rules of store_day_reports, one report at a time. */
class Model {
  readonly days = new Map<string, Held>();
  readonly versions: Version[] = [];

  store(batch: readonly Report[]): Counts {
    const counts = { stored: 0, completed: 0, corrected: 0 };
    for (const report of batch) {
      const key = `${report.meter_id} ${report.day}`;
      const held = this.days.get(key);
      if (held === undefined) {
        counts.stored += 1;
        this.days.set(key, { ...report, revision: 0 });
      } else {
        const outcome = this.#merge(held, report);
        if (outcome !== undefined) counts[outcome] += 1;
      }
    }
    return counts;
  }

  #merge(held: Held, report: Report): 'completed' | 'corrected' | undefined {
    const sameTerminal = report.terminal_id === held.terminal_id;
    if (sameTerminal && report.counter === held.counter) return undefined;
    const overtaken = sameTerminal && report.counter < held.counter;
    const merge = (was: Values, is: Values) =>
      was.map((old, hour) => (overtaken ? (old ?? is[hour]!) : (is[hour] ?? old)));
    const index_l = merge(held.index_l, report.index_l);
    const pressure_pa = merge(held.pressure_pa, report.pressure_pa);
    const { counter, frame_check, terminal_id, arrival } = report;
    if (same(index_l, held.index_l) && same(pressure_pa, held.pressure_pa)) {
      const confirms =
        same(report.index_l, held.index_l) && same(report.pressure_pa, held.pressure_pa);
      if (sameTerminal && !overtaken && confirms) Object.assign(held, { counter, frame_check });
      return undefined;
    }
    const differs = (was: Values, is: Values) =>
      was.some((old, hour) => old !== null && is[hour] !== old);
    const corrected = differs(held.index_l, index_l) || differs(held.pressure_pa, pressure_pa);
    const change = corrected ? 'corrected' : 'completed';
    const { day, meter_id, revision } = held;
    this.versions.push({ day, meter_id, revision, change, index_l: held.index_l });
    const newest = overtaken ? {} : { counter, frame_check, arrival };
    Object.assign(held, { index_l, pressure_pa, terminal_id, ...closingOf(index_l), ...newest });
    held.revision += 1;
    return change;
  }
}

function closingOf(index: Values): Pick<Report, 'closing_index_l' | 'closing_hour'> {
  const last = index.findLastIndex((value) => value !== null);
  return { closing_index_l: index[last] ?? null, closing_hour: last < 0 ? null : last + 1 };
}

function same(a: Values, b: Values): boolean {
  return a.every((value, at) => value === b[at]);
}

async function storeInDatabase(utilityId: number, batch: readonly Report[]): Promise<Counts> {
  const { rows } = await database.ingestPool.query<Counts>(
    `select * from store_day_reports($1,
      (select coalesce(array_agg(r), '{}') from jsonb_populate_recordset(null::day_report_row, $2) r), '{}', '2025-06-01T00:00:00Z')`,
    [utilityId, JSON.stringify(batch)],
  );
  return rows[0]!;
}

async function heldInDatabase(utilityId: number): Promise<Held[]> {
  const { rows } = await database.adminPool.query<Held>(
    `select meter_id, day::text, terminal_id, index_l, pressure_pa, closing_index_l, closing_hour, counter::integer,
            frame_check, arrival, revision
     from series.meter_day where utility_id = $1 order by meter_id, day`,
    [utilityId],
  );
  return rows;
}

async function versionsInDatabase(utilityId: number): Promise<Version[]> {
  const { rows } = await database.adminPool.query<Version>(
    `select day::text, meter_id, revision, change, index_l from meter_day_revision
     where utility_id = $1 order by meter_id, day, revision`,
    [utilityId],
  );
  return rows;
}

function byMeterAndDay<T extends { meter_id: number; day: string }>(rows: Iterable<T>): T[] {
  return [...rows].sort((a, b) => a.meter_id - b.meter_id || (a.day < b.day ? -1 : 1));
}

describe('batches of day reports', () => {
  it('result in the days, versions and counts of a model of the rules', async () => {
    let merges = 0;
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const utilityId = await createUtility(database.adminPool);
        const homes = await Promise.all(
          Array.from({ length: METERS }, () => fitHousehold(database.adminPool, utilityId)),
        );
        const model = new Model();
        for (const batch of given) {
          const filled = batch.map((one): Report => {
            const index_l = changed(rising(1000 * (one.meter + 1), 10), one.index);
            const frame_check = one.counter * 100 + one.terminal;
            return {
              ...{ meter_id: homes[one.meter]!.meterId, day: DAYS[one.day]!, index_l },
              ...{ terminal_id: homes[one.terminal]!.terminalId, counter: one.counter },
              ...{ pressure_pa: changed(steady(2000), one.pressure), frame_check },
              ...{ ...closingOf(index_l), arrival: 1 + (one.counter % 4) },
            };
          });
          const counts = await storeInDatabase(utilityId, filled);
          expect(counts).toEqual(model.store(filled));
          merges += counts.completed + counts.corrected;
        }
        expect(await heldInDatabase(utilityId)).toEqual(byMeterAndDay(model.days.values()));
        expect(await versionsInDatabase(utilityId)).toEqual(
          byMeterAndDay(model.versions.sort((a, b) => a.revision - b.revision)),
        );
      }),
      { numRuns: 60 },
    );
    expect(merges).toBeGreaterThan(30);
  }, 120_000);
});
