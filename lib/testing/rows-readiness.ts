/** Cases of rows read for the readiness of closings, and for what came after a run. */
import { LARGE } from '../../db/testing/large-utility.ts';
import { latestClosing } from '../closing/closing-day.ts';
import { getRunSince } from '../closing/run-since-queries.ts';
import { findAwaitedReport, getClosingState } from '../readiness/readiness-queries.ts';
import type { LargeScene, RowsCase } from './rows-case.ts';
import { issueIn, ofQuery } from './rows-closing-runs.ts';

/** The register of a closing day, and the reports of its day. */
const REPORTS = 3 * LARGE.meters;

const closingOf = ({ now }: LargeScene) => {
  const closing = latestClosing(20, now);
  return { closingDay: 20, closing, now: new Date(`${closing.closesOn}T15:00:00Z`) };
};

export const READINESS_CASES: readonly RowsCase[] = [
  {
    ...{ verb: 'readiness/readiness-queries:findAwaitedReport', about: REPORTS },
    run: (scene, tx) => findAwaitedReport(tx, scene.actor, closingOf(scene)),
  },
  {
    ...{ verb: 'readiness/readiness-queries:findAwaitedReport', asks: 'of one', about: 20 },
    run: (scene, tx) => {
      const { supplyPointId } = scene.home;
      return findAwaitedReport(tx, scene.actor, { ...closingOf(scene), supplyPointId });
    },
  },
  {
    ...{ verb: 'readiness/readiness-queries:getClosingState', about: ofQuery + REPORTS },
    run: (scene, tx) => getClosingState(tx, scene.actor, closingOf(scene)),
  },
];

export const RUN_SINCE_CASES: readonly RowsCase[] = [
  {
    ...{ verb: 'closing/run-since-queries:getRunSince', about: ofQuery },
    run: async (scene, tx) => {
      const { runId } = await issueIn(scene, tx);
      await getRunSince(tx, scene.actor, { runId, now: scene.now });
    },
  },
];
