/** Verbs of changes of supply points, each with the rows that it is about: see lib/testing/rows-read.ts. */
import type { Tx } from '../../db/schema.ts';
import { closingsSince } from '../closing/closing-history.ts';
import { listRowsAsIf, listVacantAsIf } from '../closing/supply-point-as-if-queries.ts';
import { daysOfChange } from '../register/fitting-change.ts';
import { plannedFitting } from '../register/fitting-plan-queries.ts';
import { fittingEffect, tablesAfter } from '../register/fitting-preview-queries.ts';
import { changeRegister, undoRegisterChange } from '../register/register-change-commands.ts';
import {
  getChangePlan,
  getSupplyPointRegister,
  type RegisterChangeInput,
} from '../register/register-change-plan-queries.ts';
import { previewRegisterChange } from '../register/register-change-preview-queries.ts';
import {
  getRegisterChange,
  listRegisterChanges,
  listRestingOnChange,
} from '../register/register-change-queries.ts';
import { listReportedTerminals } from '../register/reported-terminals-queries.ts';
import { getSupplyPointOn } from '../register/supply-point-record-queries.ts';
import { listTariffs } from '../register/tariff-queries.ts';
import { addDays, dayOf } from '../time.ts';
import { HISTORY, type LargeScene, type RowsCase } from './rows-case.ts';

/** A verb about a change that was registered. */
function afterChange(
  verb: RowsCase['verb'],
  of: (tx: Tx, scene: LargeScene, changeId: number) => Promise<unknown>,
): RowsCase {
  return {
    ...{ verb, about: 40 },
    run: async (scene, tx) => {
      const { changeId } = await changeRegister(tx, scene.actor, moveOut(scene));
      return of(tx, scene, changeId);
    },
  };
}

export const REGISTER_CHANGE_CASES: readonly RowsCase[] = [
  afterChange('register/register-change-commands:changeRegister', async () => undefined),
  afterChange('register/register-change-commands:undoRegisterChange', (tx, { actor }, changeId) =>
    undoRegisterChange(tx, actor, { changeId }),
  ),
  afterChange('register/register-change-queries:getRegisterChange', (tx, { actor }, changeId) =>
    getRegisterChange(tx, actor, { changeId }),
  ),
  afterChange('register/register-change-queries:listRestingOnChange', (tx, { actor }, changeId) =>
    listRestingOnChange(tx, actor, { changeId }),
  ),
  afterChange('register/register-change-queries:listRegisterChanges', (tx, { actor, home }) =>
    listRegisterChanges(tx, actor, home),
  ),
  {
    ...{ verb: 'register/register-change-plan-queries:getSupplyPointRegister', about: 5 },
    run: ({ actor, home }, tx) => getSupplyPointRegister(tx, actor, home),
  },
  {
    ...{ verb: 'register/register-change-plan-queries:getChangePlan', about: 5 },
    run: (scene, tx) => getChangePlan(tx, scene.actor, moveOut(scene)),
  },
  {
    ...{ verb: 'register/register-change-preview-queries:previewRegisterChange', about: HISTORY },
    run: (scene, tx) => previewRegisterChange(tx, scene.actor, moveOut(scene)),
  },
  {
    ...{ verb: 'register/supply-point-record-queries:getSupplyPointOn', about: 10 },
    run: ({ actor, home, now }, tx) => getSupplyPointOn(tx, actor, { ...home, now }),
  },
  {
    ...{ verb: 'register/register-change-preview-queries:previewRegisterChange', asks: 'dial' },
    about: 20 * HISTORY,
    run: async (scene, tx) => previewRegisterChange(tx, scene.actor, correction(scene)),
  },
  {
    ...{ verb: 'register/register-change-commands:changeRegister', asks: 'dial' },
    about: 10 * HISTORY,
    run: async (scene, tx) => changeRegister(tx, scene.actor, correction(scene)),
  },
  {
    ...{ verb: 'register/register-change-commands:undoRegisterChange', asks: 'dial' },
    about: 20 * HISTORY,
    run: async (scene, tx) => {
      const { changeId } = await changeRegister(tx, scene.actor, correction(scene));
      return undoRegisterChange(tx, scene.actor, { changeId });
    },
  },
  {
    ...{ verb: 'register/fitting-plan-queries:plannedFitting', about: 2 * HISTORY },
    run: async (scene, tx) => {
      const register = await getSupplyPointRegister(tx, scene.actor, scene.home);
      return plannedFitting(tx, scene.actor, register, correction(scene));
    },
  },
  {
    ...{ verb: 'register/fitting-preview-queries:tablesAfter', about: 4 * HISTORY },
    run: async (scene, tx) =>
      tablesAfter(tx, scene.actor, { ...scene.home, change: await planOf(scene, tx) }),
  },
  {
    ...{ verb: 'register/fitting-preview-queries:fittingEffect', about: 10 * HISTORY },
    run: async (scene, tx) => {
      const { actor, home, now } = scene;
      const was = await getSupplyPointRegister(tx, actor, home);
      const change = await planOf(scene, tx);
      return fittingEffect(tx, actor, { was, change, ...daysOfChange(change), now });
    },
  },
  {
    ...{ verb: 'register/reported-terminals-queries:listReportedTerminals', about: 40 },
    run: ({ actor, home, now }, tx) => listReportedTerminals(tx, actor, { ...home, now }),
  },
  {
    ...{ verb: 'register/tariff-queries:listTariffs', about: 5 },
    run: ({ actor }, tx) => listTariffs(tx, actor),
  },
  {
    ...{ verb: 'closing/supply-point-as-if-queries:listRowsAsIf', about: 2 * 45 },
    run: async (scene, tx) => listRowsAsIf(tx, scene.actor, await lastClosing(scene, tx)),
  },
  {
    ...{ verb: 'closing/supply-point-as-if-queries:listVacantAsIf', about: 2 * 45 },
    run: async (scene, tx) => {
      const { register, closing } = await lastClosing(scene, tx);
      const vacant = { ...register, stays: [] };
      return listVacantAsIf(tx, scene.actor, { register: vacant, closing });
    },
  },
];

async function lastClosing({ actor, home, now }: LargeScene, tx: Tx) {
  const register = await getSupplyPointRegister(tx, actor, home);
  const fromOn = addDays(dayOf(now), -31);
  const [closing] = closingsSince(register, { fromOn, now, limit: 1 });
  if (!closing) throw new Error('a closing lies in the last month');
  return { register, closing, now };
}

/** The customer of the supply point is out since two days. */
function moveOut({ home, now }: LargeScene): RegisterChangeInput {
  const { supplyPointId, occupancyId } = home;
  const toOn = addDays(dayOf(now), -2);
  return { kind: 'move-out', supplyPointId, occupancyId, toOn, now };
}

/** The size of the meter was typed wrong. */
function correction({ home, now }: LargeScene) {
  const { supplyPointId, meterId } = home;
  const kind = 'meter-corrected' as const;
  return { kind, supplyPointId, meterId, sizeM3PerHour: 9.5, dialL: 100_000_000, now };
}

async function planOf(scene: LargeScene, tx: Tx) {
  const register = await getSupplyPointRegister(tx, scene.actor, scene.home);
  return plannedFitting(tx, scene.actor, register, correction(scene));
}
