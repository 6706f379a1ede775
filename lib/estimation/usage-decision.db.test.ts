// Decisions of staff: a usage for a row without a reading, a volume factor.
import { describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { createUtility, type Household } from '../../db/testing/fixtures.ts';
import type { Actor } from '../actor.ts';
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
import { setEstimation, setVolumeFactor } from './estimation-commands.ts';
import { getEstimation, getPlaceEstimation } from './estimation-queries.ts';
import {
  arriveFrom,
  certify,
  estimate,
  explain,
  issuedRow,
  LINE,
  rowOf,
  untilSeptember,
  withdraw,
} from './testing-estimation.ts';
import { withdrawUsageDecision } from './usage-decision-commands.ts';
import { previewCertified } from './usage-decision-queries.ts';

arrangeRuns();

type Home = Household;

const SEPTEMBER_L = 1_000_400 + 62 * 4800;

describe('a usage that staff decide', () => {
  it('is billed, and the next reading settles it', async () => {
    const home = await untilSeptember();
    const row = await rowOf(home, '2026-10');
    const preview = await readAs(database.db, utilityId, (db) =>
      previewCertified(db, office(), { row, usageM3: '120', reason: '電話で申告', now: NOW }),
    );
    expect([preview.before.quality, preview.after]).toEqual([
      'none',
      expect.objectContaining({ quality: 'certified', usageM3: '120' }),
    ]);
    await certify(home, '2026-10', '120');
    expect(await issuedRow('2026-10')).toMatchObject({
      ...{ quality: 'certified', basis: 'decision', usage_l: '120000', usage_m3: '120' },
      index_l: String(SEPTEMBER_L + 120_000),
    });
    await arriveFrom(home, '2026-11-20', '2026-11-20');
    expect(await issuedRow('2026-11')).toMatchObject({
      ...{ previous_quality: 'certified', usage_l: String(61 * 4800 - 120_000) },
    });
  });

  it('is decided again before a later closing is issued; the former one stays to be seen', async () => {
    const home = await untilSeptember();
    await certify(home, '2026-10', '120');
    await issue({ from: '2026-10' });
    await certify(home, '2026-10', '100');
    expect(await issuedRow('2026-10')).toMatchObject({ usage_l: '100000' });
    const { decisions, figures } = await explain(home, '2026-10');
    expect(decisions).toMatchObject([
      { litres: 100_000, isUsed: true, withdrawnAt: null, decidedName: 'test' },
      { litres: 120_000, isUsed: false, withdrawnName: 'test' },
    ]);
    expect(figures.map(({ figure, kind }) => [figure, kind])).toEqual([
      ['previous', 'actual'],
      ['reading', 'certified'],
      ['usage', 'certified'],
    ]);
    await issue({ from: '2026-11' });
    await expect(certify(home, '2026-10', '90')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is withdrawn while no closing stands issued with it', async () => {
    const home = await untilSeptember();
    const { decisionId } = await certify(home, '2026-10', '120');
    await withdraw(decisionId);
    expect(await draft({ from: '2026-10' })).toContain(',none,');
    await expect(withdraw(decisionId)).rejects.toMatchObject({ code: 'conflict' });
    const again = await certify(home, '2026-10', '110');
    await issue({ from: '2026-10' });
    await expect(withdraw(again.decisionId)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('gives way to a reading that comes, and says so', async () => {
    const home = await untilSeptember();
    await certify(home, '2026-10', '120');
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    expect(await issuedRow('2026-10')).toMatchObject({ quality: 'actual', usage_l: '144000' });
    const { decisions } = await explain(home, '2026-10');
    expect(decisions).toMatchObject([{ isUsed: false, withdrawnAt: null }]);
  });

  it.each([
    ['2026-09', '100', 'already-read'],
    ['2026-10', '0.5', 'decimals'],
  ])('is refused for %s with %s m³: %s', async (month, usageM3, reason) => {
    const home = await untilSeptember();
    await expect(certify(home, month, usageM3)).rejects.toMatchObject({
      ...{ code: 'conflict', details: { fields: [expect.objectContaining({ reason })] } },
    });
  });

  it('is refused below a reading of the period', async () => {
    const home = await untilSeptember();
    await arriveFrom(home, '2026-10-18', '2026-10-18');
    await expect(certify(home, '2026-10', '100')).rejects.toMatchObject({
      details: { fields: [expect.objectContaining({ reason: 'below-reading' })] },
    });
    await certify(home, '2026-10', '150');
    expect(await issuedRow('2026-10')).toMatchObject({ quality: 'certified', usage_m3: '150' });
  });
});

describe('a volume factor', () => {
  async function factor(home: Home, fromOn: string, value: string): Promise<void> {
    const { supplyPoint } = await rowOf(home, '2026-10');
    const input = { supplyPoint, fromOn, factor: value, basis: '供給圧力98kPa' };
    await transactAs(database.db, utilityId, (tx) => setVolumeFactor(tx, office(), input));
  }

  it('multiplies the billed volume of periods that begin with it, and no register', async () => {
    const home = await untilSeptember();
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    await arriveFrom(home, '2026-11-20', '2026-11-20');
    await factor(home, '2026-09-22', '1.9483');
    expect(await issuedRow('2026-10')).toMatchObject({ usage_m3: '144', volume_factor: '' });
    expect(await issuedRow('2026-11')).toMatchObject({
      ...{ usage_l: '148800', register_m3: '148', volume_factor: '1.9483', usage_m3: '288' },
      remarks: 'volume-converted',
    });
    const { supplyPoint } = await rowOf(home, '2026-10');
    const { factors } = await readAs(database.db, utilityId, (db) =>
      getPlaceEstimation(db, office(), { supplyPoint }),
    );
    expect(factors).toMatchObject([{ fromOn: '2026-09-22', factor: '1.9483' }]);
  });

  it('is not changed under a closing that was issued', async () => {
    const home = await untilSeptember();
    await expect(factor(home, '2026-09-20', '1.2')).rejects.toMatchObject({ code: 'conflict' });
    await factor(home, '2026-09-21', '1.2');
  });

  it('is no part of the usage from which the next period is estimated', async () => {
    const home = await untilSeptember();
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    await factor(home, '2026-09-21', '2');
    await estimate({ missedReading: 'last-usage' });
    expect(await issuedRow('2026-10')).toMatchObject({ register_m3: '144', usage_m3: '288' });
    expect(await issuedRow('2026-11')).toMatchObject({
      ...{ quality: 'estimated', usage_l: '144000', usage_m3: '288' },
    });
  });
});

describe('rights', () => {
  const staff = (role: 'admin' | 'analyst' | 'billing'): Actor => ({
    ...{ kind: 'staff', utilityId, accountId: 1, role, sessionId: 'x' },
  });

  it('let billing staff decide usages, and administrators set how the utility estimates', async () => {
    const setting = { missedReading: 'last-usage', interpolateMaxHours: 4 } as const;
    for (const role of ['billing', 'analyst'] as const) {
      await expect(
        transactAs(database.db, utilityId, (tx) => setEstimation(tx, staff(role), setting)),
      ).rejects.toMatchObject({ code: 'forbidden' });
    }
    await expect(
      transactAs(database.db, utilityId, (tx) =>
        withdrawUsageDecision(tx, staff('analyst'), { decisionId: 1 }),
      ),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await estimate(setting);
    const seen = await readAs(database.db, utilityId, (db) => getEstimation(db, office()));
    expect(seen).toMatchObject({ ...setting, changedBy: 'system:test' });
  });

  it('reach no decision of another utility', async () => {
    const home = await untilSeptember();
    const { decisionId } = await certify(home, '2026-10', '120');
    const other = await createUtility(database.adminPool);
    const actor = { kind: 'system', utilityId: other, name: 'test' } as const;
    await expect(
      transactAs(database.db, other, (tx) => withdrawUsageDecision(tx, actor, { decisionId })),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await draft({ from: '2026-10' })).toContain(',certified,');
  });

  it('each change stands in the audit', async () => {
    const home = await untilSeptember();
    const { decisionId } = await certify(home, '2026-10', '120');
    await withdraw(decisionId);
    await estimate({ missedReading: 'last-usage' });
    const { rows } = await database.adminPool.query<{ act: string }>(
      `select act from audit where utility_id = $1 and act ~ '^(usage|estimation)' order by audit_id`,
      [utilityId],
    );
    expect(rows.map(({ act }) => act)).toEqual([
      ...['usage.certified', 'usage.decision-withdrawn', 'estimation.set'],
    ]);
  });
});

describe('a register that was read on demand', () => {
  it('is a reading once it is there', async () => {
    const home = await untilSeptember();
    await estimate({ missedReading: 'last-usage' });
    expect(await draft({ from: '2026-10' })).toContain(',estimated,');
    const [day] = steadyDays(home, { from: '2026-10-20', to: '2026-10-20' }, LINE);
    const asked = day!.indexL.map((value, at) => (at === 23 ? value : null));
    await arrive([{ ...day!, indexL: asked }]);
    expect(await draft({ from: '2026-10' })).toContain(',actual,');
  });
});
