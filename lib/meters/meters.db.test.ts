import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import type { ReadDb } from '../../db/schema.ts';
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
import { search } from '../search/search-queries.ts';
import { getMeter, listMeters } from './meter-queries.ts';
import { getMeterReadings, listMeterRevisions } from './meter-reading-queries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const NOW = new Date('2026-11-23T09:00:00+09:00');

function analyst(utilityId: number): Actor {
  return { kind: 'staff', utilityId, accountId: 1, role: 'analyst', sessionId: 's' };
}

function readFor<T>(
  utilityId: number,
  query: (db: ReadDb, actor: Actor) => Promise<T>,
): Promise<T> {
  return readAs(database.db, utilityId, (db) => query(db, analyst(utilityId)));
}

async function remove(utilityId: number, meterId: number, at: string, finalIndexL: number) {
  await database.adminPool.query(
    'update meter_fitting set removed_at = $3, final_index_l = $4 where utility_id = $1 and meter_id = $2',
    [utilityId, meterId, at, finalIndexL],
  );
}

const LIST = { sort: 'customerNumber', descending: false, limit: 10, offset: 0, now: NOW } as const;

describe('the list of meters', () => {
  test('contains the fitted meters, sorted and paged by the server', async () => {
    const utilityId = await createUtility(database.adminPool);
    const homes = [
      await fitHousehold(database.adminPool, utilityId),
      await fitHousehold(database.adminPool, utilityId),
      await fitHousehold(database.adminPool, utilityId),
    ];
    const gone = await fitHousehold(database.adminPool, utilityId);
    await remove(utilityId, gone.meterId, '2026-11-01T12:00:00+09:00', 10);
    const page = await readFor(utilityId, (db, actor) =>
      listMeters(db, actor, {
        ...LIST,
        sort: 'meterSerial',
        descending: true,
        limit: 2,
        offset: 1,
      }),
    );
    expect(page.total).toBe(3);
    expect(page.rows.map(({ meterId }) => meterId)).toEqual([homes[1]!.meterId, homes[0]!.meterId]);
    expect(page.rows[0]).toMatchObject({
      meterSerial: homes[1]!.serial,
      customerNumber: homes[1]!.customerNumber,
      terminalNumber: homes[1]!.terminalNumber,
    });
  });

  test('is searched by a part of any of its numbers, with wildcards taken literally', async () => {
    const utilityId = await createUtility(database.adminPool);
    const home = await fitHousehold(database.adminPool, utilityId);
    await fitHousehold(database.adminPool, utilityId);
    const found = async (query: string) =>
      (await readFor(utilityId, (db, actor) => listMeters(db, actor, { ...LIST, query }))).rows.map(
        ({ meterId }) => meterId,
      );
    expect(await found(home.customerNumber)).toEqual([home.meterId]);
    expect(await found(home.terminalNumber.slice(3))).toEqual([home.meterId]);
    expect(await found(home.serial)).toEqual([home.meterId]);
    expect(await found('%')).toEqual([]);
  });

  test('can be filtered by area', async () => {
    const utilityId = await createUtility(database.adminPool);
    const areaId = await createArea(database.adminPool, utilityId);
    const home = await fitHousehold(database.adminPool, utilityId, { areaId });
    await fitHousehold(database.adminPool, utilityId);
    const { rows: meters } = await readFor(utilityId, (db, actor) =>
      listMeters(db, actor, { ...LIST, areaId }),
    );
    expect(meters.map(({ meterId }) => meterId)).toEqual([home.meterId]);
  });
});

/** A household whose meter was exchanged at 12:30 on 21 November: 240 L a day before and after. */
async function exchangedHome() {
  const admin = database.adminPool;
  const utilityId = await createUtility(admin);
  const home = await fitHousehold(admin, utilityId);
  const at = '2026-11-21T12:30:00+09:00';
  await remove(utilityId, home.meterId, at, 365);
  const { supplyPointId } = home;
  const next = await fitMeter(admin, utilityId, { supplyPointId, fittedAt: at, startIndexL: 1000 });
  await storeDay(admin, utilityId, { ...home, day: '2026-11-20', indexL: rising(10, 10) });
  const hours = Array.from({ length: 24 }, (_, at) => at + 1);
  await storeDay(admin, utilityId, {
    ...home,
    day: '2026-11-21',
    indexL: hours.map((hour) => (hour <= 12 ? 240 + hour * 10 : null)),
    pressurePa: hours.map((hour) => (hour <= 12 ? 2000 : null)),
  });
  await storeDay(admin, utilityId, {
    ...home,
    meterId: next.meterId,
    day: '2026-11-21',
    indexL: hours.map((hour) => (hour > 12 ? 875 + hour * 10 : null)),
    pressurePa: hours.map((hour) => (hour > 12 ? 2100 : null)),
    arrival: 2,
  });
  await storeDay(admin, utilityId, {
    ...home,
    meterId: next.meterId,
    day: '2026-11-22',
    indexL: rising(1125, 10),
  });
  return { utilityId, home, next };
}

describe('one meter', () => {
  test('has what is fitted beside it, and the meters fitted there before', async () => {
    const { utilityId, home, next } = await exchangedHome();
    const meter = await readFor(utilityId, (db, actor) =>
      getMeter(db, actor, { meterId: next.meterId, now: NOW }),
    );
    expect(meter).toMatchObject({
      meterSerial: next.serial,
      sizeM3PerHour: 2.5,
      dialL: 100_000_000,
      fitted: true,
      customerNumber: home.customerNumber,
      terminal: { terminalNumber: home.terminalNumber, reportMinute: 60, reportWindowMinutes: 240 },
      firstDay: '2026-11-21',
      lastDay: '2026-11-22',
    });
    expect(meter.fittings.map(({ meterId }) => meterId)).toEqual([next.meterId, home.meterId]);
  });

  test('that was removed can still be read, and says so', async () => {
    const { utilityId, home } = await exchangedHome();
    const meter = await readFor(utilityId, (db, actor) =>
      getMeter(db, actor, { meterId: home.meterId, now: NOW }),
    );
    expect(meter).toMatchObject({ fitted: false, lastDay: '2026-11-21' });
  });

  test('has readings across its exchange, by the hour and by the day alike', async () => {
    const { utilityId, home, next } = await exchangedHome();
    for (const meterId of [home.meterId, next.meterId]) {
      for (const step of ['hour', 'day'] as const) {
        const { days } = await readFor(utilityId, (db, actor) =>
          getMeterReadings(db, actor, { meterId, from: '2026-11-20', step, now: NOW }),
        );
        expect(days.map(({ usageL }) => usageL)).toEqual([230, 240, 240]);
        expect(days[1]).toMatchObject({
          missingHours: 0,
          lowPa: 2000,
          highPa: 2100,
          averagePa: 2050,
          arrival: 'late',
          marks: ['exchanged'],
        });
      }
    }
  });

  test('has gaps over the edge of the period with their total', async () => {
    const admin = database.adminPool;
    const utilityId = await createUtility(admin);
    const home = await fitHousehold(admin, utilityId);
    await storeDay(admin, utilityId, { ...home, day: '2026-11-01', indexL: rising(10, 10) });
    await storeDay(admin, utilityId, { ...home, day: '2026-11-20', indexL: rising(1000, 10) });
    for (const step of ['hour', 'day'] as const) {
      const { days, gaps } = await readFor(utilityId, (db, actor) =>
        getMeterReadings(db, actor, {
          meterId: home.meterId,
          from: '2026-11-19',
          to: '2026-11-20',
          step,
          now: NOW,
        }),
      );
      expect(days).toMatchObject([{ usageL: null, gap: 'notArrived' }, { usageL: 990 }]);
      expect(gaps).toEqual([
        {
          from: { day: '2026-11-01', hourEnding: 24 },
          to: { day: '2026-11-20', hourEnding: 1 },
          usageL: 760,
          marks: [],
        },
      ]);
    }
    const { days } = await readFor(utilityId, (db, actor) =>
      getMeterReadings(db, actor, {
        meterId: home.meterId,
        from: '2026-11-10',
        to: '2026-11-10',
        step: 'hour',
        now: NOW,
      }),
    );
    expect(days[0]?.hours?.[0]).toMatchObject({ state: 'spanned', gap: 'notArrived' });
  });

  test('has corrected days with the old and the new values', async () => {
    const admin = database.adminPool;
    const utilityId = await createUtility(admin);
    const home = await fitHousehold(admin, utilityId);
    const before = rising(0, 10);
    const after = before.map((value, at) => (at === 4 ? 45 : value));
    await storeDay(admin, utilityId, { ...home, day: '2026-11-22', indexL: after, arrival: 4 });
    await admin.query(
      `insert into meter_day_revision (utility_id, meter_id, day, revision, change, index_l, pressure_pa, terminal_id,
         counter, frame_check, received_at, arrival, superseded_at)
       values ($1, $2, '2026-11-22', 0, 'corrected', $3, array_fill(2000::smallint, array[24]), $4, 1, 1,
         '2026-11-23T02:00+09', 1, '2026-11-23T08:00+09')`,
      [utilityId, home.meterId, before, home.terminalId],
    );
    const revisions = await readFor(utilityId, (db, actor) =>
      listMeterRevisions(db, actor, { meterId: home.meterId, now: NOW }),
    );
    expect(revisions).toEqual([
      {
        meterId: home.meterId,
        day: '2026-11-22',
        revision: 0,
        change: 'corrected',
        changedAt: new Date('2026-11-23T08:00:00+09:00'),
        arrival: 'requested',
        hours: [expect.objectContaining({ hourEnding: 5, indexL: { before: 40, after: 45 } })],
      },
    ]);
  });
});

describe('the search', () => {
  test('finds by each number, equal ones before those that only contain the text', async () => {
    const utilityId = await createUtility(database.adminPool);
    const home = await fitHousehold(database.adminPool, utilityId, { number: 'P-1' });
    await fitHousehold(database.adminPool, utilityId, { number: 'XP-10' });
    const hits = (query: string) =>
      readFor(utilityId, (db, actor) => search(db, actor, { query, now: NOW }));
    expect((await hits('p-1')).map(({ matched }) => matched)).toEqual(['P-1', 'XP-10']);
    for (const [query, match] of [
      [home.customerNumber, 'customerNumber'],
      [home.terminalNumber, 'terminalNumber'],
      [home.serial, 'meterSerial'],
    ] as const) {
      expect(await hits(` ${query} `)).toMatchObject([
        {
          meterId: home.meterId,
          match,
          matched: query,
          supplyPointNumber: 'P-1',
          customerNumber: home.customerNumber,
          terminalNumber: home.terminalNumber,
          current: true,
        },
      ]);
    }
    expect(await hits(' ')).toEqual([]);
  });

  test('finds a removed meter by its serial, as a former one', async () => {
    const { utilityId, home, next } = await exchangedHome();
    const hits = (query: string) =>
      readFor(utilityId, (db, actor) => search(db, actor, { query, now: NOW }));
    expect(await hits(home.serial)).toMatchObject([{ meterId: home.meterId, current: false }]);
    expect(await hits(home.customerNumber)).toMatchObject([
      { meterId: next.meterId, current: true },
    ]);
  });
});

describe('the right to read meters', () => {
  const verbs = (meterId: number) => [
    (db: ReadDb, actor: Actor) => getMeter(db, actor, { meterId, now: NOW }),
    (db: ReadDb, actor: Actor) => getMeterReadings(db, actor, { meterId, step: 'hour', now: NOW }),
    (db: ReadDb, actor: Actor) => listMeterRevisions(db, actor, { meterId, now: NOW }),
  ];

  test('is missing for households', async () => {
    const { utilityId, home } = await exchangedHome();
    const household: Actor = { kind: 'consumer', utilityId, ...home, sessionId: 's' };
    for (const verb of [
      ...verbs(home.meterId),
      (db: ReadDb, actor: Actor) => listMeters(db, actor, LIST),
      (db: ReadDb, actor: Actor) => search(db, actor, { query: '1', now: NOW }),
    ]) {
      await expect(
        readAs<unknown>(database.db, utilityId, (db) => verb(db, household)),
      ).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test("does not include another utility's meter", async () => {
    const { home } = await exchangedHome();
    const stranger = await createUtility(database.adminPool);
    for (const verb of verbs(home.meterId)) {
      await expect(readFor<unknown>(stranger, verb)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await readFor(stranger, (db, actor) => listMeters(db, actor, LIST))).toEqual({
      total: 0,
      rows: [],
    });
    expect(
      await readFor(stranger, (db, actor) => search(db, actor, { query: home.serial, now: NOW })),
    ).toEqual([]);
  });
});
