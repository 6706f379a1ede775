/** Records that rest on an exchange and keep it from being undone. */
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { fitHousehold } from '../../db/testing/fixtures.ts';
import { listRestingOn } from './exchange-queries.ts';
import { fitMeter as fitRegistered, removeMeter } from './meter-commands.ts';
import { moveIn, moveOut } from './supply-point-commands.ts';
import {
  act,
  admin,
  allRows,
  arrangeExchanges,
  closingAct,
  closingFile,
  database,
  exchange,
  home,
  NOW,
  office,
  undo,
  utilityId,
  work,
} from './testing-exchange.ts';

arrangeExchanges();

const LATER = { now: NOW, supplyPointId: 0 };
const ON = new Date('2024-03-15T09:00:00+09:00');

describe('a record that rests on an exchange keeps it from being undone', () => {
  const later = () => ({ ...LATER, supplyPointId: home.supplyPointId });
  const rests: [string, string, (exchanged: { fittedMeterId: number }) => Promise<unknown>][] = [
    [
      'the removal of the new meter',
      'removal',
      () => inOffice((tx) => removeMeter(tx, office(), { ...later(), removedAt: ON })),
    ],
    [
      'a further exchange',
      'fitting',
      ({ fittedMeterId }) =>
        act(
          exchange({
            removedMeterId: fittedMeterId,
            newSerial: '900',
            exchangedAt: ON,
            finalIndexL: 5,
          }),
        ),
    ],
    [
      'the old meter at another supply point',
      'fitting',
      async () => {
        const supplyPoint = await fitHousehold(database.adminPool, utilityId);
        await inOffice(async (tx) => {
          await removeMeter(tx, office(), { ...later(), ...supplyPoint, removedAt: ON });
          const { supplyPointId } = supplyPoint;
          const fitting = { supplyPointId, serial: home.serial, fittedAt: ON, now: NOW };
          await fitRegistered(tx, office(), fitting);
        });
      },
    ],
    [
      'a move',
      'move-out',
      () =>
        inOffice(async (tx) => {
          const { customerNumber, supplyPointId } = home;
          await moveOut(tx, office(), { customerNumber, toOn: '2024-03-15' });
          await moveIn(tx, office(), { supplyPointId, customerNumber: '9', fromOn: '2024-03-18' });
        }),
    ],
    ['the file of its closing', 'closing-file', () => closingFile('2024-03-20')],
    ['a file of a later closing', 'closing-file', () => closingFile('2024-04-20')],
    [
      'the file of its customer alone',
      'closing-file',
      () => closingFile('2024-04-05', { customerNumber: home.customerNumber }, 5),
    ],
  ];
  test.each(rests)('%s', async (_what, kind, change) => {
    const exchanged = await act(exchange());
    const { exchangeId } = exchanged;
    expect(await resting(exchangeId)).toEqual([]);
    await change(exchanged);
    const found = await resting(exchangeId);
    expect(found.map((each) => each.kind)).toContain(kind);
    const before = await allRows();
    await expect(undo(exchangeId)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/something rests on it: .*2024-0[34]-\d\d|closing of/),
    });
    expect(await allRows()).toEqual(before);
  });

  test.each([
    ['the file of an earlier closing', () => closingFile('2024-02-20')],
    ['the file of another closing day', () => closingFile('2024-03-25', {}, 25)],
    ['the file of another customer', () => closingFile('2024-03-20', { customerNumber: '1' })],
  ])('%s does not', async (_what, change) => {
    const { exchangeId } = await act(exchange());
    await change();
    expect(await resting(exchangeId)).toEqual([]);
    await undo(exchangeId);
  });

  test('the file of an earlier closing, made before the exchange was registered, does not', async () => {
    await closingFile('2024-03-20');
    const { exchangeId } = await act(exchange({ acknowledgedClosings: ['2024-03-20'] }));
    await undo(exchangeId);
  });

  describe('a file that was begun before the exchange was registered', () => {
    const CLOSING = '2024-03-20';
    const begun = { export: 'one' };
    const begin = () => closingAct('closing.export-begun', CLOSING, begun);
    const acknowledged = () => exchange({ acknowledgedClosings: [CLOSING] });

    test.each(['closing.exported', 'closing.export-broken-off'])(
      'and ended after it (%s) does: its rows may have been read in between',
      async (end) => {
        await begin();
        const { exchangeId } = await act(acknowledged());
        await closingAct(end, CLOSING, begun);
        expect(await resting(exchangeId)).toMatchObject([{ kind: 'closing-file' }]);
      },
    );

    test('and never ended does, for one day', async () => {
      await begin();
      const { exchangeId } = await act(acknowledged());
      expect(await resting(exchangeId)).toMatchObject([{ kind: 'closing-file', named: CLOSING }]);
      await database.adminPool.query(
        `update audit set at = at - interval '25 hours' where utility_id = $1 and act = 'closing.export-begun'`,
        [utilityId],
      );
      expect(await resting(exchangeId)).toEqual([]);
    });

    test('is not ended by an act of another actor or of another file', async () => {
      await begin();
      const actor = { ...office(), name: 'other' };
      await closingAct('closing.exported', CLOSING, { ...begun, actor });
      await closingAct('closing.exported', CLOSING, { export: 'two' });
      const { exchangeId } = await act(acknowledged());
      expect(await resting(exchangeId)).toHaveLength(1);
      await closingAct('closing.exported', CLOSING, begun);
    });
  });

  test('the database refuses it too, for a caller that does not ask', async () => {
    const { exchangeId } = await act(exchange());
    await closingFile('2024-03-20');
    const bare = readAsAdmin(`select undo_exchange(${exchangeId}, 'staff:${admin.accountId}')`);
    await expect(bare).rejects.toMatchObject({ constraint: 'meter_exchange_free' });
  });
});

const resting = (exchangeId: number) => work.read((db) => listRestingOn(db, admin, { exchangeId }));

function inOffice<T>(fn: Parameters<typeof transactAs<T>>[2]): Promise<T> {
  return transactAs(database.db, utilityId, fn);
}

/** Runs a statement as the web process in the administrator's session, without the verbs. */
async function readAsAdmin(text: string): Promise<unknown> {
  return work.transact((tx) => sql.raw(text).execute(tx));
}
