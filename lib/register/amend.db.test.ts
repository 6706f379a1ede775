import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, SystemActor } from '../actor.ts';
import { closeSupplyPoint, setAreaLimits } from './amend-commands.ts';
import { exchangeMeter } from './exchange-commands.ts';
import { fitMeter, registerMeter, removeMeter } from './meter-commands.ts';
import {
  getArea,
  getSupplyPoint,
  listRegisteredMeters,
  listSupplyPoints,
} from './register-queries.ts';
import { moveIn, moveOut, registerArea, registerSupplyPoint } from './supply-point-commands.ts';

const AREA = {
  code: 'minato',
  name: '港町地区',
  gasKind: 'city',
  pressureMinPa: 1000,
  pressureMaxPa: 2500,
} as const;
const FITTED = new Date('2025-04-01T10:00:00+09:00');
const NOW = new Date('2025-07-01T00:00:00+09:00');
const REMOVED = new Date('2025-06-01T10:00:00+09:00');
const LIMITS = { code: 'minato', pressureMinPa: 1100, pressureMaxPa: 2400 };
const END = { number: 'S1', closedOn: '2025-07-01' };

let database: TestDatabase;
let utilityId: number;
let office: SystemActor;
let supplyPointId: number;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  office = { kind: 'system', utilityId, name: 'test' };
  supplyPointId = await act(async (tx) => {
    const areaId = await registerArea(tx, office, AREA);
    const supplyPoint = { number: 'S1', areaId, closingDay: 20, openedOn: '2025-04-01' };
    const id = await registerSupplyPoint(tx, office, supplyPoint);
    const meter = { serial: '00123456', gasKind: 'city', size: 4, dialL: 10_000_000 } as const;
    await registerMeter(tx, office, meter);
    await fitMeter(tx, office, {
      now: NOW,
      serial: meter.serial,
      supplyPointId: id,
      fittedAt: FITTED,
    });
    return id;
  });
});

function act<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
  return transactAs(database.db, utilityId, fn);
}

async function lastAct() {
  const { rows } = await database.adminPool.query(
    'select act, detail from audit where utility_id = $1 order by audit_id desc limit 1',
    [utilityId],
  );
  return rows[0];
}

const supplyPoints = () =>
  act((tx) => listSupplyPoints(tx, office, { areaCode: undefined, today: '2025-07-02', limit: 9 }));

describe('the limits of an area', () => {
  test('are set, and the audit has the old and new ones', async () => {
    await act((tx) => setAreaLimits(tx, office, LIMITS));
    const area = await act((tx) => getArea(tx, office, 'minato'));
    expect(area).toMatchObject({ pressureMinPa: 1100, pressureMaxPa: 2400, supplyPoints: 1 });
    expect(await lastAct()).toMatchObject({
      act: 'area.limits-set',
      detail: { pressureMinPa: { from: 1000, to: 1100 }, pressureMaxPa: { from: 2500, to: 2400 } },
    });
  });

  test('that are reversed, or of an unknown area, are refused', async () => {
    const crossed = { ...LIMITS, pressureMinPa: 2400 };
    await expect(act((tx) => setAreaLimits(tx, office, crossed))).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const unknown = { ...LIMITS, code: 'yama' };
    await expect(act((tx) => setAreaLimits(tx, office, unknown))).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('removing a meter', () => {
  test('notes the register and leaves the supply point without one', async () => {
    const removal = { supplyPointId, removedAt: REMOVED, finalIndexL: 4_711_000, now: NOW };
    await act((tx) => removeMeter(tx, office, removal));
    expect(await lastAct()).toMatchObject({
      act: 'meter.removed',
      detail: { serial: '00123456', finalIndexL: 4_711_000 },
    });
    expect(await act((tx) => getSupplyPoint(tx, office, 'S1'))).toMatchObject({ meter: undefined });
    expect(await act((tx) => listRegisteredMeters(tx, office, { limit: 9 }))).toMatchObject([
      { serial: '00123456', supplyPoint: null },
    ]);
    await expect(act((tx) => removeMeter(tx, office, removal))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('beyond its dial, or before it was fitted, is refused', async () => {
    const beyond = { supplyPointId, removedAt: REMOVED, finalIndexL: 10_000_000, now: NOW };
    await expect(act((tx) => removeMeter(tx, office, beyond))).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const early = { supplyPointId, removedAt: new Date('2025-03-01T00:00:00+09:00'), now: NOW };
    await expect(act((tx) => removeMeter(tx, office, early))).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('an instant in the future', () => {
  const at = new Date(NOW.getTime() + 1);
  test.each<[string, (tx: Tx) => Promise<unknown>]>([
    [
      'fitMeter',
      (tx) => fitMeter(tx, office, { serial: '1', supplyPointId, fittedAt: at, now: NOW }),
    ],
    [
      'exchangeMeter',
      (tx) =>
        exchangeMeter(tx, office, { newSerial: '1', supplyPointId, exchangedAt: at, now: NOW }),
    ],
    ['removeMeter', (tx) => removeMeter(tx, office, { supplyPointId, removedAt: at, now: NOW })],
  ])('is refused by %s', async (_verb, write) => {
    await expect(act(write)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('still to come'),
    });
  });
});

describe('closing a supply point', () => {
  test('ends its supply once', async () => {
    await act((tx) => closeSupplyPoint(tx, office, END));
    expect(await supplyPoints()).toMatchObject([{ number: 'S1', closedOn: '2025-07-01' }]);
    expect(await lastAct()).toMatchObject({ act: 'supply-point.closed', detail: END });
    await expect(act((tx) => closeSupplyPoint(tx, office, END))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('2025-07-01'),
    });
  });

  test('is refused before the customer has moved out', async () => {
    await act((tx) =>
      moveIn(tx, office, { supplyPointId, customerNumber: '000001', fromOn: '2025-04-01' }),
    );
    await expect(act((tx) => closeSupplyPoint(tx, office, END))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('customer number 000001'),
    });
    await act((tx) => moveOut(tx, office, { customerNumber: '000001', toOn: END.closedOn }));
    await act((tx) => closeSupplyPoint(tx, office, END));
    expect(await supplyPoints()).toMatchObject([{ customerNumber: null, closedOn: END.closedOn }]);
  });

  test('before its opening is refused', async () => {
    const early = { number: 'S1', closedOn: '2025-03-31' };
    await expect(act((tx) => closeSupplyPoint(tx, office, early))).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('each verb of the register', () => {
  const verbs: [string, (tx: Tx, actor: Actor) => Promise<unknown>][] = [
    ['setAreaLimits', (tx, actor) => setAreaLimits(tx, actor, LIMITS)],
    [
      'removeMeter',
      (tx, actor) => removeMeter(tx, actor, { now: NOW, supplyPointId, removedAt: REMOVED }),
    ],
    ['closeSupplyPoint', (tx, actor) => closeSupplyPoint(tx, actor, END)],
  ];

  test.each(verbs)(
    "%s refuses another utility's actor and staff without the right",
    async (_, verb) => {
      const neighbour: Actor = { ...office, utilityId: await createUtility(database.adminPool) };
      await expect(act((tx) => verb(tx, neighbour))).rejects.toMatchObject({ code: 'not_found' });
      const staff: Actor = {
        kind: 'staff',
        utilityId,
        accountId: 1,
        role: 'admin',
        sessionId: 's',
      };
      await expect(act((tx) => verb(tx, staff))).rejects.toMatchObject({ code: 'forbidden' });
    },
  );
});
