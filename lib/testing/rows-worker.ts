/** The verbs of the worker, as the role kenshin_worker, each with the rows that it is about: see lib/testing/rows-read.ts. */
import { LARGE } from '../../db/testing/large-utility.ts';
import { findPosition, listChanges, listUnreadChanges } from '../changes/queries.ts';
import { enqueueJob } from '../jobs/commands.ts';
import { notePollPlan, planRequests, settleRequests } from '../polling/commands.ts';
import { findPollPlan, listUtilitiesToPoll } from '../polling/queries.ts';
import type { PoolCase, RowsCase } from './rows-case.ts';

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
];

/** They need no tenant. */
export const WORKER_POOL_CASES: readonly PoolCase[] = [
  {
    verb: 'polling/queries:listUtilitiesToPoll',
    about: 2,
    run: (_scene, pool) => listUtilitiesToPoll(pool),
  },
];
