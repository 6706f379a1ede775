/** Cases of rows read for layouts of closing files. */
import { getFileKind } from '../closing/file-choice-queries.ts';
import { removeLayout, restoreLayout, saveLayout } from '../layouts/layout-commands.ts';
import { LAYOUT_PRESETS } from '../layouts/layout-presets.ts';
import {
  getLayout,
  getLayoutIdByName,
  getStoredLayout,
  listLayouts,
} from '../layouts/layout-queries.ts';
import type { LargeScene, RowsCase } from './rows-case.ts';

const NAME = '販売管理';

function save(tx: Parameters<RowsCase['run']>[1], { actor, now }: LargeScene) {
  return saveLayout(tx, actor, { name: NAME, body: LAYOUT_PRESETS['import-cp932'], now });
}

export const LAYOUT_CASES: readonly RowsCase[] = [
  {
    ...{ verb: 'layouts/layout-commands:saveLayout', about: 10 },
    run: (scene, tx) => save(tx, scene),
  },
  {
    ...{ verb: 'layouts/layout-commands:removeLayout', about: 20 },
    run: async (scene, tx) => {
      const { layoutId } = await save(tx, scene);
      await removeLayout(tx, scene.actor, { layoutId, now: scene.now });
    },
  },
  {
    ...{ verb: 'layouts/layout-commands:restoreLayout', about: 30 },
    run: async (scene, tx) => {
      const { layoutId } = await save(tx, scene);
      await removeLayout(tx, scene.actor, { layoutId, now: scene.now });
      await restoreLayout(tx, scene.actor, { layoutId });
    },
  },
  {
    ...{ verb: 'layouts/layout-queries:listLayouts', about: 10 },
    run: async (scene, tx) => {
      await save(tx, scene);
      await listLayouts(tx, scene.actor);
    },
  },
  {
    ...{ verb: 'layouts/layout-queries:getLayout', about: 10 },
    run: async (scene, tx) => getLayout(tx, scene.actor, await save(tx, scene)),
  },
  {
    ...{ verb: 'layouts/layout-queries:getStoredLayout', about: 10 },
    run: async (scene, tx) => getStoredLayout(tx, scene.actor, await save(tx, scene)),
  },
  {
    ...{ verb: 'layouts/layout-queries:getLayoutIdByName', about: 10 },
    run: async (scene, tx) => {
      await save(tx, scene);
      await getLayoutIdByName(tx, scene.actor, { name: NAME });
    },
  },
  {
    ...{ verb: 'closing/file-choice-queries:getFileKind', about: 10 },
    run: async (scene, tx) => {
      const { layoutId: layout } = await save(tx, scene);
      await getFileKind(tx, scene.actor, { format: 'layout', layout });
    },
  },
];
