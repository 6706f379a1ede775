// Corrections of a meter outside tolerance (器差補正): billed beside the usage and once, one of a closing.
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import type { Household } from '../../db/testing/fixtures.ts';
import { checkReasons } from '../closing/closing-counts.ts';
import {
  arrangeRuns,
  arrive,
  database,
  draft,
  issue,
  NOW,
  office,
  steadyDays,
  utilityId,
} from '../closing/testing-runs.ts';
import {
  arriveFrom,
  explain,
  issuedRow,
  LINE,
  rowOf,
  untilSeptember,
  withdraw,
} from './testing-estimation.ts';
import { correctUsage } from './usage-decision-commands.ts';
import { previewCorrection } from './usage-decision-queries.ts';

arrangeRuns();

describe('a correction of a meter outside tolerance', () => {
  const given = { percent: '4.5', direction: 'fast', reason: '器差試験の結果' } as const;

  async function correct(home: Household, month: string, closings: number): Promise<number> {
    const row = await rowOf(home, month);
    const input = { ...given, row, closings, now: NOW };
    const seen = await readAs(database.db, utilityId, (db) =>
      previewCorrection(db, office(), input),
    );
    // 149 + 149 = 298 m³, × 95.5 / 100 = 284.59.
    if (closings === 2) {
      expect(seen.correction).toEqual({
        ...{ baseM3: '298', closings: ['2026-09-20', '2026-08-20'] },
        ...{ correctedM3: '284', differenceM3: '-14' },
      });
    }
    const decided = await transactAs(database.db, utilityId, (tx) =>
      correctUsage(tx, office(), input),
    );
    const { rows } = await database.adminPool.query<{ litres: number }>(
      'select litres from usage_decision where decision_id = $1 and utility_id = $2',
      [decided.decisionId, utilityId],
    );
    expect(rows[0]?.litres).toBe(seen.after.correctionL);
    return decided.decisionId;
  }

  it('is billed with the row, beside its usage, and once', async () => {
    const home = await untilSeptember();
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    await correct(home, '2026-10', 2);
    const row = { usage_l: '144000', correction_l: '-14000', remarks: 'meter-correction' };
    expect(await issuedRow('2026-10')).toMatchObject(row);
    await arriveFrom(home, '2026-11-20', '2026-11-20');
    expect(await issuedRow('2026-11')).toMatchObject({ correction_l: '', remarks: '' });
    // Issued again, it is still there.
    expect(await issuedRow('2026-10')).toMatchObject(row);
    expect(await issuedRow('2026-11')).toMatchObject({ correction_l: '' });
  });

  it('is billed with the next closing where its own was never issued, and only then', async () => {
    const home = await untilSeptember();
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    await correct(home, '2026-10', 1);
    await arriveFrom(home, '2026-11-20', '2026-11-20');
    expect(await issuedRow('2026-11')).toMatchObject({ correction_l: '-7000' });
    expect((await issue({ from: '2026-10' })).rows[0]).toMatchObject({ correction_l: '' });
  });

  it('stands in one row of a draft of several closings', async () => {
    const home = await untilSeptember();
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    await arriveFrom(home, '2026-11-20', '2026-11-20');
    await correct(home, '2026-10', 1);
    const text = await draft({ from: '2026-10', to: '2026-11' });
    expect(text.match(/,-7000$/gm)).toHaveLength(1);
  });

  it('is withdrawn before a closing is issued with it, and not after', async () => {
    const home = await untilSeptember();
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    await withdraw(await correct(home, '2026-10', 1));
    expect(await issuedRow('2026-10')).toMatchObject({ correction_l: '' });
    await arriveFrom(home, '2026-11-20', '2026-11-20');
    const decisionId = await correct(home, '2026-11', 1);
    await issue({ from: '2026-11' });
    await expect(withdraw(decisionId)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is the only one of a closing, also of one that was issued again; the refusal names the first', async () => {
    const home = await untilSeptember();
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    const first = await correct(home, '2026-10', 1);
    const refused = {
      ...{ code: 'conflict', message: expect.stringContaining(`decision ${first} (4.5 % fast`) },
      details: { fields: [expect.objectContaining({ reason: 'corrected-already' })] },
    };
    await expect(correct(home, '2026-10', 2)).rejects.toMatchObject(refused);
    await issue({ from: '2026-09' });
    await expect(correct(home, '2026-10', 1)).rejects.toMatchObject(refused);
    await issue({ from: '2026-10' });
    await arriveFrom(home, '2026-11-20', '2026-11-20');
    // October itself, which is issued since, is not corrected yet; October and September are, in part.
    await expect(correct(home, '2026-11', 2)).rejects.toMatchObject(refused);
    await correct(home, '2026-11', 1);
  });

  it('is refused beside one that another transaction makes at the same time', async () => {
    const home = await untilSeptember();
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    const made = await Promise.allSettled([
      correct(home, '2026-10', 1),
      correct(home, '2026-10', 2),
    ]);
    expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [refusal] = made.filter((each) => each.status === 'rejected');
    expect(refusal?.reason).toMatchObject({
      details: { fields: [expect.objectContaining({ reason: 'corrected-already' })] },
    });
  });

  it('is refused by the database too', async () => {
    const home = await untilSeptember();
    await correct(home, '2026-10', 1);
    const { rows } = await database.adminPool.query<{ id: number }>(
      'select occupancy_id as id from usage_decision where utility_id = $1',
      [utilityId],
    );
    await expect(
      transactAs(database.db, utilityId, (tx) =>
        sql`select correct_usage(${rows[0]?.id}, '2026-10-20', 2, 1.5, 'slow', 'x', 'system:test')`.execute(
          tx,
        ),
      ),
    ).rejects.toMatchObject({ constraint: 'usage_decision_corrected_already' });
  });

  it('is to be checked where its closings are issued again with another usage, and billed as decided', async () => {
    const home = await untilSeptember();
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    const decisionId = await correct(home, '2026-10', 1);
    await issue({ from: '2026-09' });
    expect(await draft({ from: '2026-10' })).not.toContain('correction-base-changed');
    const [day] = steadyDays(home, { from: '2026-09-20', to: '2026-09-20' }, LINE);
    await arrive([{ ...day!, indexL: day!.indexL.map((value) => value! + 9000) }]);
    await issue({ from: '2026-09' });
    expect(await draft({ from: '2026-10' })).toContain('correction-base-changed');
    const { decisions, checks } = await explain(home, '2026-10').then((of) => ({
      decisions: of.decisions,
      checks: checkReasons(of.row),
    }));
    expect(decisions).toMatchObject([{ decisionId, isUsed: true, isBaseChanged: true }]);
    expect(checks).toContain('correction-base-changed');
    await withdraw(decisionId);
    await correct(home, '2026-10', 1);
    expect(await issuedRow('2026-10')).toMatchObject({
      remarks: expect.not.stringContaining('base'),
    });
  });

  it('is not billed with a closing that was issued, nor over more closings than were', async () => {
    const home = await untilSeptember();
    await expect(correct(home, '2026-09', 1)).rejects.toMatchObject({
      details: { fields: [expect.objectContaining({ reason: 'already-issued' })] },
    });
    await expect(correct(home, '2026-10', 3)).rejects.toMatchObject({
      details: { fields: [expect.objectContaining({ reason: 'not-billed' })] },
    });
  });
});
