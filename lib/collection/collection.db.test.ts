import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import {
  createArea,
  createUtility,
  fitHousehold,
  fitMeter,
  rising,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor } from '../actor.ts';
import { listCollectionHistory } from './collection-history-queries.ts';
import { getCollection, listCollectionSupplyPoints } from './collection-queries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const DAY = '2026-11-22';
/** After every report window (01:00 + 240 minutes) of the day. */
const NOW = new Date('2026-11-23T09:00:00+09:00');
const EARLY = new Date('2026-11-23T03:00:00+09:00');

function analyst(utilityId: number): Actor {
  return { kind: 'staff', utilityId, accountId: 1, role: 'analyst', sessionId: 's' };
}

function collectionOf(utilityId: number, now = NOW, day?: string) {
  return readAs(database.db, utilityId, (db) =>
    getCollection(db, analyst(utilityId), { day, now }),
  );
}

function historyOf(utilityId: number, days: number, now = NOW) {
  return readAs(database.db, utilityId, (db) =>
    listCollectionHistory(db, analyst(utilityId), { days, now }),
  );
}

function supplyPointsOf(utilityId: number, state?: 'missing' | 'incomplete', now = NOW) {
  return readAs(database.db, utilityId, (db) =>
    listCollectionSupplyPoints(db, analyst(utilityId), { state, limit: 10, offset: 0, now }),
  );
}

const withHole = rising(1000, 10).map((value, at) => (at === 5 ? null : value));

/**
 * Two areas: in one a household on time and one late and incomplete; in the other a household whose report is missing.
 */
async function threeHomes() {
  const admin = database.adminPool;
  const utilityId = await createUtility(admin);
  const harbour = await createArea(admin, utilityId, { code: 'a', name: '港町' });
  const hill = await createArea(admin, utilityId, { code: 'b', name: '山手', gasKind: 'lp' });
  const onTime = await fitHousehold(admin, utilityId, { areaId: harbour });
  const late = await fitHousehold(admin, utilityId, { areaId: harbour });
  const silent = await fitHousehold(admin, utilityId, { areaId: hill });
  await storeDay(admin, utilityId, { ...onTime, day: DAY, indexL: rising(0, 1) });
  await storeDay(admin, utilityId, { ...late, day: DAY, indexL: withHole, arrival: 2 });
  await storeDay(admin, utilityId, { ...silent, day: '2026-11-19', indexL: rising(0, 1) });
  return { utilityId, harbour, hill, onTime, late, silent };
}

describe('the counts of a day', () => {
  test('yesterday is the default, and areas add up to the utility', async () => {
    const { utilityId } = await threeHomes();
    const collection = await collectionOf(utilityId);
    expect(collection.day).toBe(DAY);
    expect(collection.areas.map(({ name, count }) => [name, count])).toEqual([
      [
        '港町',
        {
          expected: 2,
          onTime: 1,
          late: 1,
          backFill: 0,
          requested: 0,
          incomplete: 1,
          missing: 0,
          notYetDue: 0,
        },
      ],
      [
        '山手',
        {
          expected: 1,
          onTime: 0,
          late: 0,
          backFill: 0,
          requested: 0,
          incomplete: 0,
          missing: 1,
          notYetDue: 0,
        },
      ],
    ]);
    expect(collection.total).toMatchObject({ expected: 3, onTime: 1, late: 1, missing: 1 });
  });

  test('a day is awaited, not missing, before its report is due', async () => {
    const { utilityId } = await threeHomes();
    const { total } = await collectionOf(utilityId, EARLY);
    expect(total).toMatchObject({ expected: 3, onTime: 1, late: 1, missing: 0, notYetDue: 1 });
  });

  test('a day long ago is counted like any other', async () => {
    const { utilityId } = await threeHomes();
    const years = new Date('2056-11-23T09:00:00+09:00');
    const { total } = await collectionOf(utilityId, years, DAY);
    expect(total).toMatchObject({ expected: 3, onTime: 1, late: 1, missing: 1, notYetDue: 0 });
  });

  test('supply points that are closed, or have no meter or terminal at the end of the day, are not expected', async () => {
    const admin = database.adminPool;
    const utilityId = await createUtility(admin);
    const areaId = await createArea(admin, utilityId);
    await fitHousehold(admin, utilityId, { areaId, closedOn: DAY });
    await fitHousehold(admin, utilityId, { areaId, openedOn: '2026-11-23' });
    const removed = await fitHousehold(admin, utilityId, { areaId });
    await admin.query(
      'update meter_fitting set removed_at = $3 where utility_id = $1 and meter_id = $2',
      [utilityId, removed.meterId, '2026-11-22T15:00:00+09:00'],
    );
    const bare = await fitHousehold(admin, utilityId, { areaId });
    await admin.query(
      'update terminal_fitting set to_at = $3 where utility_id = $1 and terminal_id = $2',
      [utilityId, bare.terminalId, '2026-11-22T15:00:00+09:00'],
    );
    expect((await collectionOf(utilityId)).total.expected).toBe(0);
    expect((await collectionOf(utilityId, NOW, '2026-11-21')).total.expected).toBe(3);
  });

  test('a day on which the meter was exchanged counts once, by the new meter', async () => {
    const admin = database.adminPool;
    const utilityId = await createUtility(admin);
    const home = await fitHousehold(admin, utilityId);
    const at = '2026-11-22T13:30:00+09:00';
    await admin.query(
      'update meter_fitting set removed_at = $3 where utility_id = $1 and meter_id = $2',
      [utilityId, home.meterId, at],
    );
    const { meterId } = await fitMeter(admin, utilityId, {
      supplyPointId: home.supplyPointId,
      fittedAt: at,
    });
    await storeDay(admin, utilityId, { ...home, day: DAY });
    expect((await collectionOf(utilityId)).total).toMatchObject({ expected: 1, missing: 1 });
    expect(await historyOf(utilityId, 1)).toMatchObject([{ count: { expected: 1, missing: 1 } }]);
    await storeDay(admin, utilityId, { ...home, meterId, day: DAY });
    expect((await collectionOf(utilityId)).total).toMatchObject({ expected: 1, onTime: 1 });
    expect(await historyOf(utilityId, 1)).toMatchObject([{ count: { expected: 1, onTime: 1 } }]);
  });

  test('a day that is not over is refused', async () => {
    const utilityId = await createUtility(database.adminPool);
    for (const day of ['2026-11-23', '2026-11-31', 'yesterday']) {
      await expect(collectionOf(utilityId, NOW, day)).rejects.toMatchObject({
        code: 'invalid_input',
      });
    }
  });
});

describe('the history of a month', () => {
  test('each of its days equals the counts of that day', async () => {
    const { utilityId } = await threeHomes();
    for (const now of [NOW, EARLY]) {
      const history = await historyOf(utilityId, 5, now);
      expect(history.map(({ day }) => day)).toEqual([
        '2026-11-18',
        '2026-11-19',
        '2026-11-20',
        '2026-11-21',
        '2026-11-22',
      ]);
      for (const { day, count } of history) {
        expect(count).toEqual((await collectionOf(utilityId, now, day)).total);
      }
    }
  });

  test('one area can be read alone', async () => {
    const { utilityId, hill } = await threeHomes();
    const history = await readAs(database.db, utilityId, (db) =>
      listCollectionHistory(db, analyst(utilityId), { days: 2, areaId: hill, now: NOW }),
    );
    expect(history.map(({ count }) => count.expected)).toEqual([1, 1]);
  });

  test('a period beyond two months is refused', async () => {
    const utilityId = await createUtility(database.adminPool);
    await expect(historyOf(utilityId, 63)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('the supply points behind the counts', () => {
  test('a missing one has its last day, its last contact and the advice', async () => {
    const { utilityId, silent } = await threeHomes();
    await database.adminPool.query(
      'update terminal_state set last_seen_at = $3 where utility_id = $1 and terminal_id = $2',
      [utilityId, silent.terminalId, '2026-11-20T02:00:00+09:00'],
    );
    const { total, rows } = await supplyPointsOf(utilityId, 'missing');
    expect(total).toBe(1);
    expect(rows).toEqual([
      {
        supplyPointId: silent.supplyPointId,
        supplyPointNumber: expect.any(String),
        customerNumber: silent.customerNumber,
        areaName: '山手',
        meterId: silent.meterId,
        meterSerial: silent.serial,
        terminalNumber: silent.terminalNumber,
        state: 'missing',
        indexCount: null,
        expectedCount: 24,
        receivedAt: null,
        dueAt: new Date('2026-11-23T05:00:00+09:00'),
        lastDay: '2026-11-19',
        lastSeenAt: new Date('2026-11-20T02:00:00+09:00'),
        askedCount: 0,
        lastAskedAt: null,
        advice: 'silent',
        refusal: null,
        refused: null,
      },
    ]);
  });

  test('an incomplete one has the number of its values out of 24', async () => {
    const { utilityId, late } = await threeHomes();
    const { rows } = await supplyPointsOf(utilityId, 'incomplete');
    expect(rows).toMatchObject([{ meterId: late.meterId, state: 'incomplete', indexCount: 23 }]);
  });

  test('on the day of fitting only the hours since then are expected', async () => {
    const admin = database.adminPool;
    const utilityId = await createUtility(admin);
    const home = await fitHousehold(admin, utilityId);
    await admin.query(
      'update meter_fitting set fitted_at = $3 where utility_id = $1 and meter_id = $2',
      [utilityId, home.meterId, '2026-11-22T13:30:00+09:00'],
    );
    const indexL = rising(0, 1).map((value, at) => (at + 1 >= 14 ? value : null));
    await storeDay(admin, utilityId, { ...home, day: DAY, indexL });
    expect((await collectionOf(utilityId)).total).toMatchObject({ onTime: 1, incomplete: 0 });
    expect(await historyOf(utilityId, 1)).toMatchObject([{ count: { onTime: 1, incomplete: 0 } }]);
    expect((await supplyPointsOf(utilityId)).rows).toMatchObject([
      { state: 'onTime', indexCount: 11, expectedCount: 11 },
    ]);
  });

  test('a requested day has its requests, and when it was given up', async () => {
    const { utilityId, silent } = await threeHomes();
    await database.adminPool.query(
      `insert into reading_request (utility_id, meter_id, day, terminal_id, reason, first_hour, last_hour, due_at,
         asked_count, last_asked_at, given_up_at)
       values ($1, $2, $3, $4, 'absent', 1, 24, '2026-11-23T05:00+09', 3, '2026-11-23T07:00+09', '2026-11-23T08:00+09')`,
      [utilityId, silent.meterId, DAY, silent.terminalId],
    );
    await database.adminPool.query(
      'update terminal_state set last_seen_at = $3 where utility_id = $1 and terminal_id = $2',
      [utilityId, silent.terminalId, '2026-11-23T08:00:00+09:00'],
    );
    expect((await supplyPointsOf(utilityId, 'missing')).rows).toMatchObject([
      {
        askedCount: 3,
        lastAskedAt: new Date('2026-11-23T07:00:00+09:00'),
        advice: 'beyondRequests',
      },
    ]);
  });

  test('all are listed without a state, page by page', async () => {
    const { utilityId } = await threeHomes();
    const page = await readAs(database.db, utilityId, (db) =>
      listCollectionSupplyPoints(db, analyst(utilityId), { limit: 2, offset: 2, now: NOW }),
    );
    expect(page).toMatchObject({ total: 3, rows: { length: 1 } });
  });
});

describe('the right to read the collection', () => {
  test('is missing for billing staff and consumers', async () => {
    const utilityId = await createUtility(database.adminPool);
    const billing = { ...analyst(utilityId), role: 'billing' } as Actor;
    for (const read of [getCollection, listCollectionHistory, listCollectionSupplyPoints]) {
      await expect(
        readAs<unknown>(database.db, utilityId, (db) =>
          read(db, billing, { now: NOW, days: 1, limit: 1, offset: 0 }),
        ),
      ).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test("does not include another utility's supply points", async () => {
    await threeHomes();
    const stranger = await createUtility(database.adminPool);
    expect((await collectionOf(stranger)).total.expected).toBe(0);
    expect((await historyOf(stranger, 3)).map(({ count }) => count.expected)).toEqual([0, 0, 0]);
    expect(await supplyPointsOf(stranger)).toEqual({ total: 0, rows: [] });
  });
});
