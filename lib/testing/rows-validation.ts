/** Verbs of validation, in the role kenshin_worker, each with the rows that it is about: see lib/testing/rows-read.ts. */
import { sql } from 'kysely';
import { LARGE } from '../../db/testing/large-utility.ts';
import { listHistories } from '../validation/history-queries.ts';
import {
  advanceValidation,
  validateNextChanges,
  validateNextMeters,
} from '../validation/validation-commands.ts';
import { listUtilitiesToValidate } from '../validation/validation-queries.ts';
import type { LargeScene, PoolCase, RowsCase } from './rows-case.ts';

/** Meters whose day changed. */
const CHANGED = 50;

/** Enters changes of the last day as a batch of reports does, of meters without a register in doubt: those are judged over all their days. */
async function changeDays({ admin, utilityId, utility }: LargeScene): Promise<void> {
  await admin.query('delete from reading_verdict where utility_id = $1', [utilityId]);
  await admin.query(
    `insert into day_change (utility_id, what, meter_ids, days)
     select $1, 'on-time', array_agg(meter_id), array_agg($2::date)
     from (select meter_id from meter where utility_id = $1 order by meter_id limit ${CHANGED}) m`,
    [utilityId, utility.lastDay],
  );
}

export const VALIDATION_CASES: readonly RowsCase[] = [
  {
    ...{ verb: 'validation/validation-commands:validateNextChanges', about: 10 * CHANGED },
    run: async (scene, tx) => {
      await changeDays(scene);
      await validateNextChanges(tx, scene.utilityId, scene.now);
    },
  },
  {
    ...{ verb: 'validation/validation-commands:advanceValidation', about: 10 * CHANGED },
    run: async (scene, tx) => {
      await changeDays(scene);
      await validateNextChanges(tx, scene.utilityId, scene.now);
      await advanceValidation(tx, scene.utilityId);
    },
  },
  {
    ...{ verb: 'validation/validation-commands:validateNextMeters', about: 200 * LARGE.days },
    run: async ({ utilityId, now }, tx) => {
      await sql`update validation_state set rules_version = 0 where utility_id = ${utilityId}`.execute(
        tx,
      );
      await validateNextMeters(tx, utilityId, now);
    },
  },
  {
    ...{ verb: 'validation/history-queries:listHistories', asks: 'around a day', about: 10 },
    run: ({ utilityId, home, utility: { lastDay } }, tx) =>
      listHistories(tx, utilityId, [{ meterId: home.meterId, from: lastDay, to: lastDay }]),
  },
  {
    ...{ verb: 'validation/history-queries:listHistories', asks: 'whole', about: LARGE.days },
    run: ({ utilityId, home }, tx) =>
      listHistories(tx, utilityId, [{ meterId: home.meterId, from: null, to: null }]),
  },
];

/** Cases that need no utility. */
export const VALIDATION_POOL_CASES: readonly PoolCase[] = [
  {
    verb: 'validation/validation-queries:listUtilitiesToValidate',
    about: 10,
    run: (_scene, pool) => listUtilitiesToValidate(pool),
  },
];
