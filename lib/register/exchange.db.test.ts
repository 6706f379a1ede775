/** Exchange of a meter by a person in a session: the preview equals the result, and an undo leaves no trace. */
import { describe, expect, test } from 'vitest';
import { fitMeter, storeDay } from '../../db/testing/fixtures.ts';
import { hourNumber } from '../usage/usage-line.ts';
import { usageBetween } from '../usage/usage-totals.ts';
import { getExchange, listMeterExchanges } from './exchange-queries.ts';
import {
  act,
  admin,
  allRows,
  arrangeExchanges,
  audit,
  database,
  exchange,
  figures,
  home,
  oldIndexAt,
  preview,
  readOld,
  undo,
  utilityId,
  work,
} from './testing-exchange.ts';

arrangeExchanges();

/** Instants at which rules differ; the old meter has reported up to the end of 19 February, or beyond it. */
const INSTANTS = [
  ['inside an hour', '2024-03-10T10:30:00+09:00'],
  ['on the hour', '2024-03-10T10:00:00+09:00'],
  ['at midnight', '2024-03-10T00:00:00+09:00'],
  ['on the closing day at 24:00', '2024-03-21T00:00:00+09:00'],
  ['in the last hour of the closing day', '2024-03-20T23:30:00+09:00'],
  ['on a leap day', '2024-02-29T15:20:00+09:00'],
] as const;

describe.each(INSTANTS)('an exchange %s', (_when, at) => {
  const exchangedAt = new Date(at);
  const given = () => exchange({ exchangedAt, finalIndexL: oldIndexAt(exchangedAt) });

  test('changes exactly what its preview says', async () => {
    await readOld('2024-03-25');
    const before = await figures();
    const seen = await preview(given());
    await act(given());
    const after = await figures();
    for (const { day, before: was, after: is } of seen.days) {
      expect([day, was.usageL]).toEqual([day, of(before, day)]);
      expect([day, is.usageL]).toEqual([day, of(after, day)]);
    }
    const changed = after.days.filter(({ day, usageL }) => usageL !== of(before, day));
    expect(seen.days.map(({ day }) => day)).toEqual(
      expect.arrayContaining(changed.map(({ day }) => day)),
    );
    for (const closing of seen.closings) {
      const find = (rows: typeof after.closings) =>
        rows.find(({ closesOn }) => closesOn === closing.closesOn);
      expect(find(before.closings)).toMatchObject(closing.before);
      expect(find(after.closings)).toMatchObject(closing.after);
    }
    const from = hourNumber('2024-03-20', 24);
    const to = hourNumber('2024-04-02', 24);
    expect(seen.period.before.usageL).toBe(usageBetween(before.line, from, to).usageL);
    expect(seen.period.after.usageL).toBe(usageBetween(after.line, from, to).usageL);
  });

  test('is undone without a trace except in the audit', async () => {
    await readOld('2024-03-25');
    const before = { rows: await allRows(), figures: await figures() };
    const { exchangeId } = await act(given());
    expect(await allRows()).not.toEqual(before.rows);
    expect(await undo(exchangeId)).toEqual({ keptMeter: false });
    expect(await allRows()).toEqual(before.rows);
    expect(await figures()).toEqual(before.figures);
    const self = `staff:${admin.accountId}`;
    expect(await audit()).toEqual([
      ['meter.registered', self],
      ['meter.exchanged', self],
      ['meter.exchange-undone', self],
    ]);
    await expect(undo(exchangeId)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('computes closings as if by the same rules as those of the register', async () => {
    await readOld('2024-03-25');
    const { closings, asIf } = await figures();
    const bare = (rows: typeof closings) => rows.map(({ meterSerial: _, ...row }) => row);
    expect(closings.length).toBe(2);
    expect(bare(asIf)).toEqual(bare(closings));
  });
});

function of(figure: Awaited<ReturnType<typeof figures>>, day: string): number | null | undefined {
  return figure.days.find((each) => each.day === day)?.usageL;
}

describe('an exchange', () => {
  test('that was registered is listed for both meters', async () => {
    const { exchangeId, fittedMeterId } = await act(exchange());
    for (const meterId of [home.meterId, fittedMeterId]) {
      const listed = await work.read((db) => listMeterExchanges(db, admin, { meterId }));
      expect(listed).toMatchObject([{ exchangeId, registeredMeter: true }]);
    }
    expect(await work.read((db) => getExchange(db, admin, { exchangeId }))).toMatchObject({
      removed: { meterId: home.meterId, finalIndexL: exchange().finalIndexL },
      fitted: { meterId: fittedMeterId, meterSerial: '777', startIndexL: 0 },
      resting: [],
    });
  });

  test('of a meter that was exchanged concurrently is refused, whichever came first', async () => {
    const both = [exchange(), exchange({ newSerial: '778' })].map((given) => act(given));
    const ends = await Promise.allSettled(both);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'conflict' },
    });
    expect((await allRows()).meter_exchange).toHaveLength(1);
  });

  test('that is undone keeps a meter that was registered before, or was read', async () => {
    const spare = await fitMeter(database.adminPool, utilityId, {
      ...{ supplyPointId: home.supplyPointId, serial: '555' },
      ...{ fittedAt: '2018-01-01T00:00:00Z', removedAt: '2019-01-01T00:00:00Z' },
    });
    const first = await act(exchange({ newSerial: spare.serial, newMeter: undefined }));
    expect(await undo(first.exchangeId)).toEqual({ keptMeter: true });
    const { exchangeId, fittedMeterId } = await act(exchange());
    await storeDay(database.adminPool, utilityId, {
      ...{ meterId: fittedMeterId, terminalId: home.terminalId, day: '2024-03-11' },
    });
    expect(await undo(exchangeId)).toEqual({ keptMeter: true });
    const again = exchange({ newMeter: undefined, finalIndexL: 1_001_180 });
    expect((await act(again)).fittedMeterId).toBe(fittedMeterId);
  });
});
