/** Cases of rows read for runs of closings. */
import { randomUUID } from 'node:crypto';
import type { Tx } from '../../db/schema.ts';
import { LARGE } from '../../db/testing/large-utility.ts';
import { countMissingInRun } from '../closing/closing-account-queries.ts';
import { exportClosingDraft } from '../closing/closing-commands.ts';
import { latestClosing } from '../closing/closing-day.ts';
import type { ExportWork } from '../closing/recorded-export-commands.ts';
import { issueClosings, makeRun, noteFile, recordRunPage } from '../closing/run-commands.ts';
import { listRunChanges, listRunDifferences } from '../closing/run-difference-queries.ts';
import { countRunFile, exportRun } from '../closing/run-file-commands.ts';
import {
  getRun,
  listRunRows,
  listRuns,
  streamIssuedRows,
  streamRunRows,
} from '../closing/run-queries.ts';
import { drain, type LargeScene, PAGE, type RowsCase } from './rows-case.ts';

const ofClosingDay = Math.ceil(LARGE.meters / 31);
/** What the query of a closing reads. */
export const ofQuery = LARGE.meters + ofClosingDay * 20;

const workIn = (tx: Tx): ExportWork => ({
  read: (fn) => fn(tx),
  record: (fn) => fn(tx),
  issue: (fn) => fn(tx),
});

const exportOf = ({ now }: LargeScene) => ({
  selection: { closingDay: 20, closings: [latestClosing(20, now)], now },
  kind: { format: 'machine' } as const,
  now,
});

/** Issues a closing and returns its run; part of what a case reads. */
export async function issueIn(scene: LargeScene, tx: Tx) {
  const input = { ...exportOf(scene), exportId: randomUUID() };
  const [run] = await issueClosings(tx, scene.actor, input);
  if (!run) throw new Error('the closing has no rows');
  return run;
}

export const CLOSING_RUN_CASES: readonly RowsCase[] = [
  {
    ...{ verb: 'closing/closing-commands:exportClosingDraft', about: ofQuery },
    run: (scene, tx) =>
      exportClosingDraft(workIn(tx), scene.actor, exportOf(scene), async () => undefined),
  },
  {
    ...{ verb: 'closing/run-commands:issueClosings', about: ofQuery },
    run: (scene, tx) => issueIn(scene, tx),
  },
  {
    ...{
      verb: 'closing/run-commands:issueClosings',
      asks: 'again',
      about: 2 * (ofQuery + LARGE.meters),
    },
    run: async (scene, tx) => {
      await issueIn(scene, tx);
      await issueIn(scene, tx);
    },
  },
  {
    ...{ verb: 'closing/run-commands:makeRun', about: ofQuery },
    run: ({ actor, now }, tx) =>
      makeRun(tx, actor, {
        selection: { closingDay: 20, closing: latestClosing(20, now), now },
        now,
      }),
  },
  {
    ...{
      verb: 'closing/closing-account-queries:countMissingInRun',
      about: ofQuery + LARGE.meters,
    },
    run: async (scene, tx) => {
      const { runId } = await issueIn(scene, tx);
      const closing = latestClosing(20, scene.now);
      await countMissingInRun(tx, scene.actor, { runId, closingDay: 20, closing });
    },
  },
  {
    ...{ verb: 'closing/run-commands:noteFile', about: ofQuery },
    run: async (scene, tx) => {
      const { runId } = await issueIn(scene, tx);
      const { kind, now } = exportOf(scene);
      await noteFile(tx, scene.actor, { runIds: [runId], kind, exportId: randomUUID(), now });
    },
  },
  {
    ...{ verb: 'closing/run-commands:recordRunPage', about: 2 },
    run: ({ actor }, tx) =>
      recordRunPage(tx, actor, { runId: 1, show: 'all', ...PAGE, rows: PAGE.limit }),
  },
  ...[
    { verb: 'listRuns', read: (tx: Tx, { actor }: LargeScene) => listRuns(tx, actor, PAGE) },
    {
      verb: 'getRun',
      read: (tx: Tx, { actor }: LargeScene, runId: number) => getRun(tx, actor, runId),
    },
    {
      verb: 'listRunRows',
      read: (tx: Tx, { actor }: LargeScene, runId: number) =>
        listRunRows(tx, actor, { runId, show: 'all', ...PAGE }),
    },
    {
      verb: 'streamRunRows',
      read: (tx: Tx, { actor }: LargeScene, runId: number) =>
        drain(streamRunRows(tx, actor, [runId])),
    },
    {
      verb: 'streamIssuedRows',
      read: (tx: Tx, { actor }: LargeScene, runId: number, checksum: Buffer) =>
        drain(streamIssuedRows(tx, actor, [{ runId, checksum }])),
    },
  ].map(({ verb, read }) => ({
    ...{ verb: `closing/run-queries:${verb}` as const, about: ofQuery + ofClosingDay },
    run: async (scene: LargeScene, tx: Tx) => {
      const { runId, checksum } = await issueIn(scene, tx);
      await read(tx, scene, runId, checksum);
    },
  })),
  {
    ...{ verb: 'closing/run-difference-queries:listRunDifferences', about: 2 * ofQuery },
    run: async (scene, tx) => {
      const { runId } = await issueIn(scene, tx);
      await listRunDifferences(tx, scene.actor, { runId, ...PAGE, now: scene.now });
    },
  },
  {
    ...{ verb: 'closing/run-difference-queries:listRunChanges', about: ofQuery },
    run: async (scene, tx) => {
      const { runId } = await issueIn(scene, tx);
      await listRunChanges(tx, scene.actor, { runId, ...PAGE });
    },
  },
  {
    ...{ verb: 'closing/run-file-commands:exportRun', about: ofQuery + ofClosingDay },
    run: async (scene, tx) => {
      const { runId } = await issueIn(scene, tx);
      const { kind, now } = exportOf(scene);
      await exportRun(workIn(tx), scene.actor, { runId, kind, now }, async () => undefined);
    },
  },
  {
    ...{ verb: 'closing/run-file-commands:countRunFile', about: ofQuery + ofClosingDay },
    run: async (scene, tx) => {
      const { runId } = await issueIn(scene, tx);
      await countRunFile(tx, scene.actor, { runId, kind: exportOf(scene).kind });
    },
  },
];
