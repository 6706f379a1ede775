/** Verbs of edits, each with the rows that it is about: see lib/testing/rows-read.ts. */
import type { Tx } from '../../db/schema.ts';
import { LARGE } from '../../db/testing/large-utility.ts';
import { listSupplyPointClosingsWith } from '../closing/closing-as-if-queries.ts';
import { latestClosing } from '../closing/closing-day.ts';
import { editReading, secondEdit, setSecondLook, takeBackEdit } from '../editing/edit-commands.ts';
import { effectOfEdit } from '../editing/edit-effect-queries.ts';
import { getEditPlan } from '../editing/edit-plan-queries.ts';
import { previewDecision, previewEdit } from '../editing/edit-preview-queries.ts';
import { getEdit, listEdits, listMeterEdits } from '../editing/edit-queries.ts';
import { listEditedHours } from '../editing/edited-day-queries.ts';
import { editedTables } from '../editing/edited-tables-sql.ts';
import { addDays, dayOf } from '../time.ts';
import { HISTORY, type LargeScene, PAGE, type RowsCase } from './rows-case.ts';

/** The closings of a place around an edit, before and after; the register of places is small and read as a set. */
const EFFECT = 14 * HISTORY + 2 * LARGE.meters;

const struck = ({ home, now }: LargeScene) => ({
  ...{ meterId: home.meterId, day: addDays(dayOf(now), -3), kind: 'struck' as const },
  ...{ hourEnding: 12, now },
});

const make = (scene: LargeScene, tx: Tx) =>
  editReading(tx, scene.actor, {
    ...struck(scene),
    ...{ reason: 'terminal-error' as const, note: '', acknowledgedClosings: [] },
  });

export const EDIT_CASES: readonly RowsCase[] = [
  {
    ...{ verb: 'editing/edit-commands:editReading', about: HISTORY },
    run: (scene, tx) => make(scene, tx),
  },
  {
    ...{ verb: 'editing/edit-commands:takeBackEdit', about: 2 * HISTORY },
    run: async (scene, tx) => {
      const { editId } = await make(scene, tx);
      await takeBackEdit(tx, scene.actor, { editId, acknowledgedClosings: [] });
    },
  },
  {
    ...{ verb: 'editing/edit-commands:secondEdit', about: 2 * HISTORY },
    run: async (scene, tx) => {
      await setSecondLook(tx, scene.actor, { secondLookL: 0 });
      const { editId } = await editReading(tx, scene.actor, {
        ...{ ...struck(scene), kind: 'entered', indexL: 1, reason: 'read-on-site', note: '' },
        acknowledgedClosings: [],
      });
      const other = { ...scene.actor, name: 'another' };
      await secondEdit(tx, other, { editId, agreed: true, acknowledgedClosings: [] });
    },
  },
  {
    ...{ verb: 'editing/edit-commands:setSecondLook', about: 1 },
    run: ({ actor }, tx) => setSecondLook(tx, actor, { secondLookL: 5000 }),
  },
  {
    ...{ verb: 'editing/edit-plan-queries:getEditPlan', about: 4 },
    run: (scene, tx) => getEditPlan(tx, scene.actor, struck(scene)),
  },
  {
    ...{ verb: 'editing/edit-preview-queries:previewEdit', about: EFFECT },
    run: (scene, tx) => previewEdit(tx, scene.actor, struck(scene)),
  },
  {
    ...{ verb: 'editing/edit-preview-queries:previewDecision', about: EFFECT },
    run: async (scene, tx) => {
      const { editId } = await make(scene, tx);
      await previewDecision(tx, scene.actor, { editId, now: scene.now });
    },
  },
  {
    ...{ verb: 'editing/edit-effect-queries:effectOfEdit', about: EFFECT },
    run: async (scene, tx) => {
      const { meterId, day, now } = struck(scene);
      const { hours, indexL } = await getEditPlan(tx, scene.actor, struck(scene));
      const after = [{ day, hours, kinds: hours.map(() => 'struck' as const), indexL }];
      await effectOfEdit(tx, scene.actor, {
        ...{ meterId, day, hours, now, edits: { before: [], after } },
      });
    },
  },
  {
    ...{ verb: 'editing/edit-queries:listMeterEdits', about: 4 },
    run: ({ actor, home }, tx) => listMeterEdits(tx, actor, home),
  },
  {
    ...{ verb: 'editing/edit-queries:listEdits', about: 4 },
    run: ({ actor }, tx) => listEdits(tx, actor, { state: 'proposed', ...PAGE }),
  },
  {
    ...{ verb: 'editing/edit-queries:getEdit', about: 2 * HISTORY },
    run: async (scene, tx) => {
      const { editId } = await make(scene, tx);
      await getEdit(tx, scene.actor, { editId });
    },
  },
  {
    ...{ verb: 'editing/edited-day-queries:listEditedHours', about: 2 },
    run: ({ actor, home }, tx) => listEditedHours(tx, actor.utilityId, [home.meterId]),
  },
  {
    ...{ verb: 'closing/closing-as-if-queries:listSupplyPointClosingsWith', about: EFFECT },
    run: async ({ actor, home, now, admin }, tx) => {
      const { rows } = await admin.query<{ number: string; day: number }>(
        'select number, closing_day as day from supply_point where utility_id = $1 and supply_point_id = $2',
        [actor.utilityId, home.supplyPointId],
      );
      const { number = '', day = 20 } = rows[0] ?? {};
      return listSupplyPointClosingsWith(
        tx,
        actor,
        {
          ...{ supplyPointId: home.supplyPointId, supplyPointNumber: number, closingDay: day },
          ...{ closings: [latestClosing(day, now)], now },
        },
        editedTables({
          ...{ utilityId: actor.utilityId, meterId: home.meterId, meterIds: [home.meterId] },
          ...{ edits: [], verdicts: [] },
        }),
      );
    },
  },
];
