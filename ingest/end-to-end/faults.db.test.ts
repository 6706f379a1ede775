import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../db/client.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { addDays, dayOf } from '../../lib/time.ts';
import { createLog } from '../log.ts';
import { type Ingest, startIngest } from '../start.ts';
import { eventually, metricOf } from '../testing/ingest.ts';
import { type DatabaseLine, proxyTo } from '../testing/proxy.ts';
import {
  connectTerminal,
  dayReport,
  registerTerminal,
  seal,
  type TestConnection,
  type TestTerminal,
  testKeks,
} from '../testing/terminal.ts';

let database: TestDatabase;
let proxy: DatabaseLine;
let pool: pg.Pool;
let ingest: Ingest;
let url: string;
const today = dayOf(new Date());
const dayBack = (back: number) => addDays(today, -back);

beforeAll(async () => {
  database = await testDatabase();
  proxy = await proxyTo(database.ingestUrl);
  pool = openPool(proxy.url, {
    applicationName: 'kenshin ingest test',
    max: 12,
    queryTimeoutMs: 1000,
  });
  ingest = await startIngest({
    pool,
    keks: testKeks,
    log: createLog('silent'),
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 100 },
    healthPort: 0,
    limits: { commitTimeoutMs: 1000, prepareTimeoutMs: 200 },
  });
  url = `mqtt://127.0.0.1:${ingest.mqttPort}`;
});
afterAll(async () => {
  proxy?.mend();
  proxy?.release();
  await ingest?.stop();
  await pool?.end();
  await proxy?.close();
  await database?.close();
});

async function connected(): Promise<{ terminal: TestTerminal; connection: TestConnection }> {
  const utilityId = await createUtility(database.adminPool);
  const terminal = await registerTerminal(database.adminPool, utilityId);
  return { terminal, connection: await connectTerminal(url, terminal) };
}

async function countDays(terminal: TestTerminal): Promise<number> {
  const { rows } = await database.adminPool.query<{ count: number }>(
    'select count(*)::integer as count from series.meter_day where utility_id = $1',
    [terminal.utilityId],
  );
  return rows[0]!.count;
}

const isWell = () =>
  fetch(`http://127.0.0.1:${ingest.healthPort}/healthz`).then((response) => response.ok);
const queued = () => metricOf(ingest, 'kenshin_frames_queued');

/** Reconnects until the sidecar accepts the terminal. */
async function reconnect(terminal: TestTerminal): Promise<TestConnection> {
  const attempt = () => connectTerminal(url, terminal).catch(() => undefined);
  const connection = await eventually(attempt, (taken) => taken !== undefined);
  return connection!;
}

describe('while the database does not answer', () => {
  it('nothing is acknowledged, and everything is once it answers', async () => {
    const { terminal, connection } = await connected();
    proxy.hold();
    let acknowledged = 0;
    const sent = [1, 2, 3].map((back) =>
      connection.send(seal(terminal, dayReport(terminal, { day: dayBack(back) }))).then(() => {
        acknowledged += 1;
      }),
    );
    await eventually(queued, (count) => count === 3);
    expect(acknowledged).toBe(0);
    proxy.release();
    await Promise.all(sent);
    expect(await countDays(terminal)).toBe(3);
  });

  it('a frame sent again is matched with its first copy, and is acknowledged or cut with it', async () => {
    const { terminal, connection } = await connected();
    const frame = seal(terminal, dayReport(terminal, { day: dayBack(1) }));
    proxy.hold();
    const first = connection.send(frame);
    const second = connection.send(frame);
    await eventually(queued, (count) => count >= 1);
    proxy.release();
    await Promise.all([first, second]);
    expect(await countDays(terminal)).toBe(1);
  });

  it('a frame sent again over a later connection waits for the first copy too', async () => {
    const { terminal, connection } = await connected();
    // The register is read before the line is held, so that the later connection exists already.
    const frame = seal(terminal, dayReport(terminal, { day: dayBack(1) }));
    const blocker = await database.adminPool.connect();
    await blocker.query('begin');
    await blocker.query('select from terminal_state where utility_id = $1 for update', [
      terminal.utilityId,
    ]);
    const first = connection.send(frame).catch(() => 'cut');
    await eventually(queued, (count) => count === 1);
    const again = await connectTerminal(url, terminal);
    let acknowledged = false;
    const second = again.send(frame).then(() => {
      acknowledged = true;
    });
    expect(await first).toBe('cut');
    expect(acknowledged).toBe(false);
    await blocker.query('commit');
    blocker.release();
    await second;
    expect(await countDays(terminal)).toBe(1);
  });

  it('for too long, connections are closed, and frames sent again are stored later, once', async () => {
    const { terminal, connection } = await connected();
    const frames = [1, 2, 3].map((back) =>
      seal(terminal, dayReport(terminal, { day: dayBack(back) })),
    );
    proxy.hold();
    const sent = await Promise.allSettled(frames.map((frame) => connection.send(frame)));
    expect(sent.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    const again = await reconnect(terminal);
    for (const frame of frames) await again.send(frame);
    expect(await countDays(terminal)).toBe(3);
  });
});

describe('a frame outside the batches', () => {
  it('is not acknowledged while the database does not answer, and is taken when it comes again', async () => {
    const { terminal, connection } = await connected();
    const frame = seal(terminal, { type: 'test_call', terminalTimeS: 0, nonce: 0 });
    proxy.hold();
    await expect(connection.send(frame)).rejects.toThrow('before the acknowledgement');
    proxy.release();
    const again = await reconnect(terminal);
    await again.send(frame);
    const { rows } = await database.adminPool.query(
      'select counter from taken_frame where utility_id = $1',
      [terminal.utilityId],
    );
    expect(rows).toEqual([{ counter: 1 }]);
    expect(await queued()).toBe(0);
  });
});

describe('when the database breaks the line', () => {
  it('no terminal signs in before it is back, and no restart is needed', async () => {
    const { terminal, connection } = await connected();
    proxy.cut();
    await expect(
      connection.send(seal(terminal, dayReport(terminal, { day: dayBack(1) }))),
    ).rejects.toThrow('before the acknowledgement');
    await expect(connectTerminal(url, terminal)).rejects.toMatchObject({ code: 3 });
    expect(await isWell()).toBe(false);
    proxy.mend();
    const again = await reconnect(terminal);
    await again.send(seal(terminal, dayReport(terminal, { day: dayBack(2) })));
    expect(await countDays(terminal)).toBe(1);
  });

  it('in the middle of a load, every acknowledged frame is stored and none twice', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => connected()));
    const results = await Promise.all(
      all.map(({ terminal, connection }) => sendThroughFaults(terminal, connection)),
    );
    for (const [at, { terminal }] of all.entries()) {
      expect(results[at]).toBe(DAYS);
      expect(await countDays(terminal)).toBe(DAYS);
    }
    const { rows } = await database.adminPool.query('select from meter_day_revision');
    expect(rows).toEqual([]);
    const { rows: refused } = await database.adminPool.query('select reason from frame_quarantine');
    expect(refused).toEqual([]);
  });
});

const DAYS = 300;

/**
 * Sends days, sixteen at a time, terminating the sidecar's database sessions twice on the way; resends unacknowledged
 * ones.
 */
async function sendThroughFaults(terminal: TestTerminal, first: TestConnection): Promise<number> {
  let connection = first;
  const killAt = [204, 108, -1];
  let acknowledged = 0;
  let open = Array.from({ length: DAYS }, (_, back) =>
    seal(terminal, dayReport(terminal, { day: dayBack(back + 1) })),
  );
  while (open.length > 0) {
    const now = open.slice(0, 16);
    const sent = await Promise.allSettled(now.map((frame) => connection.send(frame)));
    const cut = now.filter((_, at) => sent[at]!.status === 'rejected');
    acknowledged += now.length - cut.length;
    open = [...cut, ...open.slice(16)];
    if (cut.length > 0) connection = await reconnect(terminal);
    if (open.length <= killAt[0]!) {
      killAt.shift();
      await killSessions();
    }
  }
  return acknowledged;
}

async function killSessions(): Promise<void> {
  await database.adminPool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'kenshin ingest test' and datname = current_database()`,
  );
}

describe('a frame that the database refuses to store', () => {
  it('goes to quarantine alone, and the frames of its batch are stored', async () => {
    const { terminal, connection } = await connected();
    await database.adminPool.query(
      `alter table series.meter_day add constraint no_such_day check (meter_id <> ${terminal.meterId} or day <> '${dayBack(2)}')`,
    );
    const sent = [1, 2, 3].map((back) =>
      connection.send(seal(terminal, dayReport(terminal, { day: dayBack(back) }))),
    );
    await Promise.all(sent);
    expect(await countDays(terminal)).toBe(2);
    const { rows } = await database.adminPool.query(
      'select reason from frame_quarantine where utility_id = $1',
      [terminal.utilityId],
    );
    expect(rows).toEqual([{ reason: 'not_storable' }]);
    await database.adminPool.query('alter table series.meter_day drop constraint no_such_day');
  });
});

describe('a deadlock', () => {
  it('is resolved by storing the batch once more', async () => {
    const { terminal, connection } = await connected();
    await database.adminPool.query(`
      create sequence tries;
      create function lose_once() returns trigger language plpgsql security definer as $$
      begin
        if nextval('public.tries') = 1 then raise exception using errcode = '40P01', message = 'deadlock detected'; end if;
        return new;
      end $$;
      create trigger lose_once before update on terminal_state for each row execute function lose_once()`);
    await connection.send(seal(terminal, dayReport(terminal, { day: dayBack(1) })));
    await database.adminPool.query(
      'drop trigger lose_once on terminal_state; drop function lose_once; drop sequence tries',
    );
    expect(await countDays(terminal)).toBe(1);
  });
});

describe('a read-only database', () => {
  it('is recognised: no terminal signs in', async () => {
    const { terminal, connection } = await connected();
    const name = new URL(database.ingestUrl).pathname.slice(1);
    await database.adminPool.query(
      `alter database "${name}" set default_transaction_read_only = on`,
    );
    await killSessions();
    await connection.end();
    await eventually(isWell, (well) => !well);
    await expect(connectTerminal(url, terminal)).rejects.toMatchObject({ code: 3 });
    await database.adminPool.query(`alter database "${name}" reset default_transaction_read_only`);
    await reconnect(terminal);
  });
});
