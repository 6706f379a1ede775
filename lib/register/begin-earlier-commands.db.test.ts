import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { StaffActor, SystemActor } from '../actor.ts';
import { beginEarlier } from './begin-earlier-commands.ts';
import { fitMeter, registerMeter } from './meter-commands.ts';
import { moveIn, moveOut, registerArea, registerSupplyPoint } from './supply-point-commands.ts';
import { findCustomerSupplyPoint } from './supply-point-queries.ts';

const FROM = '2025-04-01';
const NOW = new Date('2026-01-01T00:00:00+09:00');
const FITTED = new Date('2025-04-01T00:00:00+09:00');

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

function act<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
  return transactAs(database.db, utilityId, fn);
}

function registerHome(startIndexL?: number): Promise<number> {
  return act(async (tx) => {
    const areaId = await registerArea(tx, office, {
      code: 'a',
      name: '地区',
      gasKind: 'city',
      pressureMinPa: 1000,
      pressureMaxPa: 2500,
    });
    const supplyPointId = await registerSupplyPoint(tx, office, {
      number: 'S1',
      areaId,
      closingDay: 20,
      openedOn: FROM,
    });
    await moveIn(tx, office, { supplyPointId, customerNumber: '7', fromOn: FROM });
    await registerMeter(tx, office, { serial: '1', gasKind: 'city', size: 4, dialL: 10_000_000 });
    await fitMeter(tx, office, {
      now: NOW,
      serial: '1',
      supplyPointId,
      fittedAt: FITTED,
      startIndexL,
    });
    return supplyPointId;
  });
}

const begin = (customerNumber = '7') =>
  act((tx) => beginEarlier(tx, office, { customerNumber, fromOn: '2025-01-01' }));

describe("an earlier begin of a customer's supply point", () => {
  test('moves the opening, the customer and the meter back to the begin of the day', async () => {
    await registerHome();
    await begin();
    const supplyPoint = await act((tx) =>
      findCustomerSupplyPoint(tx, office, { customerNumber: '7' }),
    );
    expect(supplyPoint).toMatchObject({
      openedOn: '2025-01-01',
      occupiedFrom: '2025-01-01',
      meter: { fittedAt: new Date('2025-01-01T00:00:00+09:00') },
      terminal: null,
    });
  });

  test('is refused for a meter whose start index was noted', async () => {
    await registerHome(500);
    await expect(begin()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('at 500 L'),
    });
  });

  test('is refused for the time of a former customer', async () => {
    const supplyPointId = await registerHome();
    await act(async (tx) => {
      await moveOut(tx, office, { customerNumber: '7', toOn: '2025-05-01' });
      await moveIn(tx, office, { supplyPointId, customerNumber: '8', fromOn: '2025-05-01' });
    });
    await expect(begin('8')).rejects.toMatchObject({
      code: 'conflict',
      message: 'another customer number was there before',
    });
  });

  test('refuses another utility’s actor and staff without the right', async () => {
    await registerHome();
    const elsewhere = await createUtility(database.adminPool);
    const stranger: SystemActor = { ...office, utilityId: elsewhere };
    const billing: StaffActor = {
      kind: 'staff',
      utilityId,
      accountId: 1,
      role: 'billing',
      sessionId: 'none',
    };
    const input = { customerNumber: '7', fromOn: '2025-01-01' };
    await expect(act((tx) => beginEarlier(tx, stranger, input))).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(act((tx) => beginEarlier(tx, billing, input))).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
