import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tx } from '../../db/schema.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { StaffActor } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import { actOnce } from './write-request-commands.ts';

let database: TestDatabase;
let utilityId: number;

interface Desk {
  actor: StaffActor;
  transact: ReturnType<typeof workInSession>['transact'];
}
let desk: Desk;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  desk = await openDesk();
});

async function openDesk(): Promise<Desk> {
  const { accountId, sessionId, token } = await openStaffSession(database.adminPool, utilityId);
  const actor = { kind: 'staff', utilityId, accountId, role: 'admin', sessionId } as const;
  return { actor, transact: workInSession(database, token).transact };
}

const REQUEST = { key: 'a-key-of-this-test', route: 'POST /x', body: { a: 1 } };
const ACT = { act: 'test', subject: 'x:1', detail: {} };

/** Sends a request whose act leaves a row in the audit. */
function send(given: Partial<typeof REQUEST> = {}, before?: (tx: Tx) => Promise<void>, by = desk) {
  return by.transact((tx) =>
    actOnce(tx, by.actor, { ...REQUEST, ...given }, async () => {
      await recordAct(tx, by.actor, ACT);
      await before?.(tx);
      return { status: 201, location: '/x/1', body: { made: 'あ' } };
    }),
  );
}

async function count(table: 'audit' | 'write_request'): Promise<number> {
  const { rowCount } = await database.adminPool.query(
    `select from ${table} where utility_id = $1`,
    [utilityId],
  );
  return rowCount ?? 0;
}

/** A promise with its resolver. */
function signal() {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give, given };
}

const ANSWER = { status: 201, location: '/x/1', body: { made: 'あ' } };

describe('a request with a key', () => {
  it('acts once and is answered alike each time', async () => {
    expect(await send()).toEqual({ ...ANSWER, replayed: false });
    expect(await send()).toEqual({ ...ANSWER, replayed: true });
    expect(await count('audit')).toBe(1);
  });

  it.each([
    ['another body', { body: { a: 2 } }],
    ['another route', { route: 'DELETE /x' }],
  ])('is refused with %s, naming the key', async (_what, given) => {
    await send();
    await expect(send(given)).rejects.toMatchObject({
      code: 'conflict',
      details: { fields: [{ field: 'Idempotency-Key' }] },
    });
    expect(await count('audit')).toBe(1);
  });

  it('acts again with another key, and with the same key of another person', async () => {
    await send();
    await send({ key: 'another-key-of-it' });
    expect(await send({}, undefined, await openDesk())).toMatchObject({ replayed: false });
    expect(await count('audit')).toBe(3);
  });

  it('acts once when two are sent at the same time: the second waits for the first', async () => {
    const begun = signal();
    const go = signal();
    const first = send({}, async () => {
      begun.give();
      await go.given;
    });
    await begun.given;
    const second = send();
    await untilOneWaits();
    go.give();
    expect((await Promise.all([first, second])).map(({ replayed }) => replayed)).toEqual([
      false,
      true,
    ]);
    expect(await count('audit')).toBe(1);
  });

  it('gets a time to retry while the first one runs long', async () => {
    const begun = signal();
    const go = signal();
    const first = send({}, async () => {
      begun.give();
      await go.given;
    });
    await begun.given;
    await expect(send()).rejects.toMatchObject({ code: 'conflict', details: { retryAfterS: 2 } });
    go.give();
    expect(await first).toMatchObject({ replayed: false });
    expect(await send()).toMatchObject({ replayed: true });
  });

  it('acts where the first one, for which it waited, came to nothing', async () => {
    const begun = signal();
    const go = signal();
    const first = send({}, async () => {
      begun.give();
      await go.given;
      throw new Error('the process ended');
    });
    const failed = expect(first).rejects.toThrow('the process ended');
    await begun.given;
    const second = send();
    await untilOneWaits();
    go.give();
    await failed;
    expect(await second).toMatchObject({ replayed: false });
    expect([await count('audit'), await count('write_request')]).toEqual([1, 1]);
  });

  it('leaves neither act nor key where it fails, so that the key is free', async () => {
    const fail = async () => {
      throw new Error('the process ended');
    };
    await expect(send({}, fail)).rejects.toThrow('the process ended');
    expect([await count('audit'), await count('write_request')]).toEqual([0, 0]);
    expect(await send({ body: { a: 3 } })).toMatchObject({ replayed: false });
  });

  it('does not shorten the time that its act may wait for a lock', async () => {
    let timeout: unknown;
    await send({}, async (tx) => {
      timeout = (await sql`show lock_timeout`.execute(tx)).rows;
    });
    expect(timeout).toEqual([{ lock_timeout: '0' }]);
  });
});

describe('answers', () => {
  it('are forgotten after seven days, with the next request', async () => {
    await send();
    await send({ key: 'a-younger-key-of-it' });
    await database.adminPool.query(
      `update write_request set made_at = now() - interval '7 days 1 minute' where utility_id = $1 and key = $2`,
      [utilityId, REQUEST.key],
    );
    await send({ key: 'the-next-key-of-it' });
    const { rows } = await database.adminPool.query(
      'select key from write_request where utility_id = $1 order by key',
      [utilityId],
    );
    expect(rows).toEqual([{ key: 'a-younger-key-of-it' }, { key: 'the-next-key-of-it' }]);
    expect(await send()).toMatchObject({ replayed: false });
  });
});

/** Resolves when a statement waits for the key of another transaction. */
async function untilOneWaits(): Promise<void> {
  for (;;) {
    const { rowCount } = await database.adminPool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
         and query like 'insert into "write_request"%'`,
    );
    if (rowCount) return;
  }
}
