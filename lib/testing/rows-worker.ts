/** The verbs of the worker, as the role kenshin_worker, each with the rows that it is about: see lib/testing/rows-read.ts. */
import { sql } from 'kysely';
import { LARGE } from '../../db/testing/large-utility.ts';
import { enterDueDays, rollUpDueDays } from '../area-days/commands.ts';
import { listHeldDays, remakeDays } from '../area-days/queries.ts';
import { findPosition, listChanges, listUnreadChanges } from '../changes/queries.ts';
import { enqueueJob } from '../jobs/commands.ts';
import { notePollPlan, planRequests, settleRequests } from '../polling/commands.ts';
import { findPollPlan, listUtilitiesToPoll } from '../polling/queries.ts';
import { pruneTakenFrames } from '../terminals/taken-frame-commands.ts';
import type { PoolCase, RowsCase } from './rows-case.ts';

/** The meters with their places, which the areas are looked for in. */
const REGISTER = LARGE.meters;
/** Changes that a reader takes at one time. */
const CHANGES = 100;
const BEGINNING = { transactionId: '0', changeId: 0 };
/** Terminals that one transaction of planning or settling looks at. */
const SLICE = 500;

export const WORKER_CASES: readonly RowsCase[] = [
  {
    ...{
      verb: 'polling/commands:planRequests',
      asks: 'of the windows of a minute',
      about: LARGE.meters,
    },
    run: ({ now }, tx) =>
      planRequests(tx, { after: new Date(now.getTime() - 60_000), until: now }, 0),
  },
  {
    ...{ verb: 'polling/commands:planRequests', asks: 'of all days back', about: SLICE * 35 },
    run: ({ now }, tx) => planRequests(tx, { after: new Date(0), until: now }, 0),
  },
  {
    ...{ verb: 'polling/commands:settleRequests', about: SLICE + LARGE.wanted },
    run: ({ now }, tx) => settleRequests(tx, { asOf: now, seenAfter: new Date(0) }, 0),
  },
  {
    verb: 'polling/queries:findPollPlan',
    about: 2,
    run: ({ utilityId }, tx) => findPollPlan(tx, utilityId),
  },
  {
    verb: 'polling/commands:notePollPlan',
    about: 1,
    run: ({ utilityId, now }, tx) => notePollPlan(tx, utilityId, { until: now, lookedBackAt: now }),
  },
  {
    ...{ verb: 'terminals/taken-frame-commands:pruneTakenFrames', about: 4 * SLICE },
    run: ({ now }, tx) => pruneTakenFrames(tx, { receivedBefore: now, afterTerminalId: 0 }),
  },
  {
    verb: 'jobs/commands:enqueueJob',
    about: 10,
    run: ({ utilityId }, tx) =>
      enqueueJob(tx, { utilityId }, { kind: 'plan-polling', input: {}, key: 'all' }),
  },
  {
    verb: 'changes/queries:findPosition',
    about: 1,
    run: ({ utilityId }, tx) => findPosition(tx, utilityId, 'nobody'),
  },
  {
    verb: 'changes/queries:listChanges',
    about: CHANGES,
    run: ({ utilityId }, tx) => listChanges(tx, utilityId, { after: BEGINNING, limit: CHANGES }),
  },
  {
    verb: 'changes/queries:listUnreadChanges',
    about: CHANGES,
    run: ({ utilityId }, tx) =>
      listUnreadChanges(tx, utilityId, { after: BEGINNING, limit: CHANGES }),
  },
  {
    verb: 'area-days/commands:enterDueDays',
    about: CHANGES,
    run: ({ utilityId }, tx) => enterDueDays(tx, utilityId),
  },
  {
    ...{ verb: 'area-days/commands:rollUpDueDays', asks: 'a day of a small area', about: REGISTER },
    run: async ({ utilityId, home, utility }, tx) => {
      await sql`insert into area_day_due values (${utilityId}, ${home.areaId}, ${utility.lastDay})`.execute(
        tx,
      );
      await rollUpDueDays(tx, utilityId);
    },
  },
  {
    ...{ verb: 'area-days/queries:remakeDays', asks: 'a day of a small area', about: REGISTER },
    run: ({ home, utility }, tx) =>
      remakeDays(tx, {}, [{ day: utility.lastDay, areaIds: [home.areaId] }]),
  },
  {
    ...{ verb: 'area-days/queries:listHeldDays', about: LARGE.days },
    run: ({ utilityId, home, utility }, tx) =>
      listHeldDays(
        tx,
        { utilityId, areaIds: [home.areaId], from: utility.firstDay, to: utility.lastDay },
        [],
      ),
  },
];

/** They need no tenant. */
export const WORKER_POOL_CASES: readonly PoolCase[] = [
  {
    verb: 'polling/queries:listUtilitiesToPoll',
    about: 2,
    run: (_scene, pool) => listUtilitiesToPoll(pool),
  },
];
