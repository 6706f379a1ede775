// Closings with estimates: what is reckoned is issued, the next reading settles it, and the default changes nothing.
import { describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import {
  arrangeRuns,
  arrive,
  database,
  draft,
  issue,
  office,
  steadyDays,
  utilityId,
} from '../closing/testing-runs.ts';
import { recordCircumstance, withdrawCircumstance } from './estimation-commands.ts';
import { arriveFrom, estimate, issuedRow, LINE, place, rowOf } from './testing-estimation.ts';

arrangeRuns();

/** Closings of July, August and September are read; that of October is not; November's is. */
async function missed(): Promise<Awaited<ReturnType<typeof place>>> {
  const home = await place();
  await arriveFrom(home, '2026-07-20', '2026-07-20');
  await arriveFrom(home, '2026-08-20', '2026-08-20');
  await arriveFrom(home, '2026-09-20', '2026-09-20');
  await arriveFrom(home, '2026-11-20', '2026-11-20');
  return home;
}

/** Registers at 24:00 of the 20th. */
const SEPTEMBER_L = 1_000_400 + (31 + 31) * 4800;
const NOVEMBER_L = SEPTEMBER_L + (30 + 31) * 4800;

describe('the missed-reading rule', () => {
  it('is not applied until the utility chooses it', async () => {
    await missed();
    await issue({ from: '2026-09' });
    expect(await issuedRow('2026-10')).toMatchObject({
      ...{ quality: 'none', usage_l: '', index_l: '', basis: '' },
    });
  });

  it('bills the last usage, and the next reading settles it: V2 = M2 − M1 − V1', async () => {
    await missed();
    await estimate({ missedReading: 'last-usage' });
    const september = await issuedRow('2026-09');
    expect(september).toMatchObject({ usage_l: '148800', usage_m3: '149', quality: 'actual' });
    // In billed units: 149 m³, as the last period was billed.
    expect(await issuedRow('2026-10')).toMatchObject({
      ...{ quality: 'estimated', basis: 'last-usage', index_l: String(SEPTEMBER_L + 149_000) },
      ...{ usage_l: '149000', usage_m3: '149', read_at: '2026-10-21T00:00:00+09:00' },
    });
    expect(await issuedRow('2026-11')).toMatchObject({
      ...{ quality: 'actual', previous_quality: 'estimated', remarks: 'previous-estimated' },
      ...{ previous_index_l: String(SEPTEMBER_L + 149_000), index_l: String(NOVEMBER_L) },
      usage_l: String(NOVEMBER_L - SEPTEMBER_L - 149_000),
    });
  });

  it('is the same when the last period was never issued', async () => {
    await missed();
    await estimate({ missedReading: 'last-usage' });
    expect(await issuedRow('2026-10')).toMatchObject({ quality: 'estimated', usage_m3: '149' });
  });

  it('by days takes the last usage in proportion', async () => {
    await missed();
    await estimate({ missedReading: 'last-usage-by-days' });
    await issue({ from: '2026-09' });
    // 149 m³ of 31 days in 30: 144.2 m³.
    expect(await issuedRow('2026-10')).toMatchObject({
      ...{ usage_m3: '144', basis: 'last-usage-by-days' },
    });
  });

  it('goes on from estimate to estimate', async () => {
    await missed();
    await estimate({ missedReading: 'last-usage' });
    await issue({ from: '2026-09' });
    await issue({ from: '2026-10' });
    expect(await issuedRow('2026-12')).toMatchObject({
      ...{ quality: 'estimated', usage_l: '149000', previous_quality: 'estimated' },
    });
  });

  it('bills nothing in known absence, and as before once that was withdrawn', async () => {
    const home = await missed();
    await estimate({ missedReading: 'last-usage' });
    await issue({ from: '2026-09' });
    const { supplyPoint } = await rowOf(home, '2026-10');
    const absent = {
      ...{ supplyPoint, kind: 'absence' as const, fromOn: '2026-09-21', toOn: '2026-10-20' },
      reason: '長期不在の届出',
    } satisfies Parameters<typeof recordCircumstance>[2];
    const { circumstanceId } = await transactAs(database.db, utilityId, (tx) =>
      recordCircumstance(tx, office(), absent),
    );
    expect(await issuedRow('2026-10')).toMatchObject({
      ...{ usage_l: '0', usage_m3: '0', basis: 'absence', quality: 'estimated' },
    });
    await transactAs(database.db, utilityId, (tx) =>
      withdrawCircumstance(tx, office(), { circumstanceId }),
    );
    expect(await issuedRow('2026-10')).toMatchObject({ usage_l: '149000', basis: 'last-usage' });
  });

  it('does not take an absence of a part of the period for one of the whole', async () => {
    const home = await missed();
    await estimate({ missedReading: 'last-usage' });
    await issue({ from: '2026-09' });
    const { supplyPoint } = await rowOf(home, '2026-10');
    await transactAs(database.db, utilityId, async (tx) => {
      const days = { supplyPoint, fromOn: '2026-09-22', toOn: '2026-10-20', reason: '届出' };
      await recordCircumstance(tx, office(), { ...days, kind: 'absence' });
      await recordCircumstance(tx, office(), { ...days, kind: 'disaster' });
    });
    expect(await issuedRow('2026-10')).toMatchObject({
      ...{ usage_l: '149000', remarks: 'disaster' },
    });
  });

  it('leaves a next reading below the estimate to be checked, until it is reached', async () => {
    const home = await place();
    await arriveFrom(home, '2026-07-20', '2026-07-20');
    await arriveFrom(home, '2026-08-20', '2026-08-20');
    await estimate({ missedReading: 'last-usage' });
    await issue({ from: '2026-08' });
    await issue({ from: '2026-09' });
    // Half of a month was used in the month after.
    const slow = { since: '2026-08-21', fromL: 1_000_400 + 31 * 4800, perHourL: 60 };
    await arrive(steadyDays(home, { from: '2026-10-20', to: '2026-10-20' }, slow));
    expect(await issuedRow('2026-10')).toMatchObject({
      ...{ usage_l: '', quality: 'actual', remarks: 'index-fell previous-estimated' },
    });
    await arrive(steadyDays(home, { from: '2026-12-20', to: '2026-12-20' }, slow));
    expect(await issuedRow('2026-12')).toMatchObject({
      usage_l: String(122 * 1440 - 149_000),
    });
  });

  it('carries the difference where the closing is read after all', async () => {
    const home = await missed();
    await estimate({ missedReading: 'last-usage' });
    await issue({ from: '2026-09' });
    await issue({ from: '2026-10' });
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    expect(await issuedRow('2026-11')).toMatchObject({
      ...{
        previous_difference_l: String(144_000 - 149_000),
        previous_index_l: String(SEPTEMBER_L + 149_000),
      },
      ...{
        remarks: 'previous-changed previous-estimated',
        usage_l: String(NOVEMBER_L - SEPTEMBER_L - 149_000),
      },
    });
  });

  it('stands in no draft of several closings, which do not count from each other', async () => {
    await missed();
    await estimate({ missedReading: 'last-usage' });
    await issue({ from: '2026-09' });
    expect(await draft({ from: '2026-10' })).toContain(',estimated,');
    expect(await draft({ from: '2026-10', to: '2026-11' })).not.toContain(',estimated,');
  });
});

describe('interpolation', () => {
  it('is done between two registers near enough, once the later one is there', async () => {
    const home = await place();
    await arriveFrom(home, '2026-08-20', '2026-08-20');
    const [day] = steadyDays(home, { from: '2026-09-20', to: '2026-09-20' }, LINE);
    const lacking = day!.indexL.map((value, at) => (at >= 22 ? null : value));
    await arrive([{ ...day!, indexL: lacking }]);
    await estimate({ interpolateMaxHours: 4 });
    expect(await draft({ from: '2026-09' })).toContain(',substituted,');
    await arriveFrom(home, '2026-09-21', '2026-09-21');
    const row = await issuedRow('2026-09');
    expect(row).toMatchObject({
      ...{ quality: 'estimated', basis: 'interpolation', index_l: String(SEPTEMBER_L) },
      usage_l: '148800',
    });
    await estimate({ interpolateMaxHours: 2 });
    expect(await issuedRow('2026-09')).toMatchObject({ quality: 'substituted', lag_hours: '2' });
  });

  it('holds in the next closing while the hour is missing, and is settled by it', async () => {
    const home = await place();
    await arriveFrom(home, '2026-08-20', '2026-08-20');
    const [day] = steadyDays(home, { from: '2026-09-20', to: '2026-09-20' }, LINE);
    const lacking = day!.indexL.map((value, at) => (at >= 22 ? null : value));
    await arrive([{ ...day!, indexL: lacking }]);
    await arriveFrom(home, '2026-09-21', '2026-09-21');
    await arriveFrom(home, '2026-10-20', '2026-10-20');
    await estimate({ interpolateMaxHours: 4 });
    await issue({ from: '2026-09' });
    expect(await issuedRow('2026-10')).toMatchObject({
      ...{ previous_index_l: String(SEPTEMBER_L), previous_difference_l: '', usage_l: '144000' },
      remarks: 'previous-estimated',
    });
  });
});
