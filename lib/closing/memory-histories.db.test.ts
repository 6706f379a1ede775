// Random histories of late, missing and corrected days, with closings issued, skipped and issued again, under every rule
// of estimation and with usages that staff decide: the usages of the rows of a place that stand issued add up to the
// difference of their registers, from the first real reading to the last.
import { expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { createArea, fitHousehold } from '../../db/testing/fixtures.ts';
import { DomainError } from '../errors.ts';
import { setEstimation } from '../estimation/estimation-commands.ts';
import type { EstimationInput } from '../estimation/estimation-inputs.ts';
import { certifyUsage } from '../estimation/usage-decision-commands.ts';
import { addDays, addMonths } from '../time.ts';
import {
  type ArrivingDay,
  arrangeRuns,
  arrive,
  database,
  issue,
  NOW,
  office,
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
  customerNumber: string;
  supplyPointId: number;
}

/** How the utility estimates in a run of histories. */
interface Choice {
  setting: EstimationInput;
  /** Maximum age of a reading that stands for a closing, days. */
  maxDays: number;
  /** Share of closings of a place whose usage staff try to decide. */
  decided: number;
  /** Share of places whose last row has to be billed. */
  billed: number;
}

const CHOICES: [string, Choice][] = [
  [
    'nothing is estimated',
    { setting: { missedReading: 'none' }, maxDays: 45, decided: 0, billed: 0.85 },
  ],
  [
    'the last usage stands for a missed reading, and staff decide some',
    { setting: { missedReading: 'last-usage' }, maxDays: 0, decided: 0.1, billed: 0.5 },
  ],
  [
    'the last usage by days does, and hours are interpolated',
    {
      setting: { missedReading: 'last-usage-by-days', interpolateMaxHours: 30 },
      ...{ maxDays: 1, decided: 0, billed: 0.5 },
    },
  ],
];

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
  const whole = dayOf(place, day, errorL);
  const read = { at: known, day: chance() < 0.2 ? withoutEnd(whole) : whole };
  if (known + 1 >= MONTHS.length || chance() >= 0.2) return [read];
  return [read, { at: known + 1, day: dayOf(place, day, 0) }];
}

/** The four days up to the closing of a month, and the one after it. */
function lastDays(month: string): string[] {
  return [3, 2, 1, 0, -1].map((back) => addDays(`${month}-20`, -back));
}

/** A day that lacks its last hours. */
function withoutEnd(day: ArrivingDay): ArrivingDay {
  return { ...day, indexL: day.indexL.map((value, at) => (at < 21 ? value : null)) };
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
  quality: string;
}

/** Rows that stand issued, of each closing the one of the latest run. */
async function issuedRows(): Promise<Map<number, IssuedRow[]>> {
  const { rows } = await database.adminPool.query<IssuedRow>(
    `select distinct on (r.occupancy_id, r.closes_on) r.occupancy_id as occupancy, r.closes_on::text as closes,
       coalesce(g.estimated_index_l, r.index_l) as index, g.quality,
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

/** Staff decide the usage of some rows; what does not fit its row is refused. */
async function decide(places: readonly Place[], month: string, chance: () => number) {
  const { rows } = await database.adminPool.query<{ id: number; number: string }>(
    'select supply_point_id as id, number from supply_point where utility_id = $1',
    [utilityId],
  );
  const numbers = new Map(rows.map(({ id, number }) => [id, number]));
  for (const { customerNumber: customer, supplyPointId } of places) {
    const supplyPoint = numbers.get(supplyPointId) ?? '';
    const row = { closingDay: 20, month, customer, supplyPoint, kind: 'regular' } as const;
    const usageM3 = String(Math.floor(chance() * 20));
    const input = { row, usageM3, reason: '電話で申告', now: NOW };
    await transactAs(database.db, utilityId, (tx) => certifyUsage(tx, office(), input)).catch(
      (error: unknown) => {
        if (!(error instanceof DomainError) || error.code !== 'conflict') throw error;
      },
    );
  }
}

it.each(CHOICES)(
  'adds up for every place where %s',
  async (_, choice) => {
    const chance = random(SEED);
    await database.adminPool.query(
      'update utility set closing_substitute_max_days = $2 where utility_id = $1',
      [utilityId, choice.maxDays],
    );
    await transactAs(database.db, utilityId, (tx) => setEstimation(tx, office(), choice.setting));
    const created = await createPlaces();
    const histories = created.map((place) => historyOf(place, chance));
    for (const [at, month] of MONTHS.entries()) {
      await arriveIn(histories, at, month);
      await decide(
        created.filter(() => chance() < choice.decided),
        month,
        chance,
      );
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
    expect(billed).toBeGreaterThan(PLACES * choice.billed);
    const qualities = new Set([...places.values()].flat().map(({ quality }) => quality));
    expect(qualities.has('estimated')).toBe(choice.setting.missedReading !== 'none');
    expect(qualities.has('certified')).toBe(choice.decided > 0);
  },
  600_000,
);
