// Polling plan of one utility: records which days should have arrived and did not, and closes requests of days that
// have arrived. The sidecars ask the connected terminals for them (ingest/schedule).

import { POLL_PLAN, windowToPlan } from '../../lib/polling/poll-plan.ts';
import { notePollPlan } from '../../lib/polling/polling-commands.ts';
import { findPollPlan } from '../../lib/polling/polling-queries.ts';
import type { Transact } from '../ingest-database.ts';
import type { Log } from '../log.ts';
import { planUtility } from './plan-utility.ts';

export interface PlanOptions {
  transact: Transact;
  log: Log;
  now: () => number;
}

/** Plans the days that became due since the last plan, at times all days that may still be requested. */
export async function planPolling(
  utilityId: number,
  { transact, log, now }: PlanOptions,
  lookBackEveryMs: number = POLL_PLAN.lookBackEveryMs,
): Promise<void> {
  const at = new Date(now());
  const known = await transact(utilityId, (tx) => findPollPlan(tx, utilityId));
  const window = windowToPlan(known, at, lookBackEveryMs);
  const days = await planUtility(transact, utilityId, { after: window.after, until: at });
  // After the work, so that an interrupted one is done again.
  await transact(utilityId, (tx) => notePollPlan(tx, utilityId, { until: at, ...window }));
  if (days > 0) log.info({ utilityId, days }, 'days have not arrived; they are asked for');
}
