/**
 * Cases staged in the demo: each with customer number and the page that shows it; and the staging that no simulated
 * terminal can do itself, being silent since before the demo began.
 */
import { type Kysely, sql } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { faultsOf } from '../../ingest/simulator/faults.ts';
import type { Fleet } from '../../ingest/simulator/fleet-file.ts';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import { type DemoHousehold, SILENT_DAYS, SILENT_INDEX } from './demo-fleet.ts';

const GAP_DAYS_BACK = 90;

/** One staged case, as the demo prints it. */
export interface DemoCase {
  what: string;
  customerNumber: string;
  terminalNumber: string;
  /** Path of the page that shows it, for the analyst. */
  path: string;
}

/** Households that get a registration code; `shows` describes what is special about each. */
export const DEMO_HOUSEHOLDS = [
  { index: 0, shows: 'a year like any other' },
  { index: 2, shows: 'hours that never arrived' },
  { index: 8, shows: 'the meter was exchanged' },
] as const;

/** Cases of a planned demo: a gap, an exchange, a change of customer, a rollover, a drift, two silent terminals. */
export function listDemoCases(plan: readonly DemoHousehold[], today: string): DemoCase[] {
  const cases: { index: number; what: string; day?: string | undefined }[] = [
    { index: 2, what: 'hours missing', day: lastGap(plan[2], today) },
    { index: 8, what: 'meter exchanged', day: exchangedOn(plan[8]) },
    { index: 1, what: 'customer changed', day: plan[1]?.customers[1]?.fromOn },
    { index: 4, what: 'register rolls over' },
    { index: 160, what: 'regulator drifts upwards', day: faultFrom(plan[160]) },
    ...listSilent(plan).map(({ index, fromDay }) => ({ index, what: 'silent', day: fromDay })),
  ];
  return cases.flatMap(({ index, what, day }) => {
    const household = plan[index];
    const customerNumber = household?.customers.at(-1)?.customerNumber;
    if (household === undefined || customerNumber === undefined) return [];
    const { terminalNumber } = household;
    const since = day === undefined ? what : `${what} (${day})`;
    return [{ what: since, customerNumber, terminalNumber, path: `/meters?q=${customerNumber}` }];
  });
}

/**
 * Day on which a fleet was planned, derived from its faults, which begin a known number of days before it.
 * @param fleet the fleet's file of the seeded demo.
 */
export function plannedOn(fleet: Pick<Fleet, 'terminals'>): string | undefined {
  const silent = fleet.terminals[SILENT_INDEX]?.faults.find(({ kind }) => kind === 'silent');
  return silent?.fromDay && addDays(silent.fromDay, SILENT_DAYS);
}

/** Terminals that report nothing from a day on. */
export function listSilent(plan: readonly DemoHousehold[]): { index: number; fromDay: string }[] {
  return plan.flatMap(({ faults }, index) => {
    const silent = faults.find(({ kind }) => kind === 'silent');
    return silent?.fromDay === undefined ? [] : [{ index, fromDay: silent.fromDay }];
  });
}

/**
 * Makes a terminal silent for days. Its history arrives only when the demo begins, so its last contact is moved back to
 * the report of its last day, and the requests made since are removed.
 */
export async function stageSilence(
  db: Kysely<Database>,
  utilityId: number,
  plan: readonly DemoHousehold[],
): Promise<void> {
  for (const { index, fromDay } of listSilent(plan)) {
    const household = plan[index];
    if (household === undefined) continue;
    const { terminalNumber, reportMinute } = household;
    const heardAt = new Date(instantOf(fromDay, 0).getTime() + reportMinute * 60_000);
    await sql`
      update terminal_state s set last_seen_at = least(s.last_seen_at, ${heardAt})
      from terminal t
      where t.utility_id = ${utilityId} and t.number = ${terminalNumber}
        and s.utility_id = t.utility_id and s.terminal_id = t.terminal_id`.execute(db);
    await sql`
      update reading_request r
      set asked_count = 0, last_asked_at = null, answered_at = null, given_up_at = null
      from terminal t
      where t.utility_id = ${utilityId} and t.number = ${terminalNumber}
        and r.utility_id = t.utility_id and r.terminal_id = t.terminal_id and r.day >= ${fromDay}`.execute(
      db,
    );
  }
}

function lastGap(household: DemoHousehold | undefined, today: string): string | undefined {
  if (household === undefined) return undefined;
  const faults = faultsOf(household.seed, household.faults);
  for (let back = 2; back <= GAP_DAYS_BACK; back += 1) {
    const day = addDays(today, -back);
    if (faults.strikes('missing-hours', day)) return day;
  }
  return undefined;
}

function exchangedOn(household: DemoHousehold | undefined): string | undefined {
  const removedAt = household?.meters[0]?.removedAt;
  return removedAt && dayOf(removedAt);
}

function faultFrom(household: DemoHousehold | undefined): string | undefined {
  return household?.faults[0]?.fromDay;
}
