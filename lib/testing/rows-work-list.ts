/** Verbs of the work-list, each with the rows that it is about: see lib/testing/rows-read.ts. */
import { LARGE } from '../../db/testing/large-utility.ts';
import { addDays } from '../time.ts';
import { seeMark } from '../validation/mark-commands.ts';
import { countOpenMarks, listMarks } from '../validation/mark-queries.ts';
import { getWorkChoices } from '../work-list/choice-queries.ts';
import { listClosingChecks } from '../work-list/closing-check-queries.ts';
import { getWorkItem, readWorkItem } from '../work-list/work-item-queries.ts';
import { findWorkItem, listWork } from '../work-list/work-list-queries.ts';
import { HISTORY, type LargeScene, PAGE, type RowsCase } from './rows-case.ts';

/** Meters in doubt, each of them on two days in a row. */
const DOUBTED = 200;

/** Verdicts of the last days of some meters, as the job writes them; returns the first day of an item of `home`. */
async function doubt({ admin, utilityId, utility, home, now }: LargeScene): Promise<string> {
  const fromOn = addDays(utility.lastDay, -3);
  await admin.query(
    `insert into reading_verdict (utility_id, meter_id, day, hours, index_l, rules, step_hours, step_rules, doubt_l, step_l, judged_at)
     select $1, m.meter_id, $2::date + n, '{5}', array[coalesce(d.index_l[5], 0)], '{jumped}', '{}', '{}', array[m.meter_id], '{}', $5
     from (select meter_id from meter where utility_id = $1 order by meter_id = $4 desc, meter_id limit $3) m
     cross join generate_series(0, 1) n
     left join series.meter_day d on d.utility_id = $1 and d.meter_id = m.meter_id and d.day = $2::date + n
     on conflict do nothing`,
    [utilityId, fromOn, DOUBTED, home.meterId, now],
  );
  return fromOn;
}

const LIST = { order: 'litres', limit: 50 } as const;

/** Marks on some meters. */
async function mark({ admin, utilityId, utility }: LargeScene): Promise<void> {
  await admin.query(
    `insert into reading_mark (utility_id, meter_id, rule, from_on, to_on, litres, facts, marked_at)
     select $1, meter_id, 'stuck-register', $2, $2, meter_id, '{}', $2::date
     from (select meter_id from meter where utility_id = $1 order by meter_id limit $3) m on conflict do nothing`,
    [utilityId, utility.lastDay, DOUBTED],
  );
}

export const WORK_LIST_CASES: readonly RowsCase[] = [
  {
    // Each of the two statements reads the marks and what is beside their meters.
    ...{ verb: 'validation/mark-queries:listMarks', about: 10 * DOUBTED },
    run: async (scene, tx) => {
      await mark(scene);
      return listMarks(tx, scene.actor, { state: 'open', ...PAGE });
    },
  },
  {
    ...{ verb: 'validation/mark-queries:countOpenMarks', about: DOUBTED },
    run: async (scene, tx) => {
      await mark(scene);
      return countOpenMarks(tx, scene.actor);
    },
  },
  {
    // A small list of marks is read whole.
    ...{ verb: 'validation/mark-commands:seeMark', about: 30 },
    run: async (scene, tx) => {
      await mark(scene);
      const { rows } = await scene.admin.query<{ meterId: number }>(
        'select min(meter_id) as "meterId" from reading_mark where utility_id = $1 and seen_at is null',
        [scene.utilityId],
      );
      const meterId = rows[0]?.meterId ?? 0;
      const { lastDay: fromOn } = scene.utility;
      return seeMark(tx, scene.actor, { meterId, rule: 'stuck-register', fromOn, isSeen: true });
    },
  },
  {
    // Each of the two statements reads the verdicts and what is beside their meters.
    ...{ verb: 'work-list/work-list-queries:listWork', about: 20 * DOUBTED },
    run: async (scene, tx) => {
      await doubt(scene);
      return listWork(tx, scene.actor, { ...LIST, now: scene.now });
    },
  },
  {
    ...{ verb: 'work-list/work-list-queries:findWorkItem', about: 10 },
    run: async (scene, tx) => {
      const fromOn = await doubt(scene);
      const { meterId } = scene.home;
      return findWorkItem(tx, scene.actor, { meterId, fromOn, now: scene.now });
    },
  },
  {
    ...{ verb: 'work-list/work-item-queries:getWorkItem', about: HISTORY },
    run: async (scene, tx) => {
      const fromOn = await doubt(scene);
      const { meterId } = scene.home;
      return getWorkItem(tx, scene.actor, { meterId, fromOn, now: scene.now });
    },
  },
  {
    // What the closing itself reads, before and after each decision, and the whole history of the meter.
    ...{ verb: 'work-list/choice-queries:getWorkChoices', about: 20 * HISTORY },
    run: async (scene, tx) => {
      const fromOn = await doubt(scene);
      const { meterId } = scene.home;
      return getWorkChoices(tx, scene.actor, { meterId, fromOn, now: scene.now });
    },
  },
  {
    ...{ verb: 'work-list/work-item-queries:readWorkItem', about: HISTORY },
    run: async (scene, tx) => {
      const fromOn = await doubt(scene);
      const { meterId } = scene.home;
      return readWorkItem(tx, scene.actor, { meterId, fromOn, now: scene.now });
    },
  },
  {
    // What the closing itself reads (lib/testing/rows-closing.ts), and the register for the closing days.
    ...{
      verb: 'work-list/closing-check-queries:listClosingChecks',
      about: 2 * LARGE.meters + Math.ceil(LARGE.meters / 31) * 20,
    },
    run: ({ actor, now }, tx) => listClosingChecks(tx, actor, { ...PAGE, now, closingDay: 20 }),
  },
];
