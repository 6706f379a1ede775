// Random histories of late, missing and corrected days, with closings issued, skipped and issued again: the usages of
// the rows of a place that stand issued add up to the difference of their registers.
import { expect, it } from 'vitest';
import { createArea, fitHousehold } from '../../db/testing/fixtures.ts';
import { addDays, addMonths } from '../time.ts';
import {
  type ArrivingDay,
  arrangeRuns,
  arrive,
  database,
  issue,
  utilityId,
} from './testing-runs.ts';

arrangeRuns();

const SEED = 20261126;
const PLACES = 120;
const MONTHS = ['2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10'];
const FIRST = '2026-03-17';
const MONTH_L = 12_000;

/** Numbers from 0 to 1 that are the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Place {
  meterId: number;
  terminalId: number;
}

async function createPlaces(): Promise<Place[]> {
  const { adminPool } = database;
  const areaId = await createArea(adminPool, utilityId);
  const places: Place[] = [];
  for (let place = 0; place < PLACES; place += 1) {
    places.push(await fitHousehold(adminPool, utilityId, { closingDay: 20, areaId }));
  }
  return places;
}

interface Step {
  at: number;
  day: ArrivingDay;
}

/** Days that become known before the closing of each month, by the number of the month; the last step knows all. */
function historyOf(place: Place, chance: () => number): Step[] {
  const steps = MONTHS.flatMap((month, at) =>
    lastDays(month).flatMap((day) => arrivals(place, { day, at }, chance)),
  );
  // The last closing is read, and says what the register really is.
  const last = dayOf(place, `${MONTHS.at(-1)}-20`, 0);
  return [...steps, { at: MONTHS.length - 1, day: last }];
}

/** When a day arrives: on time, later or never, sometimes wrong, and then perhaps corrected. */
function arrivals(
  place: Place,
  { day, at }: { day: string; at: number },
  chance: () => number,
): Step[] {
  if (chance() < 0.2) return [];
  const later = chance() < 0.5 ? 0 : Math.floor(chance() * 3);
  const known = Math.min(at + later, MONTHS.length - 1);
  const errorL = chance() < 0.1 ? Math.round((chance() - 0.5) * 30_000) : 0;
  const read = { at: known, day: dayOf(place, day, errorL) };
  if (known + 1 >= MONTHS.length || chance() >= 0.2) return [read];
  return [read, { at: known + 1, day: dayOf(place, day, 0) }];
}

/** The four days up to the closing of a month. */
function lastDays(month: string): string[] {
  return [3, 2, 1, 0].map((back) => addDays(`${month}-20`, -back));
}

/** A day of a register that counts evenly, `errorL` litres too many. */
function dayOf(place: Place, day: string, errorL: number): ArrivingDay {
  const days = (Date.parse(day) - Date.parse(FIRST)) / 86_400_000;
  const first = 1_000_000 + Math.round((days * MONTH_L) / 30) + errorL;
  const { meterId, terminalId } = place;
  return { meterId, terminalId, day, indexL: Array.from({ length: 24 }, (_, at) => first + at) };
}

interface IssuedRow {
  occupancy: number;
  closes: string;
  index: number | null;
  previous: number | null;
  usage: number | null;
}

/** Rows that stand issued, of each closing the one of the latest run. */
async function issuedRows(): Promise<Map<number, IssuedRow[]>> {
  const { rows } = await database.adminPool.query<IssuedRow>(
    `select distinct on (r.occupancy_id, r.closes_on) r.occupancy_id as occupancy, r.closes_on::text as closes, r.index_l as index,
       r.previous_index_l as previous, g.usage_l as usage
     from closing_run n join closing_run_row r using (utility_id, run_id) join closing_run_figure g using (utility_id, run_id, row_number)
     where n.utility_id = $1 and n.state = 'issued' order by r.occupancy_id, r.closes_on, n.run_id desc`,
    [utilityId],
  );
  const byPlace = new Map<number, IssuedRow[]>();
  for (const row of rows) byPlace.set(row.occupancy, [...(byPlace.get(row.occupancy) ?? []), row]);
  return byPlace;
}

/** Stores what became known in a step: one day of a meter at a time, as a terminal sends it. */
async function arriveIn(histories: readonly Step[][], at: number, month: string): Promise<void> {
  const days = histories.flatMap((steps) => steps.filter((step) => step.at === at));
  const first = new Map(days.map(({ day }) => [`${day.meterId} ${day.day}`, day]));
  const again = days.map(({ day }) => day).filter((day) => ![...first.values()].includes(day));
  await arrive([...first.values()], `${addMonths(month, 1)}-01T00:00:00+09:00`);
  if (again.length > 0) await arrive(again, `${addMonths(month, 1)}-02T00:00:00+09:00`);
}

/** Usage of the billed rows and the difference of their registers; undefined while the last row is not billed. */
function sumsOf(rows: readonly IssuedRow[]): { usage: number; registers: number } | undefined {
  const counted = rows.filter(({ usage }) => usage !== null);
  const [first, last] = [counted[0], counted.at(-1)];
  if (!first || !last || last !== rows.at(-1)) return undefined;
  return {
    usage: counted.reduce((total, { usage }) => total + (usage ?? 0), 0),
    registers: (last.index ?? 0) - (first.previous ?? 0),
  };
}

it('adds up for every place, whatever came late, was corrected, skipped or issued again', async () => {
  const chance = random(SEED);
  const histories = (await createPlaces()).map((place) => historyOf(place, chance));
  for (const [at, month] of MONTHS.entries()) {
    await arriveIn(histories, at, month);
    const isSkipped = at > 0 && at < MONTHS.length - 1 && chance() < 0.2;
    if (!isSkipped) await issue({ from: month });
    if (at > 0 && chance() < 0.5) await issue({ from: MONTHS[at - 1]!, to: month });
  }
  const places = await issuedRows();
  expect(places.size).toBe(PLACES);
  let billed = 0;
  for (const [occupancy, rows] of places) {
    const sums = sumsOf(rows);
    if (!sums) continue;
    billed += 1;
    expect(sums.usage, `occupancy ${occupancy}: ${JSON.stringify(rows)}`).toBe(sums.registers);
  }
  // Nearly all histories end with a row that is billed.
  expect(billed).toBeGreaterThan(PLACES * 0.9);
});
