import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createArea, createSupplyPoint, createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, SystemActor } from '../actor.ts';
import { type Kek, parseKek } from '../keys/kek.ts';
import { findTerminalsForConnect } from './connect-queries.ts';
import { moveTerminal, removeTerminal, retireTerminal } from './removal-commands.ts';
import {
  fitTerminal,
  registerTerminal,
  registerTerminals,
  reissueTerminal,
} from './terminal-commands.ts';
import { getTerminal, listTerminals } from './terminal-queries.ts';

const FITTED = new Date('2026-04-01T09:00:00+09:00');
const NOW = new Date('2026-05-01T12:00:00+09:00');
const LATER = new Date('2026-05-01T10:30:00+09:00');

let database: TestDatabase;
let utilityId: number;
let office: SystemActor;
let kek: Kek;
let here: number;
let elsewhere: number;
let number: string;
let made = 0;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const { adminPool } = database;
  utilityId = await createUtility(adminPool);
  office = { kind: 'system', utilityId, name: 'test' };
  kek = parseKek(randomBytes(32).toString('hex'), 'test');
  made += 1;
  number = `0088${made}00`;
  const areaId = await createArea(adminPool, utilityId);
  here = await createSupplyPoint(adminPool, utilityId, { areaId, number: 'S1' });
  elsewhere = await createSupplyPoint(adminPool, utilityId, { areaId, number: 'S2' });
  await act(async (tx) => {
    await registerTerminal(tx, office, { ...terminal(number), kek });
    await fitTerminal(tx, office, { now: NOW, number, supplyPointId: here, fromAt: FITTED });
  });
});

const terminal = (of: string) => ({
  number: of,
  model: 'us' as const,
  reportMinute: 60,
  reportWindowMinutes: 30,
});

function act<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
  return transactAs(database.db, utilityId, fn);
}

async function fittings() {
  const { rows } = await database.adminPool.query(
    'select supply_point_id, from_at, to_at from terminal_fitting where utility_id = $1 order by from_at',
    [utilityId],
  );
  return rows;
}

async function lastAct() {
  const { rows } = await database.adminPool.query(
    'select act, detail from audit where utility_id = $1 order by audit_id desc limit 1',
    [utilityId],
  );
  return rows[0];
}

const shown = () => act((tx) => getTerminal(tx, office, number));

describe('removing a terminal', () => {
  test('ends its fitting, and another may be fitted at its supply point', async () => {
    expect(
      await act((tx) => removeTerminal(tx, office, { now: NOW, number, removedAt: LATER })),
    ).toBe(here);
    expect(await fittings()).toEqual([{ supply_point_id: here, from_at: FITTED, to_at: LATER }]);
    expect(await lastAct()).toMatchObject({ act: 'terminal.removed', detail: { number } });
    const another = `${number}1`;
    await act(async (tx) => {
      await registerTerminal(tx, office, { ...terminal(another), kek });
      await fitTerminal(tx, office, {
        now: NOW,
        number: another,
        supplyPointId: here,
        fromAt: LATER,
      });
    });
    expect(await shown()).toMatchObject({ supplyPoint: null, retiredAt: null, generation: 1 });
  });

  test('before it was fitted is refused, and so is removing it twice', async () => {
    const removedAt = new Date('2026-03-01T00:00:00+09:00');
    await expect(
      act((tx) => removeTerminal(tx, office, { now: NOW, number, removedAt })),
    ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('later') });
    await act((tx) => removeTerminal(tx, office, { now: NOW, number, removedAt: LATER }));
    await expect(
      act((tx) => removeTerminal(tx, office, { now: NOW, number, removedAt: LATER })),
    ).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('nowhere') });
  });
});

describe('moving a terminal', () => {
  test('ends one fitting and begins the next at the same instant', async () => {
    await act((tx) =>
      moveTerminal(tx, office, { now: NOW, number, supplyPointId: elsewhere, movedAt: LATER }),
    );
    expect(await fittings()).toEqual([
      { supply_point_id: here, from_at: FITTED, to_at: LATER },
      { supply_point_id: elsewhere, from_at: LATER, to_at: null },
    ]);
    expect(await shown()).toMatchObject({ supplyPoint: 'S2' });
  });
});

describe('retiring a terminal', () => {
  test('permanently ends fitting, keys and sign-in', async () => {
    expect(
      (await findTerminalsForConnect(database.ingestPool, [number])).get(number),
    ).toMatchObject({
      utilityId,
    });
    await act((tx) => retireTerminal(tx, office, { now: NOW, number, retiredAt: LATER }));
    expect(
      (await findTerminalsForConnect(database.ingestPool, [number])).get(number),
    ).toBeUndefined();
    expect(await shown()).toMatchObject({ retiredAt: LATER, generation: null, supplyPoint: null });
    expect(await lastAct()).toMatchObject({
      act: 'terminal.retired',
      detail: { number, leftSupplyPoint: here },
    });
  });

  test.each([
    [
      'retired again',
      (tx: Tx) => retireTerminal(tx, office, { now: NOW, number, retiredAt: LATER }),
    ],
    ['given new keys', (tx: Tx) => reissueTerminal(tx, office, { number, kek, now: NOW })],
    [
      'fitted',
      (tx: Tx) =>
        fitTerminal(tx, office, { now: NOW, number, supplyPointId: elsewhere, fromAt: LATER }),
    ],
  ])('a retired terminal cannot be %s', async (_, again) => {
    await act((tx) => retireTerminal(tx, office, { now: NOW, number, retiredAt: LATER }));
    await expect(act<unknown>(again)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('retired for good'),
    });
  });
});

describe('each verb that removes a terminal', () => {
  const verbs: [string, (tx: Tx, actor: Actor) => Promise<unknown>][] = [
    ['remove', (tx, actor) => removeTerminal(tx, actor, { now: NOW, number, removedAt: LATER })],
    [
      'move',
      (tx, actor) =>
        moveTerminal(tx, actor, { now: NOW, number, supplyPointId: elsewhere, movedAt: LATER }),
    ],
    ['retire', (tx, actor) => retireTerminal(tx, actor, { now: NOW, number, retiredAt: LATER })],
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
      expect(await fittings()).toMatchObject([{ to_at: null }]);
    },
  );
});

describe('the credentials of terminals', () => {
  test('that are new continue with the counter after the last one taken', async () => {
    await database.adminPool.query('update terminal_state set up_high = 77 where utility_id = $1', [
      utilityId,
    ]);
    const issued = await act((tx) => reissueTerminal(tx, office, { number, kek, now: NOW }));
    expect(issued).toMatchObject({ generation: 2, firstCounter: 78 });
  });

  test('of many terminals are in their order, and one taken number refuses all', async () => {
    const numbers = ['c', 'a', 'b'].map((_, i) => `${number}${9 - i}`);
    const terminals = numbers.map(terminal);
    const issued = await act((tx) => registerTerminals(tx, office, { terminals, kek }));
    const { rows } = await database.adminPool.query(
      'select terminal_id, number from terminal where utility_id = $1',
      [utilityId],
    );
    const ids = new Map(rows.map((row) => [row.number, row.terminal_id]));
    expect(issued.map(({ terminalId }) => terminalId)).toEqual(numbers.map((n) => ids.get(n)));
    const again = { terminals: [terminal(`${number}5`), terminal(number)], kek };
    await expect(act((tx) => registerTerminals(tx, office, again))).rejects.toMatchObject({
      code: 'conflict',
      details: { number },
    });
    const listed = await act((tx) => listTerminals(tx, office, { limit: 100 }));
    expect(listed.map((row) => row.number)).toEqual([number, ...[...numbers].sort()]);
  });
});
