/** Changes of a supply point by a person in a session: the preview equals the result, and an undo leaves no trace. */
import { describe, expect, test } from 'vitest';
import { createArea, createSupplyPoint, createTariff, occupy } from '../../db/testing/fixtures.ts';
import type { RegisterChangeGiven } from './register-change-wire.ts';
import {
  allRows,
  arrangeExchanges,
  audit,
  closingFile,
  database,
  home,
  readOld,
  utilityId,
} from './testing-exchange.ts';
import {
  change,
  changes,
  closingsNow,
  moveOut,
  previewChange,
  SINCE,
  supplyPointOn,
  undoChange,
} from './testing-register-change.ts';

arrangeExchanges();

const CHANGES: [string, () => RegisterChangeGiven][] = [
  ['a move-out on a past day', () => moveOut('2024-03-11')],
  ['a move-out whose last day is the closing day', () => moveOut('2024-03-21')],
  ['a move-out to come', () => moveOut('2024-04-15')],
  ['a stay that began later than registered', () => corrected('2024-02-20', null)],
  ['a stay with both days corrected', () => corrected('2024-02-25', '2024-03-05')],
  ['a later closing day', () => ({ kind: 'closing-day', closingDay: 31, holdsFrom: '2024-03-25' })],
  [
    'an earlier closing day',
    () => ({ kind: 'closing-day', closingDay: 5, holdsFrom: '2024-02-22' }),
  ],
];

function corrected(fromOn: string, toOn: string | null): RegisterChangeGiven {
  return { kind: 'stay-corrected', occupancyId: home.occupancyId, fromOn, toOn };
}

describe.each(CHANGES)('%s', (_what, body) => {
  test('changes the closings exactly as its preview says', async () => {
    await readOld('2024-04-01');
    const before = await closingsNow();
    const seen = await previewChange(body());
    expect(await closingsNow()).toEqual(before);
    await change(body());
    const after = await closingsNow();
    for (const row of seen.closings.filter(({ closesOn }) => closesOn >= SINCE)) {
      const key = `${row.closesOn} ${row.customerNumber}`;
      expect([key, before[key] ?? null]).toEqual([key, row.before]);
      expect([key, after[key] ?? null]).toEqual([key, row.after]);
    }
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = keys.filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
    );
    const listed = [
      ...seen.closings.map(({ closesOn, customerNumber }) => `${closesOn} ${customerNumber}`),
      ...seen.vacant.map(({ closesOn }) => `vacant ${closesOn}`),
    ];
    expect(listed).toEqual(
      expect.arrayContaining(
        changed.filter((key) => !(key.startsWith('vacant') && !after[key] && !before[key])),
      ),
    );
  });

  test('is undone without a trace except in the records', async () => {
    await readOld('2024-04-01');
    const before = { rows: await allRows(), closings: await closingsNow() };
    const { changeId } = await change(body());
    expect(await allRows()).not.toEqual(before.rows);
    expect((await changes())[0]).toMatchObject({ changeId, undone: null, resting: [] });
    await undoChange(changeId);
    expect(await allRows()).toEqual(before.rows);
    expect(await closingsNow()).toEqual(before.closings);
    expect(await changes()).toMatchObject([{ changeId, undone: { by: expect.any(String) } }]);
    expect((await audit()).map(([act]) => act)).toEqual([
      `register.${body().kind}`,
      'register.change-undone',
    ]);
    await expect(undoChange(changeId)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a change of a supply point', () => {
  test('gives the last days of a customer their final row, and the rest to nobody', async () => {
    await readOld('2024-04-01');
    const seen = await previewChange(moveOut('2024-03-11'));
    expect(seen.closings).toMatchObject([
      {
        closesOn: '2024-03-20',
        before: { kind: 'regular', closesOn: '2024-03-20' },
        after: { kind: 'final', closesOn: '2024-03-10', usageL: 19 * 48 },
      },
      { closesOn: '2024-04-20', isToCome: true, before: { kind: 'regular' }, after: null },
    ]);
    expect(seen.vacant).toMatchObject([
      { closesOn: '2024-03-20', before: null, after: { days: 10, usageL: 480 } },
      { closesOn: '2024-04-20', before: null, after: { days: 31 } },
    ]);
  });

  test('of the closing day bills the days since the last closing once', async () => {
    await readOld('2024-04-01');
    await change({ kind: 'closing-day', closingDay: 31, holdsFrom: '2024-03-25' });
    expect(await closingsNow()).toMatchObject({
      [`2024-03-20 ${home.customerNumber}`]: { usageL: 29 * 48 },
      [`2024-03-31 ${home.customerNumber}`]: { usageL: 11 * 48 },
    });
  });

  test('lets another customer move in after a move-out, who keeps it from being undone', async () => {
    const { changeId } = await change(moveOut('2024-03-11'));
    await change({ kind: 'move-in', customerNumber: '0777', fromOn: '2024-03-15' });
    const [, first] = await changes();
    expect(first).toMatchObject({
      changeId,
      resting: expect.arrayContaining([{ kind: 'change', named: 'move-in', at: expect.any(Date) }]),
    });
    await expect(undoChange(changeId)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is refused where another is there, or the number is elsewhere', async () => {
    const moveIn = (customerNumber: string, fromOn = '2024-03-15') =>
      previewChange({ kind: 'move-in', customerNumber, fromOn });
    await expect(moveIn('0777')).rejects.toMatchObject({
      code: 'conflict',
      details: { fields: [{ field: 'fromOn', reason: 'occupied' }] },
    });
    await change(moveOut('2024-03-11'));
    await expect(moveIn('0777', '2024-03-10')).rejects.toMatchObject({ code: 'conflict' });
    await occupy(database.adminPool, utilityId, {
      ...{
        supplyPointId: await createSupplyPoint(database.adminPool, utilityId),
        customerNumber: '0778',
      },
    });
    await expect(moveIn('0778')).rejects.toMatchObject({
      details: { fields: [{ field: 'customerNumber', reason: 'occupied-elsewhere' }] },
    });
  });

  test('ends the supply where nobody is, and opens it again', async () => {
    const close = { kind: 'supply-closed', holdsFrom: '2024-03-20' } as const;
    await expect(change(close)).rejects.toMatchObject({
      details: { fields: [{ field: 'holdsFrom', reason: 'occupied' }] },
    });
    await change(moveOut('2024-03-11'));
    await change(close);
    expect(await supplyPointOn('2024-03-20')).toMatchObject({ state: 'closed', stay: null });
    const moveIn = { kind: 'move-in', customerNumber: '0777', fromOn: '2024-03-28' } as const;
    await expect(change(moveIn)).rejects.toMatchObject({
      details: { fields: [{ field: 'fromOn', reason: 'not-open' }] },
    });
    const opened = await change({ kind: 'supply-opened', holdsFrom: '2024-03-28' });
    await change(moveIn);
    await expect(undoChange(opened.changeId)).rejects.toMatchObject({ code: 'conflict' });
    expect(await supplyPointOn('2024-03-25')).toMatchObject({
      ...{ state: 'closed', closedOn: '2024-03-20', stay: null },
    });
    expect(await supplyPointOn('2024-03-28')).toMatchObject({
      ...{ state: 'open', closedOn: null, stay: { customerNumber: '0777' } },
    });
  });

  test('shows the register as it stood on a day', async () => {
    await change({ kind: 'closing-day', closingDay: 5, holdsFrom: '2024-03-25' });
    expect(await supplyPointOn('2024-03-24')).toMatchObject({
      ...{ closingDay: 20, stay: { occupancyId: home.occupancyId } },
      meter: { meterId: home.meterId },
      terminal: { number: home.terminalNumber },
    });
    expect(await supplyPointOn('2024-03-25')).toMatchObject({ closingDay: 5 });
    expect(await supplyPointOn('2019-12-31')).toMatchObject({
      ...{ state: 'not-opened', stay: null, meter: null, terminal: null },
    });
  });

  test('shows tariff, area and end of supply as they were before they changed', async () => {
    const before = await supplyPointOn('2024-04-01');
    const tariffId = await createTariff(database.adminPool, utilityId);
    const areaId = await createArea(database.adminPool, utilityId);
    await change({ kind: 'tariff', tariffId });
    await change({ kind: 'area', areaId });
    expect(await supplyPointOn()).toMatchObject({ tariff: { tariffId }, area: { areaId } });
    const { tariff, area } = before;
    expect(await supplyPointOn('2024-04-01')).toMatchObject({ tariff, area });
    await change(moveOut('2024-03-01'));
    const { customerNumber } = home;
    expect(await supplyPointOn('2024-02-29')).toMatchObject({ stay: { customerNumber } });
    expect(await supplyPointOn('2024-03-01')).toMatchObject({ stay: null });
    await change({ kind: 'supply-closed', holdsFrom: '2024-03-05' });
    await change({ kind: 'supply-opened', holdsFrom: '2024-03-20' });
    expect(await supplyPointOn('2024-03-10')).toMatchObject({
      ...{ state: 'closed', closedOn: '2024-03-05' },
    });
    expect(await supplyPointOn('2024-03-20')).toMatchObject({ state: 'open', closedOn: null });
  });
});

describe('a change over a closing of which a file was made', () => {
  test('has to name that closing, and no other', async () => {
    await closingFile('2024-03-20');
    expect((await previewChange(moveOut('2024-03-21'))).filed).toMatchObject([
      { closesOn: '2024-03-20' },
    ]);
    await expect(change(moveOut('2024-03-21'))).rejects.toMatchObject({
      details: { fields: [{ field: 'acknowledgedClosings', reason: 'closing-filed' }] },
    });
    await expect(change(moveOut('2024-03-22', ['2024-03-20']))).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await change(moveOut('2024-03-21', ['2024-03-20']));
  });

  test('is asked for also where the change has taken the customer out of it', async () => {
    await closingFile('2024-03-20');
    const { changeId } = await change(moveOut('2024-03-11', ['2024-03-20']));
    await undoChange(changeId);
    const again = await change(moveOut('2024-03-11', ['2024-03-20']));
    await closingFile('2024-03-20');
    await expect(undoChange(again.changeId)).rejects.toMatchObject({
      message: expect.stringContaining('closing-file 2024-03-20'),
    });
  });

  test('of another tariff is not undone once any file was made with it, of past closings too', async () => {
    await closingFile('2024-03-20');
    const tariffId = await createTariff(database.adminPool, utilityId);
    const first = await change({ kind: 'tariff', tariffId });
    await undoChange(first.changeId);
    const again = await change({ kind: 'tariff', tariffId });
    await closingFile('2024-02-20');
    await expect(undoChange(again.changeId)).rejects.toMatchObject({
      message: expect.stringContaining('closing-file 2024-02-20'),
    });
  });

  test('is told by the closing day that the supply point had on that day', async () => {
    await change({ kind: 'closing-day', closingDay: 31, holdsFrom: '2024-03-25' });
    await closingFile('2024-03-20');
    await closingFile('2024-02-29', {}, 31);
    const days = (await previewChange(moveOut('2024-02-11'))).filed.map(({ closesOn }) => closesOn);
    expect(days).toEqual(['2024-03-20']);
  });

  test('counts files of the former and of the new closing day from the day on', async () => {
    await closingFile('2024-03-20');
    await closingFile('2024-03-31', {}, 31);
    const body = { kind: 'closing-day', closingDay: 31, holdsFrom: '2024-03-10' } as const;
    const days = (await previewChange(body)).filed.map(({ closesOn }) => closesOn);
    expect(days).toEqual(['2024-03-20', '2024-03-31']);
    await change({ ...body, acknowledgedClosings: days });
  });
});
