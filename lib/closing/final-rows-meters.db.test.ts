/** Final rows beside exchanges and removals of meters, closed supply points, and rows without a meter. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { A_DAY, ClosingScene, indexAt, summaryOf } from './testing-closing-scene.ts';

let database: TestDatabase;
let scene: ClosingScene;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  scene = await ClosingScene.open(database);
});

describe('the final row and the meters of the place', () => {
  test('adds both meters of an exchange before the last day', async () => {
    const at = '2025-10-01T10:00:00+09:00';
    const old = await scene.meter({ removedAt: at, finalIndexL: indexAt('2025-10-01') });
    const next = await scene.meter({ fittedAt: at, startIndexL: 0 });
    await scene.stay('A', '2020-01-01', '2025-10-10');
    await scene.days({ meterId: old.meterId, from: '2025-09-20', to: '2025-09-30' });
    await scene.days({
      meterId: next.meterId,
      from: '2025-10-09',
      to: '2025-10-09',
      firstL: -10_000,
    });
    const nextL = indexAt('2025-10-09', -10_000);
    expect(summaryOf(await scene.closings({ from: '2025-10' }))).toEqual([
      ['A', 'final', '2025-10-09', 11 * A_DAY + nextL, 'exchanged'],
    ]);
  });

  test('takes the register at the removal when the meter was taken away on the last day', async () => {
    const removed = { removedAt: '2025-10-09T15:00:00+09:00' };
    const finalIndexL = indexAt('2025-10-08') + 300;
    const { meterId } = await scene.meter({ ...removed, finalIndexL });
    await scene.stay('A', '2020-01-01', '2025-10-10');
    await scene.days({ meterId, from: '2025-09-20', to: '2025-10-08' });
    expect(await scene.closings({ from: '2025-10' })).toMatchObject([
      {
        ...{ kind: 'final', quality: 'substituted', usageL: 18 * A_DAY + 300 },
        readAt: '2025-10-09T15:00:00+09:00',
      },
    ]);
  });

  test('takes the register at the removal however long the customer stayed without a meter', async () => {
    const { meterId } = await scene.meter({
      ...{ removedAt: '2025-08-25T09:00:00+09:00', finalIndexL: indexAt('2025-08-25') },
    });
    await scene.stay('A', '2020-01-01', '2025-12-10');
    await scene.days({ meterId, from: '2025-08-20', to: '2025-08-24' });
    const rows = await scene.closings({ from: '2025-08', to: '2025-12' });
    expect(rows.map(({ quality, usageL }) => [quality, usageL])).toEqual([
      ['actual', null],
      ['none', null],
      ['none', null],
      ['none', null],
      ['substituted', 5 * A_DAY],
    ]);
  });

  test('counts an exchange while vacant to the vacant stretch', async () => {
    const at = '2025-10-12T10:00:00+09:00';
    const old = await scene.meter({ removedAt: at, finalIndexL: indexAt('2025-10-12') });
    const next = await scene.meter({ fittedAt: at, startIndexL: 7 });
    await scene.stay('A', '2020-01-01', '2025-10-10');
    await scene.stay('B', '2025-10-15');
    await scene.days({ meterId: old.meterId, from: '2025-09-20', to: '2025-10-11' });
    await scene.days({ meterId: next.meterId, from: '2025-10-14', to: '2025-10-20', firstL: 0 });
    expect(summaryOf(await scene.closings({ from: '2025-10' }))).toMatchObject([
      ['A', 'final', '2025-10-09', 19 * A_DAY, ''],
      ['B', 'regular', '2025-10-20', 6 * A_DAY, 'started'],
    ]);
    const nextL = indexAt('2025-10-14', 0) - 7;
    expect(await scene.vacant({ from: '2025-10' })).toEqual([
      ['2025-10-20', '2025-10-10', '2025-10-14', 3 * A_DAY + nextL],
    ]);
  });
});

describe('a supply point that was closed', () => {
  test('has its final row on the last day of supply, though nobody moved out', async () => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01');
    await scene.days({ meterId, from: '2025-09-20', to: '2025-10-20' });
    await scene.setClosed('2025-10-05');
    expect(summaryOf(await scene.closings({ from: '2025-10' }))).toEqual([
      ['A', 'final', '2025-10-04', 14 * A_DAY, ''],
    ]);
    expect(await scene.vacant({ from: '2025-10' })).toEqual([
      ['2025-10-20', '2025-10-05', '2025-10-20', 16 * A_DAY],
    ]);
    expect(await scene.closings({ from: '2025-11' })).toEqual([]);
  });

  test('and opened again has a row for each customer, and the days between are vacant', async () => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2020-01-01', '2025-10-05');
    await scene.setClosed('2025-10-05');
    await scene.setClosed(null);
    await scene.stay('B', '2025-11-01');
    await scene.days({ meterId, from: '2025-09-20', to: '2025-11-20' });
    expect(summaryOf(await scene.closings({ from: '2025-10', to: '2025-11' }))).toEqual([
      ['A', 'final', '2025-10-04', 14 * A_DAY, ''],
      ['B', 'regular', '2025-11-20', 20 * A_DAY, 'started'],
    ]);
    expect(await scene.vacant({ from: '2025-10', to: '2025-11' })).toEqual([
      ['2025-10-20', '2025-10-05', '2025-10-20', 16 * A_DAY],
      ['2025-11-20', '2025-10-21', '2025-10-31', 11 * A_DAY],
    ]);
  });

  test('before the customer moved in has no row', async () => {
    const { meterId } = await scene.meter();
    await scene.stay('A', '2025-10-10');
    await scene.days({ meterId, from: '2025-10-09', to: '2025-10-20' });
    await scene.setClosed('2025-10-10');
    expect(await scene.closings({ from: '2025-10' })).toEqual([]);
  });
});

describe('a row without a meter', () => {
  test('has nothing to bill while none was fitted since the previous reading', async () => {
    await scene.stay('A', '2025-10-01');
    expect(await scene.closings({ from: '2025-10' })).toMatchObject([
      { quality: 'none', remarks: ['no-meter', 'started'] },
    ]);
  });

  test('is to be checked while the usage up to the removal stands in no row', async () => {
    const { meterId } = await scene.meter({ removedAt: '2025-09-25T09:00:00+09:00' });
    await scene.stay('A', '2020-01-01');
    await scene.days({ meterId, from: '2025-09-20', to: '2025-09-24' });
    const rows = await scene.closings({ from: '2025-10', to: '2025-11' });
    expect(rows.map(({ remarks, previousIndexL }) => [remarks, previousIndexL])).toEqual([
      [[], indexAt('2025-09-20')],
      [[], indexAt('2025-09-20')],
    ]);
  });
});
