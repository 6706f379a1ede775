/**
 * Verbs of the worker, in the role kenshin_worker, each with the rows that it is about: see lib/testing/rows-read.ts.
 */
import { sql } from 'kysely';
import { LARGE } from '../../db/testing/large-utility.ts';
import { enterDueDays, rollUpDueDays } from '../area-days/area-day-commands.ts';
import { listHeldDays, remakeDays } from '../area-days/area-day-queries.ts';
import { findPosition, listChanges, listUnreadChanges } from '../changes/change-queries.ts';
import { enqueueJob } from '../jobs/job-commands.ts';
import { listUtilityIds } from '../jobs/job-queries.ts';
import { closeAnsweredRequests, notePollPlan, planRequests } from '../polling/polling-commands.ts';
import { findPollPlan } from '../polling/polling-queries.ts';
import { pruneTakenFrames } from '../terminals/taken-frame-commands.ts';
import type { PoolCase, RowsCase } from './rows-case.ts';

/** Meters with their supply points, among which the areas are looked up. */
const REGISTER = LARGE.meters;
/** Changes that a reader reads at one time. */
const CHANGES = 100;
const BEGINNING = { transactionId: '0', changeId: 0 };
/** Terminals of one transaction that plans or closes requests. */
const SLICE = 500;

export const WORKER_CASES: readonly RowsCase[] = [
  {
    ...{
      verb: 'polling/polling-commands:planRequests',
      asks: 'of the windows of a minute',
      about: LARGE.meters,
    },
    run: ({ now }, tx) =>
      planRequests(tx, { after: new Date(now.getTime() - 60_000), until: now }, 0),
  },
  {
    ...{
      verb: 'polling/polling-commands:planRequests',
      asks: 'of all days back',
      about: SLICE * 35,
    },
    run: ({ now }, tx) => planRequests(tx, { after: new Date(0), until: now }, 0),
  },
  {
    ...{ verb: 'polling/polling-commands:closeAnsweredRequests', about: SLICE + LARGE.wanted },
    run: ({ now }, tx) => closeAnsweredRequests(tx, { asOf: now, seenAfter: new Date(0) }, 0),
  },
  {
    verb: 'polling/polling-queries:findPollPlan',
    about: 2,
    run: ({ utilityId }, tx) => findPollPlan(tx, utilityId),
  },
  {
    verb: 'polling/polling-commands:notePollPlan',
    about: 1,
    run: ({ utilityId, now }, tx) => notePollPlan(tx, utilityId, { until: now, lookedBackAt: now }),
  },
  {
    ...{ verb: 'terminals/taken-frame-commands:pruneTakenFrames', about: 4 * SLICE },
    run: ({ now }, tx) => pruneTakenFrames(tx, { receivedBefore: now, afterTerminalId: 0 }),
  },
  {
    verb: 'jobs/job-commands:enqueueJob',
    about: 10,
    run: ({ utilityId }, tx) =>
      enqueueJob(tx, { utilityId }, { kind: 'plan-polling', input: {}, key: 'all' }),
  },
  {
    verb: 'changes/change-queries:findPosition',
    about: 1,
    run: ({ utilityId }, tx) => findPosition(tx, utilityId, 'nobody'),
  },
  {
    verb: 'changes/change-queries:listChanges',
    about: CHANGES,
    run: ({ utilityId }, tx) => listChanges(tx, utilityId, { after: BEGINNING, limit: CHANGES }),
  },
  {
    verb: 'changes/change-queries:listUnreadChanges',
    about: CHANGES,
    run: ({ utilityId }, tx) =>
      listUnreadChanges(tx, utilityId, { after: BEGINNING, limit: CHANGES }),
  },
  {
    verb: 'area-days/area-day-commands:enterDueDays',
    about: CHANGES,
    run: ({ utilityId }, tx) => enterDueDays(tx, utilityId),
  },
  {
    ...{
      verb: 'area-days/area-day-commands:rollUpDueDays',
      asks: 'a day of a small area',
      about: REGISTER,
    },
    run: async ({ utilityId, home, utility }, tx) => {
      await sql`insert into area_day_due values (${utilityId}, ${home.areaId}, ${utility.lastDay})`.execute(
        tx,
      );
      await rollUpDueDays(tx, utilityId);
    },
  },
  {
    ...{
      verb: 'area-days/area-day-queries:remakeDays',
      asks: 'a day of a small area',
      about: REGISTER,
    },
    run: ({ home, utility }, tx) =>
      remakeDays(tx, {}, [{ day: utility.lastDay, areaIds: [home.areaId] }]),
  },
  {
    ...{ verb: 'area-days/area-day-queries:listHeldDays', about: LARGE.days },
    run: ({ utilityId, home, utility }, tx) =>
      listHeldDays(
        tx,
        { utilityId, areaIds: [home.areaId], from: utility.firstDay, to: utility.lastDay },
        [],
      ),
  },
];

/** Cases that need no utility. */
export const WORKER_POOL_CASES: readonly PoolCase[] = [
  {
    verb: 'jobs/job-queries:listUtilityIds',
    about: 2,
    run: (_scene, pool) => listUtilityIds(pool),
  },
];
