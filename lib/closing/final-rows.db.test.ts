/** Final rows: the last days of customers who leave, and the litres of vacant days beside them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { A_DAY, ClosingScene, summaryOf } from './testing-closing-scene.ts';

let database: TestDatabase;
let scene: ClosingScene;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  scene = await ClosingScene.open(database);
});

describe('the final row of a customer who moved out', () => {
  test('closes on their last day, and every litre of the place stands in one row or vacant stretch', async () => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01', '2025-10-10');
    await scene.stay('B', '2025-10-15');
    await scene.days({ meterId, from: '2025-09-20', to: '2025-10-20' });
    const rows = await scene.closings({ from: '2025-10' });
    expect(summaryOf(rows)).toEqual([
      ['A', 'final', '2025-10-09', 19 * A_DAY, ''],
      ['B', 'regular', '2025-10-20', 6 * A_DAY, 'started'],
    ]);
    expect(rows[0]).toMatchObject({
      quality: 'actual',
      readAt: '2025-10-10T00:00:00+09:00',
      previousAt: '2025-09-21T00:00:00+09:00',
    });
    expect(await scene.vacant({ from: '2025-10' })).toEqual([
      ['2025-10-20', '2025-10-10', '2025-10-14', 5 * A_DAY],
    ]);
  });

  test('stands in one closing only, and in the file of the leaver', async () => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01', '2025-10-10');
    await scene.days({ meterId, from: '2025-08-20', to: '2025-11-20' });
    const of = async (from: string, to = from) =>
      summaryOf(await scene.closings({ from, to, customer: 'A' })).map(([, kind, on]) => [
        kind,
        on,
      ]);
    expect(await of('2025-09')).toEqual([['regular', '2025-09-20']]);
    expect(await of('2025-10')).toEqual([['final', '2025-10-09']]);
    expect(await of('2025-11')).toEqual([]);
    expect(await of('2025-09', '2026-01')).toEqual([
      ['regular', '2025-09-20'],
      ['final', '2025-10-09'],
    ]);
  });

  test('follows a requested closing day that is not the registered one', async () => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01', '2025-10-10');
    await scene.days({ meterId, from: '2025-09-05', to: '2025-10-20' });
    const wanted = { closingDay: 5, from: '2025-10', to: '2025-11', customer: 'A' };
    expect(summaryOf(await scene.closings(wanted))).toEqual([
      ['A', 'regular', '2025-10-05', 30 * A_DAY, ''],
      ['A', 'final', '2025-10-09', 4 * A_DAY, ''],
    ]);
  });

  test.each([
    { what: 'the day before the closing day', toOn: '2025-10-20', row: '2025-10-19', litres: 29 },
    { what: 'the closing day itself', toOn: '2025-10-21', row: '2025-10-20', litres: 30 },
    { what: 'the first day of the period', toOn: '2025-09-22', row: '2025-09-21', litres: 1 },
  ])('on $what is the only row of the closing', async ({ toOn, row, litres }) => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01', toOn);
    await scene.days({ meterId, from: '2025-09-20', to: '2025-10-20' });
    expect(summaryOf(await scene.closings({ from: '2025-10' }))).toEqual([
      ['A', 'final', row, litres * A_DAY, ''],
    ]);
  });

  test('whose last day is the day after the closing comes with the next closing', async () => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01', '2025-10-22');
    await scene.days({ meterId, from: '2025-09-20', to: '2025-10-21' });
    expect(summaryOf(await scene.closings({ from: '2025-10', to: '2025-11' }))).toEqual([
      ['A', 'regular', '2025-10-20', 30 * A_DAY, ''],
      ['A', 'final', '2025-10-21', A_DAY, ''],
    ]);
  });

  test('of several customers in one period each has its own days, also without a vacant day between', async () => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01', '2025-09-25');
    await scene.stay('B', '2025-09-25', '2025-10-01');
    await scene.stay('C', '2025-10-01', '2025-10-02');
    await scene.stay('D', '2025-10-10');
    await scene.days({ meterId, from: '2025-09-20', to: '2025-10-20' });
    expect(summaryOf(await scene.closings({ from: '2025-10' }))).toEqual([
      ['A', 'final', '2025-09-24', 4 * A_DAY, ''],
      ['B', 'final', '2025-09-30', 6 * A_DAY, 'started'],
      ['C', 'final', '2025-10-01', A_DAY, 'started'],
      ['D', 'regular', '2025-10-20', 11 * A_DAY, 'started'],
    ]);
    expect(await scene.vacant({ from: '2025-10' })).toEqual([
      ['2025-10-20', '2025-10-02', '2025-10-09', 8 * A_DAY],
    ]);
  });

  test('of a customer who came back has two rows in the period', async () => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01', '2025-10-01');
    await scene.stay('A', '2025-10-11');
    await scene.days({ meterId, from: '2025-09-20', to: '2025-10-20' });
    expect(summaryOf(await scene.closings({ from: '2025-10', customer: 'A' }))).toEqual([
      ['A', 'final', '2025-09-30', 10 * A_DAY, ''],
      ['A', 'regular', '2025-10-20', 10 * A_DAY, 'started'],
    ]);
  });

  test('is substituted from an earlier reading, and what came after it is used while vacant', async () => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01', '2025-10-10');
    await scene.stay('B', '2025-10-15');
    await scene.days({ meterId, from: '2025-09-20', to: '2025-10-06' });
    await scene.days({ meterId, from: '2025-10-14', to: '2025-10-20' });
    const [last] = await scene.closings({ from: '2025-10' });
    expect(last).toMatchObject({ quality: 'substituted', lagHours: 72, usageL: 16 * A_DAY });
    expect(await scene.vacant({ from: '2025-10' })).toMatchObject([
      ['2025-10-20', '2025-10-10', '2025-10-14', 8 * A_DAY],
    ]);
  });

  test('without a usable reading is to be checked, with the litres that are known', async () => {
    await scene.setSubstituteMaxDays(10);
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01', '2025-10-20');
    await scene.days({ meterId, from: '2025-09-20', to: '2025-09-30' });
    await scene.days({ meterId, from: '2025-10-20', to: '2025-10-20' });
    expect(await scene.closings({ from: '2025-10' })).toMatchObject([
      { kind: 'final', quality: 'none', usageL: null, heldL: 10 * A_DAY },
    ]);
    expect(await scene.vacant({ from: '2025-10' })).toMatchObject([
      ['2025-10-20', '2025-10-20', '2025-10-20', 20 * A_DAY],
    ]);
    expect(await scene.preview('2025-10')).toMatchObject({
      ...{ total: 1, toCheck: 1 },
      counts: { total: 1, final: 1, reasons: { none: 1 } },
      vacant: { supplyPoints: 1, usageL: 20 * A_DAY, unknown: 0 },
    });
  });
});
