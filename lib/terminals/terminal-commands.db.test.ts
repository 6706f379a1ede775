import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createArea, createSupplyPoint, createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, StaffActor, SystemActor } from '../actor.ts';
import { type Kek, parseKek } from '../keys/kek.ts';
import { unwrapKey } from '../keys/key-wrap.ts';
import { matchesTerminalSecret } from '../keys/terminal-secret.ts';
import { fitTerminal, registerTerminal, reissueTerminal } from './terminal-commands.ts';

const NOW = new Date('2026-01-01T00:00:00+09:00');

let database: TestDatabase;
let utilityId: number;
let office: SystemActor;
let kek: Kek;
let number: string;
let count = 0;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  office = { kind: 'system', utilityId, name: 'test' };
  kek = parseKek(randomBytes(32).toString('hex'), 'test');
  count += 1;
  number = `0077${count}`;
});

function act<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
  return transactAs(database.db, utilityId, fn);
}

const register = (actor: Actor = office) =>
  act((tx) =>
    registerTerminal(tx, actor, {
      number,
      model: 'us',
      reportMinute: 60,
      reportWindowMinutes: 30,
      kek,
    }),
  );

async function one(text: string): Promise<Record<string, unknown>> {
  const { rows } = await database.adminPool.query(text, [utilityId]);
  expect(rows).toHaveLength(1);
  return rows[0];
}

const keys = async () => {
  const { rows } = await database.adminPool.query(
    'select generation, wrapped_key, kek_id, retired_at from terminal_key where utility_id = $1 order by 1',
    [utilityId],
  );
  return rows;
};

describe('registering a terminal', () => {
  test('returns the secret and the key once; the register stores a hash and a wrapped key', async () => {
    const issued = await register();
    const terminal = await one('select secret_hash from terminal where utility_id = $1');
    expect(matchesTerminalSecret(issued.secret, terminal.secret_hash as Buffer)).toBe(true);
    const [key] = await keys();
    expect(key).toMatchObject({ generation: 1, kek_id: kek.id, retired_at: null });
    expect(unwrapKey(kek.key, key.wrapped_key)).toEqual({ ok: true, key: issued.key });
    const everything = await database.adminPool.query(
      `select row_to_json(a)::text as text from audit a where utility_id = $1
       union all select row_to_json(t)::text from terminal t where utility_id = $1`,
      [utilityId],
    );
    for (const { text } of everything.rows) {
      expect(text).not.toContain(issued.secret);
      expect(text).not.toContain(issued.key.toString('hex'));
    }
  });

  test('begins with no frame seen', async () => {
    await register();
    const state = await one(
      'select up_high, down_counter from terminal_state where utility_id = $1',
    );
    expect(state).toMatchObject({ up_high: 0, down_counter: 0 });
  });

  test('refuses a number of another utility without naming that utility', async () => {
    await register();
    const elsewhere = await createUtility(database.adminPool);
    const neighbour: SystemActor = { ...office, utilityId: elsewhere };
    await expect(
      transactAs(database.db, elsewhere, (tx) =>
        registerTerminal(tx, neighbour, {
          number,
          model: 'us',
          reportMinute: 0,
          reportWindowMinutes: 30,
          kek,
        }),
      ),
    ).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('perhaps retired or at another utility'),
    });
  });

  test('refuses an invalid number', async () => {
    number = '12a';
    await expect(register()).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('1 to 16 decimal digits'),
    });
  });
});

describe('reissuing credentials', () => {
  test('ends the old secret and key at the given instant, and makes a key of the next generation', async () => {
    const first = await register();
    const second = await act((tx) => reissueTerminal(tx, office, { number, kek, now: NOW }));
    expect(second.generation).toBe(2);
    expect(second.secret).not.toBe(first.secret);
    const terminal = await one('select secret_hash from terminal where utility_id = $1');
    expect(matchesTerminalSecret(first.secret, terminal.secret_hash as Buffer)).toBe(false);
    expect((await keys()).map((key) => [key.generation, key.retired_at])).toEqual([
      [1, NOW],
      [2, null],
    ]);
  });

  test('does not find an unregistered terminal', async () => {
    await expect(
      act((tx) => reissueTerminal(tx, office, { number: '5555', kek, now: NOW })),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('fitting a terminal', () => {
  const fromAt = new Date('2025-04-01T00:00:00+09:00');

  test('allows one terminal at a supply point at a time', async () => {
    const areaId = await createArea(database.adminPool, utilityId);
    const supplyPointId = await createSupplyPoint(database.adminPool, utilityId, { areaId });
    await register();
    await act((tx) => fitTerminal(tx, office, { now: NOW, number, supplyPointId, fromAt }));
    const fitted = number;
    number = `${number}9`;
    await register();
    await expect(
      act((tx) => fitTerminal(tx, office, { now: NOW, number, supplyPointId, fromAt })),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(fitted).not.toBe(number);
  });
});

describe('the right to write terminals', () => {
  const writes: [string, (tx: Tx, actor: Actor) => Promise<unknown>][] = [
    [
      'registerTerminal',
      (tx, actor) =>
        registerTerminal(tx, actor, {
          number: `${number}1`,
          model: 'us',
          reportMinute: 0,
          reportWindowMinutes: 30,
          kek,
        }),
    ],
    ['reissueTerminal', (tx, actor) => reissueTerminal(tx, actor, { number, kek, now: NOW })],
    [
      'fitTerminal',
      (tx, actor) => fitTerminal(tx, actor, { now: NOW, number, supplyPointId: 1, fromAt: NOW }),
    ],
  ];

  test.each(writes)('%s refuses another utility’s actor', async (_name, write) => {
    await register();
    const stranger: SystemActor = {
      ...office,
      utilityId: await createUtility(database.adminPool),
    };
    await expect(act((tx) => write(tx, stranger))).rejects.toMatchObject({
      code: expect.stringMatching(/^(forbidden|not_found)$/),
    });
  });

  test.each(writes)(
    '%s refuses staff without the right to write the register',
    async (_n, write) => {
      await register();
      const billing: StaffActor = {
        kind: 'staff',
        utilityId,
        accountId: 1,
        role: 'billing',
        sessionId: 'none',
      };
      await expect(act((tx) => write(tx, billing))).rejects.toMatchObject({ code: 'forbidden' });
    },
  );
});
