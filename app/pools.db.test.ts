import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReadDb } from '../db/schema.ts';
import { createUtility } from '../db/testing/fixtures.ts';
import { issueKey, openSession, openStaffSession } from '../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../db/testing/testing.ts';
import type { StaffActor } from '../lib/actor.ts';
import { recordAct } from '../lib/audit/audit-commands.ts';
import { SHARES } from './fair-shares.ts';
import { type ActorWork, openPools, type WebPools } from './pools.ts';

let database: TestDatabase;
let pools: WebPools;
let utilityId: number;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  pools = openPools(database.webUrl, () => undefined);
});

/** Work in a new session of a utility. */
async function workIn(utility: number): Promise<ActorWork & { actor: StaffActor }> {
  const { token, accountId, sessionId } = await openStaffSession(database.adminPool, utility);
  const actor = {
    kind: 'staff',
    utilityId: utility,
    accountId,
    role: 'analyst',
    sessionId,
  } as const;
  return { actor, ...pools.workOf(actor, { sessionToken: token }) };
}

/** Number of the web process's statements that run now and contain the label. */
async function running(label: string): Promise<number> {
  const { rows } = await database.adminPool.query<{ count: number }>(
    `select count(*) from pg_stat_activity
     where application_name like 'kenshin web %' and state = 'active' and query like '%' || $1 || '%'`,
    [label],
  );
  return rows[0]!.count;
}

const sleep = (label: string) => (db: ReadDb) =>
  sql`select pg_sleep(14), ${sql.lit(label)} as mark`.execute(db);

describe('work whose client disconnects', () => {
  it.each(['light', 'heavy', 'file'] as const)('of cost %s ends in the database', async (cost) => {
    const label = `abandoned ${cost}`;
    const client = new AbortController();
    const { read } = await workIn(utilityId);
    const work = read(sleep(label), { cost, signal: client.signal });
    const ended = expect(work).rejects.toThrow();
    await vi.waitFor(async () => expect(await running(label)).toBe(1), { timeout: 10_000 });
    client.abort(new Error('the client has gone'));
    await ended;
    await vi.waitFor(async () => expect(await running(label)).toBe(0), { timeout: 10_000 });
    // The connection is not used again, and its turn is free.
    const next = await read((db) => sql<{ one: number }>`select 1 as one`.execute(db), { cost });
    expect(next.rows).toEqual([{ one: 1 }]);
  });

  it.each(['while rows are fetched', 'while its receiver has the rows'])(
    'ends %s of a file, and gives its turn back',
    async (when) => {
      const client = new AbortController();
      const { read } = await workIn(utilityId);
      const isFetching = when.includes('fetched');
      const rows = isFetching
        ? sql<{
            k: number;
          }>`select k, pg_sleep(case when k > 1000 then 30 else 0 end) from generate_series(1, 3000) k`
        : sql<{ k: number }>`select k, 'between' as pause from generate_series(1, 3000) k`;
      const work = read(
        async (db) => {
          for await (const { k } of streamed(db, rows)) {
            if (k !== 1000) continue;
            if (isFetching) setTimeout(() => client.abort(new Error('gone')), 50);
            else client.abort(new Error('gone'));
          }
        },
        { cost: 'file', signal: client.signal },
      );
      await expect(work).rejects.toThrow();
      expect(pools.state().find(({ name }) => name === 'file turns')?.inUse).toBe(0);
      await vi.waitFor(async () => expect(await running('generate_series')).toBe(0));
    },
  );

  it('frees its turn when the database ends a file in the middle', async () => {
    const { read } = await workIn(utilityId);
    const rows = sql<{ k: number }>`select k, 'terminated' as mark from generate_series(1, 3000) k`;
    const work = read(
      async (db) => {
        for await (const { k } of streamed(db, rows)) {
          if (k !== 1000) continue;
          await database.adminPool.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where query like '%terminated%' and pid <> pg_backend_pid()`,
          );
        }
      },
      { cost: 'file' },
    );
    await expect(work).rejects.toMatchObject({ code: 'unavailable' });
    expect(pools.state().find(({ name }) => name === 'file turns')?.inUse).toBe(0);
  });

  it('ends between two statements too, and nothing of it is committed', async () => {
    const client = new AbortController();
    const { transact, actor } = await workIn(utilityId);
    const work = transact(
      async (tx) => {
        await recordAct(tx, actor, { act: 'gone', subject: 'x:1', detail: {} });
        client.abort(new Error('the client has gone'));
        await vi.waitFor(() => sql`select 1`.execute(tx).then(fail, () => undefined));
      },
      { signal: client.signal },
    );
    await expect(work).rejects.toThrow();
    const { rows } = await database.adminPool.query('select act from audit where utility_id = $1', [
      utilityId,
    ]);
    expect(rows).toEqual([]);
  });

  it('that ends before the first rows of a file fails with the reason', async () => {
    const client = new AbortController();
    const { read } = await workIn(utilityId);
    const rows = sql<{ k: number }>`select k from generate_series(1, 3) k`;
    const work = read(
      async (db) => {
        client.abort(new Error('the client has gone'));
        for await (const { k } of streamed(db, rows)) expect(k).toBe(0);
      },
      { cost: 'file', signal: client.signal },
    );
    await expect(work).rejects.toThrow('the client has gone');
  });

  it('is not started when the client has disconnected before', async () => {
    const work = vi.fn(sleep('never'));
    const { read } = await workIn(utilityId);
    await expect(read(work, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow(
      'gone',
    );
    expect(work).not.toHaveBeenCalled();
  });
});

describe('the shares of the database', () => {
  it('leave sign-ins, sessions, light work and other utilities their own when one uses all of its share', async () => {
    const otherUtility = await createUtility(database.adminPool);
    const clients: AbortController[] = [];
    const sessions = await Promise.all([1, 2, 3, 4].map(() => workIn(utilityId)));
    const work = sessions.flatMap(({ read }) => {
      return Array.from({ length: 12 }, () => {
        const client = new AbortController();
        clients.push(client);
        return read(sleep('many'), { cost: 'heavy', signal: client.signal });
      });
    });
    const ended = Promise.allSettled(work);
    await vi.waitFor(async () => expect(await running('many')).toBe(SHARES.heavy.perGroup), {
      timeout: 10_000,
    });
    const one = (db: ReadDb) => sql<{ one: number }>`select 1 as one`.execute(db);
    expect(await pools.findSession('no token of ours', '192.0.2.1')).toBeUndefined();
    expect((await pools.signInDatabase.lookUp(one)).rows).toHaveLength(1);
    expect((await (await workIn(utilityId)).read(one)).rows).toHaveLength(1);
    const other = await workIn(otherUtility);
    expect((await other.read(one, { cost: 'heavy' })).rows).toHaveLength(1);
    expect(await running('many')).toBe(SHARES.heavy.perGroup);
    for (const client of clients) client.abort(new Error('over'));
    const outcomes = await ended;
    const busy = outcomes.filter(
      (outcome) => outcome.status === 'rejected' && outcome.reason?.code === 'busy',
    );
    expect(busy.length).toBeGreaterThanOrEqual(16);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  });

  it.each(['findSession', 'findKey'] as const)(
    'of look-ups are by address: any number of %s at one address takes none from another',
    async (find) => {
      const most = SHARES.session.atOnce + SHARES.session.waiting;
      const crowd = Array.from({ length: most }, (_, at) =>
        pools[find](`no secret ${at}`, '192.0.2.1'),
      );
      const ended = Promise.allSettled(crowd);
      expect(await pools.findSession('no token', '192.0.2.2')).toBeUndefined();
      expect(await pools.findKey('no key', '192.0.2.3')).toBeUndefined();
      expect((await ended).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    },
  );

  it("of a key are separate from those of the utility's people", async () => {
    const client = new AbortController();
    const signal = client.signal;
    const { key } = await issueKey(database.adminPool, utilityId, ['closing.export']);
    const actor = await pools.findKey(key, '192.0.2.1');
    const work = pools.workOf(actor!, { apiKey: key });
    const held = work.read(sleep('file of a key'), { cost: 'file', signal });
    const ended = held.catch(() => undefined);
    await vi.waitFor(async () => expect(await running('file of a key')).toBe(1), {
      timeout: 10_000,
    });
    const one = (db: ReadDb) => sql`select 1`.execute(db);
    const again = pools.workOf(actor!, { apiKey: key }).read(one, { cost: 'file' });
    await expect(again).rejects.toMatchObject({ code: 'busy', details: { scope: 'own' } });
    expect((await (await workIn(utilityId)).read(one, { cost: 'file' })).rows).toHaveLength(1);
    client.abort(new Error('over'));
    await ended;
  });

  it('of a person are one share, however many sessions the person has', async () => {
    const client = new AbortController();
    const signal = client.signal;
    const first = await workIn(utilityId);
    const { token, sessionId } = await openSession(database.adminPool, utilityId, first.actor);
    const second = pools.workOf({ ...first.actor, sessionId }, { sessionToken: token });
    const held = first.read(sleep('file of one'), { cost: 'file', signal });
    const ended = held.catch(() => undefined);
    await vi.waitFor(async () => expect(await running('file of one')).toBe(1), { timeout: 10_000 });
    const one = (db: ReadDb) => sql`select 1`.execute(db);
    await expect(second.read(one, { cost: 'file' })).rejects.toMatchObject({ code: 'busy' });
    expect((await (await workIn(utilityId)).read(one, { cost: 'file' })).rows).toHaveLength(1);
    client.abort(new Error('over'));
    await ended;
  });

  it('never need more connections than the pools have', () => {
    const inPages = pools.state().find(({ name }) => name === 'pages');
    expect(inPages).toEqual({ name: 'pages', inUse: 0, waiting: 0 });
    expect(SHARES.light.perGroup).toBeLessThan(SHARES.light.atOnce);
    expect(SHARES.heavy.perGroup).toBeLessThan(SHARES.heavy.atOnce);
    expect(SHARES.heavy.perMember).toBeLessThan(SHARES.heavy.perGroup);
    expect(SHARES.file.perMember).toBeLessThan(SHARES.file.perGroup);
    expect(SHARES.session.perGroup).toBeLessThan(SHARES.session.atOnce);
    expect(SHARES.key.perGroup).toBeLessThan(SHARES.key.atOnce);
  });
});

async function* streamed<T>(db: ReadDb, rows: RawBuilder<T>): AsyncGenerator<T> {
  const executor = db.getExecutor();
  const compiled = rows.compile({ getExecutor: () => executor });
  for await (const block of executor.stream<T>(compiled, 1000)) yield* block.rows;
}

function fail(): never {
  throw new Error('the statement was answered');
}
