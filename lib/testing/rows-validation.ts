/** Verbs of validation, in the role kenshin_worker, each with the rows that it is about: see lib/testing/rows-read.ts. */
import { sql } from 'kysely';
import { LARGE } from '../../db/testing/large-utility.ts';
import { listHistories } from '../validation/history-queries.ts';
import {
  listDoubtedClocks,
  listLateRegisters,
  listMarkedMeters,
  listMetersToMark,
} from '../validation/mark-facts-queries.ts';
import {
  advanceValidation,
  validateNextChanges,
  validateNextMeters,
} from '../validation/validation-commands.ts';
import { listUtilitiesToValidate } from '../validation/validation-queries.ts';
import { HISTORY, type LargeScene, type PoolCase, type RowsCase } from './rows-case.ts';

/** Meters whose day changed. */
const CHANGED = 50;

/** A Sunday: on it the changed meters are marked too. */
const SUNDAY = '2026-02-01';

/** Ends of weeks of the compared years, and what each meter has beside. */
const OF_WEEKS = 10 + Math.ceil(LARGE.days / 7);

/** Enters changes of a day as a batch of reports does, of meters without a register in doubt or a mark: those are judged over all their days. */
async function changeDays(
  { admin, utilityId, utility }: LargeScene,
  day = utility.lastDay,
): Promise<void> {
  for (const table of ['reading_verdict', 'reading_mark', 'terminal_clock_doubt']) {
    await admin.query(`delete from ${table} where utility_id = $1`, [utilityId]);
  }
  await admin.query(
    `insert into day_change (utility_id, what, meter_ids, days)
     select $1, 'on-time', array_agg(meter_id), array_agg($2::date)
     from (select meter_id from meter where utility_id = $1 order by meter_id limit ${CHANGED}) m`,
    [utilityId, day],
  );
}

/** The clock of the terminal of `home` was off on the last day. */
async function doubtClock({ admin, utilityId, home, utility }: LargeScene): Promise<void> {
  await admin.query(
    `insert into terminal_clock_doubt (utility_id, terminal_id, day, offset_s, noted_at)
     select utility_id, terminal_id, $3, 3600, received_at from series.meter_day where utility_id = $1 and meter_id = $2 and day = $3
     on conflict do nothing`,
    [utilityId, home.meterId, utility.lastDay],
  );
}

export const VALIDATION_CASES: readonly RowsCase[] = [
  {
    ...{ verb: 'validation/mark-facts-queries:listMarkedMeters', about: HISTORY },
    run: ({ utilityId, home }, tx) => listMarkedMeters(tx, utilityId, { meterIds: [home.meterId] }),
  },
  {
    ...{ verb: 'validation/mark-facts-queries:listLateRegisters', about: 10 },
    run: ({ utilityId, home }, tx) => listLateRegisters(tx, utilityId, [home.meterId]),
  },
  {
    ...{ verb: 'validation/mark-facts-queries:listDoubtedClocks', about: 10 },
    run: async (scene, tx) => {
      await doubtClock(scene);
      return listDoubtedClocks(tx, scene.utilityId, [scene.home.meterId]);
    },
  },
  {
    // A small list of marks is read whole.
    ...{ verb: 'validation/mark-facts-queries:listMetersToMark', about: 30 },
    run: async (scene, tx) => {
      await doubtClock(scene);
      const { lastDay } = scene.utility;
      const { meterId } = scene.home;
      return listMetersToMark(tx, scene.utilityId, [{ meterId, from: lastDay, to: lastDay }]);
    },
  },
  {
    ...{ verb: 'validation/validation-commands:validateNextChanges', about: 10 * CHANGED },
    run: async (scene, tx) => {
      await changeDays(scene);
      await validateNextChanges(tx, scene.utilityId, scene.now);
    },
  },
  {
    ...{ verb: 'validation/validation-commands:validateNextChanges', asks: 'at the end of a week' },
    about: (10 + OF_WEEKS) * CHANGED,
    run: async (scene, tx) => {
      await changeDays(scene, SUNDAY);
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
