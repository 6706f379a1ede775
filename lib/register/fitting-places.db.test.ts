/** Meters that come and go without an exchange, terminals that are exchanged, and what rests on each. */
import { describe, expect, test } from 'vitest';
import {
  createSupplyPoint,
  createUtility,
  fitHousehold,
  fitMeter,
} from '../../db/testing/fixtures.ts';
import type { RegisterChangeGiven } from './register-change-wire.ts';
import { allRows, database, home, utilityId } from './testing-exchange.ts';
import {
  arrangeFittings,
  at,
  corrected,
  indexAt,
  judgeFeed,
  PER_HOUR,
  readRollingOver,
  removed,
  SMALL_DIAL,
  spare,
  typed,
} from './testing-fitting-change.ts';
import {
  change,
  closingsNow,
  moveOut,
  previewChange,
  supplyPointOn,
  undoChange,
} from './testing-register-change.ts';

arrangeFittings();

describe('a meter', () => {
  test('is taken away: the days of the customer until then are billed, and the register of a day knows', async () => {
    await typed('dial_l = 10000000');
    await readRollingOver();
    const body = removed('2024-03-10T10:00:00');
    expect(await previewChange(body)).toMatchObject({
      warnings: [{ code: 'customer-stays' }, { code: 'removed-reported-later', count: 22 }],
      months: [
        { month: '2024-03', after: { usageL: (9 * 24 + 10) * PER_HOUR } },
        { month: '2024-04', after: { usageL: null } },
      ],
    });
    await change(body);
    expect(await supplyPointOn('2024-03-09')).toMatchObject({ meter: { meterId: home.meterId } });
    expect(await supplyPointOn('2024-03-10')).toMatchObject({ meter: null });
    expect(await supplyPointOn()).toMatchObject({ meter: null });
    await expect(previewChange(body)).rejects.toMatchObject({
      details: { fields: [{ field: 'removedAt', reason: 'no-meter' }] },
    });
  });

  test('is billed in a final row up to the register that was noted when it was taken away', async () => {
    await typed('dial_l = 10000000');
    await readRollingOver();
    await change(moveOut('2024-03-11'));
    const last = at('2024-03-10T10:30:00');
    const body = removed('2024-03-10T10:30:00', { finalIndexL: indexAt(last) + 100 });
    const usageL = (18 * 24 + 10) * PER_HOUR + 100;
    const seen = await previewChange(body);
    expect(seen.closings).toMatchObject([
      { closesOn: '2024-03-20', after: { kind: 'final', closesOn: '2024-03-10', usageL } },
    ]);
    await change(body);
    await judgeFeed();
    expect((await closingsNow())[`2024-03-20 ${home.customerNumber}`]).toEqual(
      seen.closings[0]?.after,
    );
  });

  test('is fitted where none is, registered with it, and undone with it', async () => {
    await typed('dial_l = 10000000');
    await readRollingOver();
    const first = await change(removed('2024-03-10T10:00:00'));
    const before = await allRows();
    const fitted = (more: object = {}): RegisterChangeGiven => ({
      ...{ kind: 'meter-fitted', serial: '778', fittedAt: at('2024-03-12T09:00:00') },
      ...{ startIndexL: 0, newMeter: { size: 4, dialL: SMALL_DIAL } },
      ...more,
    });
    await expect(previewChange(fitted({ newMeter: undefined }))).rejects.toMatchObject({
      details: { faults: [{ field: 'newMeter.size' }, { field: 'newMeter.dialL' }] },
    });
    await expect(
      previewChange(fitted({ fittedAt: at('2024-03-10T09:00:00') })),
    ).rejects.toMatchObject({ details: { fields: [{ reason: 'meter-there' }] } });
    expect((await previewChange(fitted())).warnings).toMatchObject([
      { code: 'will-be-registered' },
      { code: 'verification-unknown' },
    ]);
    const { changeId } = await change(fitted());
    expect(await supplyPointOn()).toMatchObject({ meter: { serial: '778' } });
    expect(await supplyPointOn('2024-03-11')).toMatchObject({ meter: null });
    await expect(undoChange(first.changeId)).rejects.toMatchObject({
      message: expect.stringContaining('fitting 778'),
    });
    await expect(previewChange(fitted())).rejects.toMatchObject({
      details: { fields: [{ field: 'fittedAt', reason: 'meter-there' }] },
    });
    await undoChange(changeId);
    expect(await allRows()).toEqual(before);
    const again = await change(fitted());
    await change({ kind: 'meter-removed', removedAt: at('2024-03-20T09:00:00') });
    await expect(undoChange(again.changeId)).rejects.toMatchObject({
      message: expect.stringContaining('removal 778'),
    });
  });

  test('of another utility is not corrected, nor one that was never here', async () => {
    const elsewhere = await createUtility(database.adminPool);
    const theirs = await fitHousehold(database.adminPool, elsewhere);
    const away = await createSupplyPoint(database.adminPool, utilityId);
    const other = await fitMeter(database.adminPool, utilityId, { supplyPointId: away });
    for (const { meterId } of [theirs, other]) {
      await expect(change(corrected({ meterId }))).rejects.toMatchObject({ code: 'not_found' });
    }
    const number = theirs.terminalNumber;
    await expect(
      change({ kind: 'terminal-exchanged', number, exchangedAt: at('2024-03-01T00:00:00') }),
    ).rejects.toMatchObject({ details: { fields: [{ reason: 'unregistered' }] } });
  });
});

describe('a terminal', () => {
  const exchanged = (text: string): RegisterChangeGiven => ({
    ...{ kind: 'terminal-exchanged', number: spare.terminalNumber, exchangedAt: at(text) },
  });

  test('stands beside the meter from its instant on, as the register of a day says', async () => {
    await readRollingOver();
    const seen = await previewChange(exchanged('2024-03-24T10:00:00'));
    expect(seen).toMatchObject({
      ...{ closings: [], months: [], holdsFrom: '2024-03-24' },
      warnings: [{ code: 'old-terminal-later', count: 8 }],
    });
    await change(exchanged('2024-03-24T10:00:00'));
    expect(await supplyPointOn('2024-03-23')).toMatchObject({
      terminal: { number: home.terminalNumber },
    });
    expect(await supplyPointOn('2024-03-24')).toMatchObject({
      terminal: { number: spare.terminalNumber },
    });
  });

  test('that is elsewhere or out of service is refused', async () => {
    const other = await fitHousehold(database.adminPool, utilityId);
    await expect(
      change({ ...exchanged('2024-03-24T10:00:00'), number: other.terminalNumber } as never),
    ).rejects.toMatchObject({ details: { fields: [{ reason: 'fitted-elsewhere' }] } });
    await database.adminPool.query(
      `update terminal set retired_at = '2024-04-01T00:00:00Z' where terminal_id = $1`,
      [spare.terminalId],
    );
    await expect(change(exchanged('2024-03-24T10:00:00'))).rejects.toMatchObject({
      details: { fields: [{ field: 'number', reason: 'unregistered' }] },
    });
  });

  test('stays where the former one is elsewhere or out of service', async () => {
    const { changeId } = await change(exchanged('2024-03-24T10:00:00'));
    const away = await createSupplyPoint(database.adminPool, utilityId);
    await database.adminPool.query(
      `insert into terminal_fitting (utility_id, terminal_id, supply_point_id, from_at) values ($1, $2, $3, '2024-03-25T00:00:00+09:00')`,
      [utilityId, home.terminalId, away],
    );
    await expect(undoChange(changeId)).rejects.toMatchObject({
      message: expect.stringContaining(`terminal ${home.terminalNumber}`),
    });
    await database.adminPool.query('delete from terminal_fitting where supply_point_id = $1', [
      away,
    ]);
    await database.adminPool.query(
      `update terminal set retired_at = '2024-04-01T00:00:00Z' where terminal_id = $1`,
      [home.terminalId],
    );
    await expect(undoChange(changeId)).rejects.toMatchObject({
      message: expect.stringContaining(`terminal ${home.terminalNumber}`),
    });
  });
});
