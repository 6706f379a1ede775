/** Fixtures of tests of estimation: a supply point whose register counts evenly, with days that are missing. */
import { readAs, transactAs } from '../../db/client.ts';
import { fitHousehold, type Household } from '../../db/testing/fixtures.ts';
import { getClosingExplanation } from '../closing/closing-explanation-queries.ts';
import {
  arrive,
  database,
  issue,
  NOW,
  office,
  steadyDays,
  utilityId,
} from '../closing/testing-runs.ts';
import { setEstimation } from './estimation-commands.ts';
import type { EstimationInput } from './estimation-inputs.ts';
import { certifyUsage, withdrawUsageDecision } from './usage-decision-commands.ts';

/** Register at 0:00 of 21 July 2026, and how it goes on: 148,800 L in 31 days, 144,000 L in 30. */
export const LINE = { since: '2026-07-21', fromL: 1_000_400, perHourL: 200 };

/** A supply point of closing day 20; readings older than three days do not stand for a closing. */
export async function place(): Promise<Household> {
  await database.adminPool.query(
    'update utility set closing_substitute_max_days = 3 where utility_id = $1',
    [utilityId],
  );
  return fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
}

export async function arriveFrom(home: Household, from: string, to: string): Promise<void> {
  await arrive(steadyDays(home, { from, to }, LINE));
}

export function estimate(setting: Partial<EstimationInput>): Promise<void> {
  const whole = { missedReading: 'none', ...setting } as const;
  return transactAs(database.db, utilityId, (tx) => setEstimation(tx, office(), whole));
}

/** The one row of a month's closing as it is issued. */
export async function issuedRow(month: string): Promise<Record<string, string>> {
  const { rows } = await issue({ from: month });
  const [row] = rows;
  if (rows.length !== 1 || !row) throw new Error(`the closing has ${rows.length} rows`);
  return row;
}

export async function rowOf(home: Household, month: string) {
  const { rows } = await database.adminPool.query<{ number: string }>(
    'select number from supply_point where supply_point_id = $1',
    [home.supplyPointId],
  );
  const supplyPoint = rows[0]?.number ?? '';
  return {
    ...{ closingDay: 20, month, customer: home.customerNumber, supplyPoint },
    kind: 'regular' as const,
  };
}

export async function certify(home: Household, month: string, usageM3: string) {
  const row = await rowOf(home, month);
  return transactAs(database.db, utilityId, (tx) =>
    certifyUsage(tx, office(), { row, usageM3, reason: '電話で申告', now: NOW }),
  );
}

/** Closings of August and September are read and issued; that of October is not read. */
export async function untilSeptember(): Promise<Household> {
  const home = await place();
  await arriveFrom(home, '2026-07-20', '2026-07-20');
  await arriveFrom(home, '2026-08-20', '2026-08-20');
  await arriveFrom(home, '2026-09-20', '2026-09-20');
  await issue({ from: '2026-08' });
  await issue({ from: '2026-09' });
  return home;
}

export async function withdraw(decisionId: number): Promise<void> {
  await transactAs(database.db, utilityId, (tx) =>
    withdrawUsageDecision(tx, office(), { decisionId }),
  );
}

export async function explain(home: Household, month: string) {
  const input = { ...(await rowOf(home, month)), now: NOW };
  return readAs(database.db, utilityId, (db) => getClosingExplanation(db, office(), input));
}
