import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUtility, fitMeter } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { hashTerminalSecret } from '../../lib/keys/terminal-secret.ts';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import { createLog } from '../log.ts';
import { type Ingest, startIngest } from '../start.ts';
import { eventually, metricOf } from '../testing/ingest.ts';
import {
  connectTerminal,
  dayReport,
  registerTerminal,
  seal,
  type TestConnection,
  type TestTerminal,
  testKeks,
} from '../testing/terminal.ts';

// Changes of the register while terminals are connected.
let database: TestDatabase;
let ingest: Ingest;
let keysRead = 0;
/** Promise that a look-up of a terminal awaits before it begins. */
let lookUp: Promise<void> = Promise.resolve();
let nowMs = Date.now();
const today = dayOf(new Date());
const dayBack = (back: number) => addDays(today, -back);

beforeAll(async () => {
  database = await testDatabase();
  ingest = await startIngest({
    pool: slowRegister(database.ingestPool),
    keks: (code) => {
      keysRead += 1;
      return testKeks(code);
    },
    log: createLog('silent'),
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 100 },
    healthPort: 0,
    sessions: { sweepEveryMs: 50, refreshAfterMs: 60_000 },
    now: () => nowMs,
  });
});
afterAll(async () => {
  await ingest?.stop();
  await database?.close();
});

/** A pool whose look-ups of terminals await `lookUp`. */
function slowRegister(pool: pg.Pool): pg.Pool {
  const query = async (first: { name?: string }, ...rest: never[]) => {
    if (first.name === 'terminals_for_connect') await lookUp;
    return pool.query(first as never, ...rest);
  };
  return new Proxy(pool, {
    get: (target, key) => {
      if (key === 'query') return query;
      const value = target[key as keyof pg.Pool];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function connected(): Promise<{ terminal: TestTerminal; connection: TestConnection }> {
  const utilityId = await createUtility(database.adminPool);
  const terminal = await registerTerminal(database.adminPool, utilityId);
  const url = `mqtt://127.0.0.1:${ingest.mqttPort}`;
  return { terminal, connection: await connectTerminal(url, terminal) };
}

const update = (terminal: TestTerminal, set: string) =>
  database.adminPool.query(set, [terminal.utilityId]);
const quarantined = async (terminal: TestTerminal) => {
  const { rows } = await database.adminPool.query<{ reason: string }>(
    'select reason from frame_quarantine where utility_id = $1',
    [terminal.utilityId],
  );
  return rows.map(({ reason }) => reason);
};

describe('a terminal that is connected', () => {
  it('and is retired is disconnected within minutes', async () => {
    const { terminal, connection } = await connected();
    await update(terminal, 'update terminal set retired_at = now() where utility_id = $1');
    nowMs += 61_000;
    await connection.ended;
  });

  it('and gets another secret is disconnected within minutes', async () => {
    const { terminal, connection } = await connected();
    await database.adminPool.query('update terminal set secret_hash = $2 where utility_id = $1', [
      terminal.utilityId,
      hashTerminalSecret('another secret'),
    ]);
    nowMs += 61_000;
    await connection.ended;
    expect(await metricOf(ingest, 'kenshin_connections_cut_total{reason="another_secret"}')).toBe(
      1,
    );
  });

  it('and is removed from its supply point no longer reports for the meter there', async () => {
    const { terminal, connection } = await connected();
    await database.adminPool.query('update terminal_fitting set to_at = $2 where utility_id = $1', [
      terminal.utilityId,
      instantOf(dayBack(3), 0),
    ]);
    nowMs += 61_000;
    const frames = async () => {
      await connection.send(seal(terminal, dayReport(terminal, { day: dayBack(1) })));
      return quarantined(terminal);
    };
    await eventually(frames, (reasons) => reasons.includes('unknown_meter'));
  });

  it('and gets another meter has its first report judged as it came, however long the register takes', async () => {
    const { terminal, connection } = await connected();
    await database.adminPool.query(
      'update meter_fitting set removed_at = $2 where utility_id = $1',
      [terminal.utilityId, instantOf(dayBack(3), 0)],
    );
    const { supplyPointId, utilityId } = terminal;
    const fittedAt = instantOf(dayBack(3), 0).toISOString();
    const { serial } = await fitMeter(database.adminPool, utilityId, { supplyPointId, fittedAt });
    let release: () => void = () => undefined;
    lookUp = new Promise((resolve) => {
      release = resolve;
    });
    nowMs += 6000;
    const first = connection.send(seal(terminal, dayReport(terminal, { day: dayBack(1), serial })));
    for (let back = 4; back < 104; back += 1)
      await connection.send(seal(terminal, dayReport(terminal, { day: dayBack(back) })));
    release();
    await first;
    expect(await quarantined(terminal)).toEqual([]);
  });
});

describe('a client without the secret', () => {
  it('has no key unwrapped', async () => {
    const { terminal } = await connected();
    const before = keysRead;
    const url = `mqtt://127.0.0.1:${ingest.mqttPort}`;
    const guess = { ...terminal, secret: 'a guess' };
    await expect(connectTerminal(url, guess)).rejects.toMatchObject({ code: 4 });
    expect(keysRead).toBe(before);
  });
});
