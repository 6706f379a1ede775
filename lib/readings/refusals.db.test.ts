import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ReadDb } from '../../db/schema.ts';
import {
  createUtility,
  fitHousehold,
  fitMeter,
  type Household,
} from '../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor } from '../actor.ts';
import { listCollectionSupplyPoints } from '../collection/collection-queries.ts';
import { getMeter } from '../meters/meter-queries.ts';
import { search } from '../search/search-queries.ts';
import { listMeterRefusals } from './refusal-queries.ts';

let database: TestDatabase;
let utilityId: number;
let home: Household;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId);
});

const DAY = '2026-11-22';
const NOW = new Date('2026-11-23T09:00:00+09:00');
const MINUTE_AGO = new Date('2026-11-23T08:59:00+09:00');
const SERIAL = '79999999999';

/** Reads as the web process, in a session of a new account. */
async function readFor<T>(
  query: (db: ReadDb, actor: Actor) => Promise<T>,
  of = utilityId,
): Promise<T> {
  const { token, sessionId, accountId } = await openStaffSession(database.adminPool, of, 'analyst');
  const actor: Actor = { kind: 'staff', utilityId: of, accountId, role: 'analyst', sessionId };
  return workInSession(database, token).read((db) => query(db, actor));
}

async function refuse(change: {
  reason?: string;
  at?: Date;
  isAuthentic?: boolean;
  serial?: string | null;
  day?: string | null;
}) {
  const { reason, at, isAuthentic, serial, day } = {
    reason: 'unknown_meter',
    at: MINUTE_AGO,
    isAuthentic: true,
    serial: SERIAL,
    day: DAY,
    ...change,
  };
  await database.adminPool.query(
    `select quarantine_frame($1, 't', $2, null, uuid_send(gen_random_uuid()), $3, $4, $5, $6)`,
    [home.terminalNumber, reason, at, isAuthentic, serial, day],
  );
}

async function missingSupplyPoint() {
  const { rows } = await readFor((db, actor) =>
    listCollectionSupplyPoints(db, actor, {
      day: DAY,
      state: 'missing',
      limit: 10,
      offset: 0,
      now: NOW,
    }),
  );
  return rows.find(({ supplyPointId }) => supplyPointId === home.supplyPointId);
}

/** Registers the exchange of the household's meter for the one that its terminal reports. */
async function exchange() {
  const at = '2026-11-22T12:00:00+09:00';
  await database.adminPool.query(
    'update meter_fitting set removed_at = $3 where utility_id = $1 and meter_id = $2',
    [utilityId, home.meterId, at],
  );
  const { supplyPointId } = home;
  await fitMeter(database.adminPool, utilityId, { supplyPointId, serial: SERIAL, fittedAt: at });
}

describe('the list of missing days', () => {
  test('tells what was refused and that the exchange is to be registered, of a terminal heard a minute ago', async () => {
    const before = new Date('2026-11-22T03:00:00+09:00');
    await refuse({ at: before, day: '2026-11-21' });
    await refuse({});
    const latest = {
      receivedAt: MINUTE_AGO,
      reason: 'unknown_meter',
      isAuthentic: true,
      meterSerial: SERIAL,
      day: DAY,
      namedMeter: 'unregistered',
    };
    expect(await missingSupplyPoint()).toMatchObject({
      lastSeenAt: MINUTE_AGO,
      advice: 'registerMeter',
      refusal: latest,
      refused: { count: 2, latest },
    });
  });

  test('goes back to waiting once the meter is registered and fitted', async () => {
    await refuse({});
    await exchange();
    const { rows } = await readFor((db, actor) =>
      listCollectionSupplyPoints(db, actor, { day: DAY, limit: 10, offset: 0, now: NOW }),
    );
    expect(rows.map(({ advice }) => advice)).not.toContain('registerMeter');
    expect(rows[0]?.refused?.latest.namedMeter).toBe('fitted');
  });

  test('names a meter that stands elsewhere as not fitted here', async () => {
    const elsewhere = await fitHousehold(database.adminPool, utilityId);
    await refuse({ serial: elsewhere.serial });
    expect((await missingSupplyPoint())?.refusal?.namedMeter).toBe('notFitted');
  });

  test('a frame that is not authentic is listed, and is no contact', async () => {
    await refuse({ reason: 'authentication_failed', isAuthentic: false, serial: null, day: null });
    expect(await missingSupplyPoint()).toMatchObject({
      lastSeenAt: null,
      advice: 'checkKey',
      refused: { count: 1, latest: { isAuthentic: false } },
    });
  });

  test('frames from before thirty days are not counted', async () => {
    await refuse({ at: new Date('2026-10-20T00:00:00+09:00') });
    expect((await missingSupplyPoint())?.refused).toBeNull();
  });

  test('no more than a thousand are counted', async () => {
    await database.adminPool.query(
      `select quarantine_frame($1, 't', 'truncated', 3, '', $2, true) from generate_series(1, 1100)`,
      [home.terminalNumber, MINUTE_AGO],
    );
    expect((await missingSupplyPoint())?.refused?.count).toBe(1000);
  });
});

describe('the page of a meter', () => {
  test('has the refused frames of its terminal, latest first, page by page', async () => {
    await refuse({ at: new Date('2026-11-21T08:00:00+09:00'), day: '2026-11-20' });
    await refuse({});
    const { meterId } = home;
    const meter = await readFor((db, actor) => getMeter(db, actor, { meterId, now: NOW }));
    expect(meter.terminal).toMatchObject({ lastSeenAt: MINUTE_AGO, refused: { count: 2 } });
    const listed = (offset: number) =>
      readFor((db, actor) => listMeterRefusals(db, actor, { meterId, limit: 1, offset, now: NOW }));
    expect(await listed(0)).toMatchObject({ total: 2, rows: [{ day: DAY }] });
    expect(await listed(1)).toMatchObject({ total: 2, rows: [{ day: '2026-11-20' }] });
    expect(await listed(2)).toEqual({ total: 2, rows: [] });
  });

  test('is refused to households', async () => {
    const household: Actor = { kind: 'consumer', utilityId, ...home, sessionId: 's' };
    const input = { meterId: home.meterId, limit: 1, offset: 0, now: NOW };
    await expect(readFor((db) => listMeterRefusals(db, household, input))).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('the search', () => {
  const found = (query: string, of = utilityId) =>
    readFor((db, actor) => search(db, actor, { query, now: NOW }), of);

  test('finds a serial that is not registered, at the supply point whose terminal reported it', async () => {
    await refuse({});
    await refuse({ day: '2026-11-21' });
    expect(await found('7999999')).toMatchObject([
      { match: 'unregisteredMeter', matched: SERIAL, meterId: home.meterId, current: true },
    ]);
  });

  test('finds it as a meter once it is registered', async () => {
    await refuse({});
    await exchange();
    expect(await found(SERIAL)).toMatchObject([{ match: 'meterSerial' }]);
  });

  test('tells another utility nothing', async () => {
    await refuse({});
    const other = await createUtility(database.adminPool);
    expect(await found(SERIAL, other)).toEqual([]);
    const listed = await readFor(
      (db, actor) =>
        listMeterRefusals(db, actor, { meterId: home.meterId, limit: 9, offset: 0, now: NOW }),
      other,
    );
    expect(listed).toEqual({ total: 0, rows: [] });
  });
});
