/**
 * The utility of a transaction counts only when a function of the database sealed it for that backend and transaction.
 */
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSession, openStaffSession, type TestSession } from './testing/sessions.ts';
import { type AppLogin, createAppLogin, DENIED, fillUtility } from './testing/tenancy.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

let database: TestDatabase;
let web: AppLogin;
let ingest: AppLogin;
let own: number;
let other: number;
let session: TestSession & { accountId: number };

beforeAll(async () => {
  database = await testDatabase();
  web = await createAppLogin(database, 'kenshin_web');
  ingest = await createAppLogin(database, 'kenshin_ingest');
  own = await fillUtility(database.adminPool);
  other = await fillUtility(database.adminPool);
});
afterAll(async () => {
  await web.close();
  await ingest.close();
  await database.close();
});
beforeEach(async () => {
  session = await openStaffSession(database.adminPool, own, 'analyst');
});

/** Runs `fn` in a transaction that is rolled back. */
async function inside<T>(pool: pg.Pool, fn: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    return await fn(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const claim = (client: pg.PoolClient, token = session.token) =>
  client.query('select * from claim_session($1)', [token]);

async function utilitiesSeen(client: pg.PoolClient): Promise<number[]> {
  const { rows } = await client.query<{ utility_id: number }>(
    'select distinct utility_id from meter_day union select utility_id from meter_fitting order by 1',
  );
  return rows.map(({ utility_id }) => utility_id);
}

const settingOf = async (client: pg.PoolClient): Promise<string> =>
  (await client.query(`select current_setting('app.sealed_utility') as sealed`)).rows[0].sealed;

const seal = (client: pg.PoolClient, text: string, isLocal = true) =>
  client.query(`select set_config('app.sealed_utility', $1, $2)`, [text, isLocal]);

describe('the token of a live session', () => {
  it('sets its utility and returns its actor', async () => {
    await inside(web.pool, async (client) => {
      const { rows } = await claim(client);
      expect(rows).toEqual([
        expect.objectContaining({
          utility_id: own,
          session_id: session.sessionId,
          account_id: session.accountId,
          role: 'analyst',
        }),
      ]);
      expect(await utilitiesSeen(client)).toEqual([own]);
    });
  });

  it('ends with its transaction', async () => {
    await inside(web.pool, async (client) => {
      await claim(client);
      await client.query('commit');
      await client.query('begin');
      expect(await utilitiesSeen(client)).toEqual([]);
    });
  });

  it.each([
    ['revoked', 'update session set revoked_at = now() where session_id = $1'],
    ['run out', `update session set expires_at = now() where session_id = $1`],
    [
      'of a disabled account',
      `update account a set disabled_at = now() from session s
       where s.session_id = $1 and a.utility_id = s.utility_id and a.account_id = s.account_id`,
    ],
  ])('is refused when the session is %s', async (_how, text) => {
    await database.adminPool.query(text, [session.sessionId]);
    await inside(web.pool, async (client) => {
      expect((await claim(client)).rows).toEqual([]);
      expect(await utilitiesSeen(client)).toEqual([]);
    });
  });

  it("differs from the session's id and from what its row stores", async () => {
    const { rows } = await database.adminPool.query<{ hash: Buffer }>(
      'select token_hash as hash from session where session_id = $1',
      [session.sessionId],
    );
    const kept = rows[0]!.hash;
    for (const token of [session.sessionId, kept.toString('hex'), kept.toString('base64url'), '']) {
      await inside(web.pool, async (client) =>
        expect((await claim(client, token)).rows).toEqual([]),
      );
    }
  });
});

describe('a setting that no function sealed', () => {
  it.each([
    ['app.utility_id', (utility: number) => `${utility}`],
    ['app.sealed_utility', () => ''],
  ])('shows no rows as %s', async (name, value) => {
    for (const pool of [web.pool, ingest.pool, database.pool]) {
      await inside(pool, async (client) => {
        await client.query('select set_config($1, $2, true)', [name, value(own)]);
        expect(await utilitiesSeen(client)).toEqual([]);
      });
    }
  });

  it.each([
    ['without a seal', (_: string) => `${other}`],
    ['with a made-up seal', (_: string) => `${other} - ${'0'.repeat(64)}`],
    ['with the seal of another utility', (sealed: string) => sealed.replace(/^\d+/, `${other}`)],
    ['with the seal of another actor', (sealed: string) => sealed.replace(/ \S+ /, ' staff:1 ')],
  ])('is refused %s', async (_how, forge) => {
    await inside(web.pool, async (client) => {
      await claim(client);
      await seal(client, forge(await settingOf(client)));
      await expect(utilitiesSeen(client)).rejects.toMatchObject({ code: DENIED });
    });
  });

  it('is refused in another transaction of the same connection', async () => {
    await inside(web.pool, async (client) => {
      await claim(client);
      await seal(client, await settingOf(client), false);
      await client.query('commit');
      await client.query('begin');
      await expect(utilitiesSeen(client)).rejects.toMatchObject({ code: DENIED });
      await client.query('rollback');
      await client.query('reset app.sealed_utility');
      await client.query('begin');
    });
  });

  it('is refused in another connection', async () => {
    await inside(web.pool, async (client) => {
      await claim(client);
      const sealed = await settingOf(client);
      await inside(web.pool, async (neighbour) => {
        await seal(neighbour, sealed);
        await expect(utilitiesSeen(neighbour)).rejects.toMatchObject({ code: DENIED });
      });
    });
  });

  it('cannot be forged by calling the sealing functions, or by reading the key', async () => {
    for (const pool of [web.pool, ingest.pool, database.pool]) {
      for (const text of [`select seal_utility(${other}, null)`, 'select * from seal_key']) {
        await inside(pool, (client) =>
          expect(client.query(text)).rejects.toMatchObject({ code: DENIED }),
        );
      }
    }
  });
});

describe('a process that serves all utilities', () => {
  it('may set any existing utility, one after the other', async () => {
    await inside(ingest.pool, async (client) => {
      await client.query('select serve_utility($1)', [own]);
      expect(await utilitiesSeen(client)).toEqual([own]);
      await client.query('select serve_utility($1)', [other]);
      expect(await utilitiesSeen(client)).toEqual([other]);
      await expect(client.query('select serve_utility(0)')).rejects.toThrow(
        'there is no utility 0',
      );
    });
  });

  it('may set one within a function, as docs/operations.md describes for tools', async () => {
    await inside(database.adminPool, async (client) => {
      await client.query(`create schema reports; grant usage on schema reports to kenshin_app;
        create function reports.hours(utility integer, first_day date, last_day date) returns setof public.hourly_reading
          language plpgsql as $$
        begin
          perform public.serve_utility(utility);
          return query select * from public.hourly_reading where day between first_day and last_day;
        end $$;
        grant execute on function reports.hours to kenshin_app`);
      await client.query('set local role kenshin_app');
      const { rows } = await client.query(
        `select distinct utility_id from reports.hours($1, '2025-01-01', '2025-12-31')`,
        [own],
      );
      expect(rows).toEqual([{ utility_id: own }]);
    });
  });

  it('is never the web process', async () => {
    await inside(web.pool, (client) =>
      expect(client.query('select serve_utility($1)', [own])).rejects.toMatchObject({
        code: DENIED,
      }),
    );
  });
});

describe('parallel workers', () => {
  it('use the utility of their leader', async () => {
    await inside(ingest.pool, async (client) => {
      await client.query('select serve_utility($1)', [own]);
      // Forces a parallel worker: otherwise the plan depends on statistics that autovacuum renews at any time.
      await client.query('set local debug_parallel_query = on');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        'explain (analyze, costs off, timing off) select count(*) from meter_fitting',
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/Gather[\s\S]*Workers Launched: 1[\s\S]*Scan[^\n]* on meter_fitting/);
      expect((await client.query('select count(*) from meter_fitting')).rows).toEqual([
        { count: 2 },
      ]);
    });
  });

  it("use their leader's seal when they evaluate it themselves", async () => {
    await inside(ingest.pool, async (client) => {
      await client.query('select serve_utility($1)', [own]);
      await client.query('set local debug_parallel_query = on');
      const { rows } = await client.query('select current_utility_id() as utility');
      expect(rows).toEqual([{ utility: own }]);
      const plan = await client.query<{ 'QUERY PLAN': string }>(
        'explain (analyze, costs off, timing off) select current_utility_id()',
      );
      expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(
        /Workers Launched: 1[\s\S]*Result/,
      );
    });
  });

  it('refuse a setting that was not sealed for their leader', async () => {
    await inside(ingest.pool, async (client) => {
      await client.query('select serve_utility($1)', [own]);
      await seal(client, (await settingOf(client)).replace(/^\d+/, `${other}`));
      await client.query('set local debug_parallel_query = on');
      await expect(client.query('select current_utility_id()')).rejects.toMatchObject({
        code: DENIED,
      });
    });
  });
});

describe('policies and views', () => {
  it('evaluate the utility once for a statement, not for each row', async () => {
    const { rows } = await database.adminPool.query<{ name: string }>(
      `with text as (
         select p.polname || ' on ' || p.polrelid::regclass as name, concat(pg_get_expr(p.polqual, p.polrelid), ' ', pg_get_expr(p.polwithcheck, p.polrelid)) as body
         from pg_policy p
         union all
         select c.relname, pg_get_viewdef(c.oid) from pg_class c where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace
       )
       select name from text where regexp_replace(body, 'SELECT current_utility_id\\(\\)', '', 'g') like '%current_utility_id()%'`,
    );
    expect(rows).toEqual([]);
  });
});

describe('a household', () => {
  it('is identified by its occupancy', async () => {
    const { rows } = await database.adminPool.query<{ occupancy_id: number }>(
      'select occupancy_id from occupancy where utility_id = $1',
      [own],
    );
    const occupancyId = rows[0]!.occupancy_id;
    const { token } = await openSession(database.adminPool, own, { occupancyId });
    await inside(web.pool, async (client) => {
      const claimed = await claim(client, token);
      expect(claimed.rows).toEqual([
        expect.objectContaining({ utility_id: own, account_id: null, occupancy_id: occupancyId }),
      ]);
    });
  });
});
