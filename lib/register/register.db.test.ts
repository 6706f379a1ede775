import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, StaffActor, SystemActor } from '../actor.ts';
import { exchangeMeter } from './exchange-commands.ts';
import { fitMeter, registerMeter } from './meter-commands.ts';
import { moveIn, moveOut, registerArea, registerSupplyPoint } from './supply-point-commands.ts';

let database: TestDatabase;
let utilityId: number;
let office: SystemActor;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  office = { kind: 'system', utilityId, name: 'test' };
});

const AREA = {
  code: 'minato',
  name: '港町地区',
  gasKind: 'city',
  pressureMinPa: 1000,
  pressureMaxPa: 2500,
} as const;
const METER = { serial: '00123456', gasKind: 'city', size: 4, dialL: 10_000_000 } as const;
const NOW = new Date('2026-01-01T00:00:00+09:00');
const FITTED = new Date('2025-04-01T10:00:00+09:00');
const WHEN = { fittedAt: FITTED, now: NOW };

function act<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
  return transactAs(database.db, utilityId, fn);
}

async function newSupplyPoint(number = 'S1', closingDay = 20): Promise<number> {
  return act(async (tx) => {
    const known = await tx.selectFrom('area').select('area_id').executeTakeFirst();
    const areaId = known?.area_id ?? (await registerArea(tx, office, AREA));
    return registerSupplyPoint(tx, office, { number, areaId, closingDay, openedOn: '2025-04-01' });
  });
}

async function rows(table: string): Promise<Record<string, unknown>[]> {
  const result = await database.adminPool.query(
    `select * from ${table} where utility_id = $1 order by 1, 2, 3`,
    [utilityId],
  );
  return result.rows;
}

describe('registering areas and supply points', () => {
  test('gives a supply point the gas kind of its area', async () => {
    await newSupplyPoint('0012-3');
    expect(await rows('supply_point')).toMatchObject([
      { number: '0012-3', gas_kind: 'city', closing_day: 20, opened_on: expect.anything() },
    ]);
  });

  test('refuses a taken number in words', async () => {
    await newSupplyPoint('S1');
    await expect(newSupplyPoint('S1')).rejects.toMatchObject({
      code: 'conflict',
      message: 'supply point S1 is registered already: choose another number',
    });
  });

  test('refuses invalid input field by field', async () => {
    const input = { ...AREA, code: '', pressureMinPa: 2500, pressureMaxPa: 1000 };
    await expect(act((tx) => registerArea(tx, office, input))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('code: give 1 to 32 letters'),
    });
    await expect(newSupplyPoint('S9', 32)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('31 being the end of the month'),
    });
  });

  test.each(['港\0町', '港\u202e町', '港\n町', 'あ'.repeat(3_000)])(
    'refuses a name of an area that cannot be displayed: %j',
    async (name) => {
      const input = { ...AREA, name };
      await expect(act((tx) => registerArea(tx, office, input))).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringMatching(/^name: give /),
      });
    },
  );

  test('names a missing area as what to register first', async () => {
    const input = { number: 'S1', areaId: 999_999, closingDay: 5, openedOn: '2025-04-01' };
    await expect(act((tx) => registerSupplyPoint(tx, office, input))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('records each act in the audit', async () => {
    await newSupplyPoint();
    expect((await rows('audit')).map((row) => row.act)).toEqual([
      'area.registered',
      'supply-point.registered',
    ]);
  });
});

describe('moving in and out', () => {
  test('lets the next customer move in on the day the last one is out', async () => {
    const supplyPointId = await newSupplyPoint();
    await act(async (tx) => {
      await moveIn(tx, office, { supplyPointId, customerNumber: '000101', fromOn: '2025-04-01' });
      await moveOut(tx, office, { customerNumber: '000101', toOn: '2025-06-15' });
      await moveIn(tx, office, { supplyPointId, customerNumber: '000902', fromOn: '2025-06-15' });
    });
    expect((await rows('occupancy')).map((row) => row.customer_number)).toEqual([
      '000101',
      '000902',
    ]);
  });

  test('refuses two customers at one supply point at the same time', async () => {
    const supplyPointId = await newSupplyPoint();
    await act((tx) =>
      moveIn(tx, office, { supplyPointId, customerNumber: '1', fromOn: '2025-04-01' }),
    );
    await expect(
      act((tx) => moveIn(tx, office, { supplyPointId, customerNumber: '2', fromOn: '2025-05-01' })),
    ).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('register its move-out first'),
    });
  });

  test('refuses a customer at two supply points at the same time', async () => {
    const first = await newSupplyPoint('S1');
    const second = await newSupplyPoint('S2');
    const fromOn = '2025-04-01';
    await act((tx) => moveIn(tx, office, { supplyPointId: first, customerNumber: '1', fromOn }));
    await expect(
      act((tx) => moveIn(tx, office, { supplyPointId: second, customerNumber: '1', fromOn })),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('refuses a move-out before the move-in', async () => {
    const supplyPointId = await newSupplyPoint();
    await act((tx) =>
      moveIn(tx, office, { supplyPointId, customerNumber: '1', fromOn: '2025-04-01' }),
    );
    await expect(
      act((tx) => moveOut(tx, office, { customerNumber: '1', toOn: '2025-04-01' })),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('does not find the move-out of a customer without an occupancy', async () => {
    await expect(
      act((tx) => moveOut(tx, office, { customerNumber: '77', toOn: '2025-04-01' })),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('meters of the register', () => {
  test('a meter is fitted with its start index', async () => {
    const supplyPointId = await newSupplyPoint();
    await act(async (tx) => {
      await registerMeter(tx, office, METER);
      await fitMeter(tx, office, {
        ...WHEN,
        serial: METER.serial,
        supplyPointId,
        startIndexL: 1200,
      });
    });
    expect(await rows('meter_fitting')).toMatchObject([{ fitted_at: FITTED, start_index_l: 1200 }]);
  });

  test('an exchange ends one fitting and begins the next at the same instant', async () => {
    const supplyPointId = await newSupplyPoint();
    const exchangedAt = new Date('2025-09-10T10:30:00+09:00');
    await act(async (tx) => {
      await registerMeter(tx, office, METER);
      await registerMeter(tx, office, { ...METER, serial: '9' });
      await fitMeter(tx, office, { ...WHEN, serial: METER.serial, supplyPointId });
      await exchangeMeter(tx, office, {
        now: NOW,
        supplyPointId,
        exchangedAt,
        finalIndexL: 4_321_000,
        newSerial: '9',
        startIndexL: 120,
      });
    });
    expect(await rows('meter_fitting')).toMatchObject([
      { removed_at: exchangedAt, final_index_l: 4_321_000 },
      { fitted_at: exchangedAt, start_index_l: 120, removed_at: null },
    ]);
  });

  test('a second meter at a supply point is refused with the advice to register an exchange', async () => {
    const supplyPointId = await newSupplyPoint();
    const fitNew = (serial: string) =>
      act(async (tx) => {
        await registerMeter(tx, office, { ...METER, serial });
        await fitMeter(tx, office, { ...WHEN, serial, supplyPointId });
      });
    await fitNew('1');
    await expect(fitNew('2')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('register an exchange instead'),
    });
    expect(await rows('meter')).toHaveLength(1);
  });

  test('an index that the dial cannot show is refused', async () => {
    const supplyPointId = await newSupplyPoint();
    await act((tx) => registerMeter(tx, office, METER));
    const fitting = { ...WHEN, serial: METER.serial, supplyPointId, startIndexL: 10_000_000 };
    await expect(act((tx) => fitMeter(tx, office, fitting))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('counts to 9999999 L'),
    });
  });

  test('a meter for another gas kind is refused', async () => {
    const supplyPointId = await newSupplyPoint();
    await act((tx) => registerMeter(tx, office, { ...METER, gasKind: 'lp' }));
    const fitting = { ...WHEN, serial: METER.serial, supplyPointId };
    await expect(act((tx) => fitMeter(tx, office, fitting))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('an exchange where nothing is fitted, or before the fitting, is refused', async () => {
    const supplyPointId = await newSupplyPoint();
    const exchange = { supplyPointId, exchangedAt: FITTED, newSerial: '9', now: NOW };
    await expect(act((tx) => exchangeMeter(tx, office, exchange))).rejects.toMatchObject({
      code: 'not_found',
    });
    await act(async (tx) => {
      await registerMeter(tx, office, METER);
      await fitMeter(tx, office, { ...WHEN, serial: METER.serial, supplyPointId });
    });
    await expect(act((tx) => exchangeMeter(tx, office, exchange))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('give a later instant'),
    });
  });
});

describe('the right to write the register', () => {
  type Write = (tx: Tx, actor: Actor, supplyPointId: number) => Promise<unknown>;
  const day = '2025-04-01';
  const writes: [string, Write][] = [
    ['registerArea', (tx, actor) => registerArea(tx, actor, { ...AREA, code: 'other' })],
    [
      'registerSupplyPoint',
      async (tx, actor) => {
        const { area_id: areaId } = await tx
          .selectFrom('area')
          .select('area_id')
          .executeTakeFirstOrThrow();
        const supplyPoint = { number: 'S2', areaId, closingDay: 5, openedOn: day };
        return registerSupplyPoint(tx, actor, supplyPoint);
      },
    ],
    [
      'moveIn',
      (tx, actor, supplyPointId) =>
        moveIn(tx, actor, { supplyPointId, customerNumber: '5', fromOn: day }),
    ],
    ['moveOut', (tx, actor) => moveOut(tx, actor, { customerNumber: '1', toOn: '2025-08-01' })],
    ['registerMeter', (tx, actor) => registerMeter(tx, actor, { ...METER, serial: '55' })],
    [
      'fitMeter',
      (tx, actor, supplyPointId) =>
        fitMeter(tx, actor, { ...WHEN, serial: METER.serial, supplyPointId }),
    ],
    [
      'exchangeMeter',
      (tx, actor, supplyPointId) =>
        exchangeMeter(tx, actor, {
          now: NOW,
          supplyPointId,
          exchangedAt: FITTED,
          newSerial: METER.serial,
        }),
    ],
  ];

  test.each(writes)("%s refuses another utility's actor", async (_name, write) => {
    const supplyPointId = await newSupplyPoint();
    await act((tx) => registerMeter(tx, office, METER));
    const stranger: SystemActor = {
      ...office,
      utilityId: await createUtility(database.adminPool),
    };
    await expect(act((tx) => write(tx, stranger, supplyPointId))).rejects.toMatchObject({
      code: expect.stringMatching(/^(forbidden|not_found)$/),
    });
  });

  test.each(writes)(
    '%s refuses staff without the right to write the register',
    async (_n, write) => {
      const supplyPointId = await newSupplyPoint();
      const analyst: StaffActor = {
        kind: 'staff',
        utilityId,
        accountId: 1,
        role: 'analyst',
        sessionId: 'none',
      };
      await expect(act((tx) => write(tx, analyst, supplyPointId))).rejects.toMatchObject({
        code: 'forbidden',
      });
    },
  );
});
