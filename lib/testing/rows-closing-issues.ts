/** Cases of rows read for issues of closings, as they are asked for and as the worker makes them. */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { LARGE } from '../../db/testing/large-utility.ts';
import { latestClosing } from '../closing/closing-day.ts';
import { askIssue, cancelIssue } from '../closing/issue-commands.ts';
import { findNextIssue, getIssue, listIssues } from '../closing/issue-queries.ts';
import { issueRuns } from '../closing/run-commands.ts';
import { monthOf } from '../time.ts';
import { type LargeScene, PAGE, type RowsCase } from './rows-case.ts';

const ofClosingDay = Math.ceil(LARGE.meters / 31);
/** What the query of a closing reads. */
const ofQuery = LARGE.meters + ofClosingDay * 20;
/** An issue among few, with the locks of the server. */
const FEW = 30;

const closingOf = ({ now }: LargeScene) => latestClosing(20, now);

async function askIn(scene: LargeScene, tx: Tx): Promise<number> {
  const month = monthOf(closingOf(scene).closesOn);
  const asked = { closingDay: 20, from: month, to: month, format: 'machine' } as const;
  const { issue } = await askIssue(tx, scene.actor, { ...asked, now: scene.now });
  return issue.issueId;
}

export const CLOSING_ISSUE_CASES: readonly RowsCase[] = [
  { verb: 'closing/issue-commands:askIssue', about: FEW, run: (scene, tx) => askIn(scene, tx) },
  {
    ...{ verb: 'closing/issue-commands:cancelIssue', about: FEW },
    run: async (scene, tx) => {
      const issueId = await askIn(scene, tx);
      await cancelIssue(tx, scene.actor, { issueId, now: scene.now });
    },
  },
  {
    ...{ verb: 'closing/issue-queries:listIssues', about: FEW },
    run: async (scene, tx) => {
      await askIn(scene, tx);
      await listIssues(tx, scene.actor, { ...PAGE, now: scene.now });
    },
  },
  {
    ...{ verb: 'closing/issue-queries:getIssue', about: FEW },
    run: async (scene, tx) => {
      const issueId = await askIn(scene, tx);
      await getIssue(tx, scene.actor, { issueId, now: scene.now });
    },
  },
  {
    ...{ verb: 'closing/run-commands:issueRuns', about: ofQuery },
    run: (scene, tx) => {
      const { actor, now } = scene;
      const selection = { closingDay: 20, closings: [closingOf(scene)], now };
      return issueRuns(tx, actor, { selection, now });
    },
  },
];

export const ISSUE_WORK_CASES: readonly RowsCase[] = [
  {
    ...{ verb: 'closing/run-commands:issueRuns', asks: 'by the worker', about: ofQuery },
    run: async (scene, tx) => {
      const { admin, actor, utilityId, now } = scene;
      const closing = closingOf(scene);
      // Asked for before: the worker asks for none.
      const { rows } = await admin.query<{ issue_id: number }>(
        `insert into closing_issue (utility_id, closing_day, closes_on, format, asked_by, asked_name, asked_at)
         values ($1, 20, $2, 'machine', 'system:test', 'test', $3) returning issue_id`,
        [utilityId, [closing.closesOn], now],
      );
      await sql`select claim_closing_issue(${utilityId}, ${rows[0]?.issue_id})`.execute(tx);
      await issueRuns(tx, actor, { selection: { closingDay: 20, closings: [closing], now }, now });
      await admin.query('delete from closing_issue where utility_id = $1', [utilityId]);
    },
  },
  {
    ...{ verb: 'closing/issue-queries:findNextIssue', about: FEW },
    run: ({ utilityId }, tx) => findNextIssue(tx, utilityId),
  },
];
