import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { requestTerminalTest } from '../../lib/terminals/terminal-test-commands.ts';
import { addDays, dayOf } from '../../lib/time.ts';
import { createLog } from '../log.ts';
import { type Ingest, startIngest } from '../start.ts';
import {
  eventually,
  type IngestBench,
  metricOf,
  quarantineOf,
  startTestIngest,
} from '../testing/ingest.ts';
import {
  connectTerminal,
  dayReport,
  seal,
  type TestTerminal,
  testKeks,
} from '../testing/terminal.ts';

// Frames outside the batches, tested with the test call: each is stored with its counter in one transaction, and two
// sidecars on one database never store one twice.
let bench: IngestBench;
let other: Ingest;

const startOther = () =>
  startIngest({
    ...{ pool: bench.database.ingestPool, keks: testKeks, log: createLog('silent'), healthPort: 0 },
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 1000 },
  });
const atOther = (terminal: TestTerminal) =>
  connectTerminal(`mqtt://127.0.0.1:${other.mqttPort}`, terminal);

beforeAll(async () => {
  bench = await startTestIngest();
  other = await startOther();
});
afterAll(async () => {
  await other?.stop();
  await bench?.close();
});

const call = (
  terminal: TestTerminal,
  { nonce = 0, counter }: { nonce?: number; counter?: number } = {},
) => seal(terminal, { type: 'test_call', terminalTimeS: 0, nonce }, counter ? { counter } : {});

async function takenOf({ utilityId }: TestTerminal): Promise<number[]> {
  const { rows } = await bench.database.adminPool.query<{ counter: number }>(
    'select counter from taken_frame where utility_id = $1 order by counter',
    [utilityId],
  );
  return rows.map(({ counter }) => counter);
}

async function highOf({ utilityId }: TestTerminal): Promise<number> {
  const { rows } = await bench.database.adminPool.query<{ up_high: number }>(
    'select up_high from terminal_state where utility_id = $1',
    [utilityId],
  );
  return rows[0]!.up_high;
}

async function requestTest({ utilityId, terminalNumber }: TestTerminal): Promise<number> {
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  const { nonce } = await transactAs(bench.database.db, utilityId, (tx) =>
    requestTerminalTest(tx, actor, { number: terminalNumber, now: new Date() }),
  );
  return nonce;
}

async function answeredOf({ utilityId }: TestTerminal): Promise<number> {
  const { rows } = await bench.database.adminPool.query(
    'select from terminal_test where utility_id = $1 and answered_at is not null',
    [utilityId],
  );
  return rows.length;
}

const repeatedAt = (ingest: Ingest) =>
  metricOf(ingest, 'kenshin_frames_acknowledged_total{how="repeated"}');

describe('a frame outside the batches', () => {
  it('is stored with its counter when it is acknowledged', async () => {
    const { terminal, connection } = await bench.connected();
    const nonce = await requestTest(terminal);
    await connection.send(call(terminal, { nonce }));
    expect(await answeredOf(terminal)).toBe(1);
    expect(await takenOf(terminal)).toEqual([1]);
    expect(await highOf(terminal)).toBe(1);
    expect(await metricOf(bench.ingest, 'kenshin_command_seconds_count')).toBeGreaterThan(0);
  });

  it('that two sidecars hold is stored by one and acknowledged by both', async () => {
    const { terminal, connection } = await bench.connected();
    const frame = call(terminal, { nonce: await requestTest(terminal) });
    const before = await repeatedAt(other);
    // The first transaction cannot end before this lock on its counter's row is released.
    const blocker = await bench.database.adminPool.connect();
    await blocker.query('begin');
    await blocker.query('select from terminal_state where utility_id = $1 for update', [
      terminal.utilityId,
    ]);
    const first = connection.send(frame).catch(() => 'its connection ended');
    await waiting(1);
    const second = (await atOther(terminal)).send(frame);
    await waiting(2);
    expect(await takenOf(terminal)).toEqual([]);
    await blocker.query('commit');
    blocker.release();
    await Promise.all([first, second]);
    expect(await takenOf(terminal)).toEqual([1]);
    expect(await answeredOf(terminal)).toBe(1);
    expect((await repeatedAt(other)) - before).toBe(1);
    expect(await quarantineOf(bench, terminal)).toEqual([]);
  });

  it('of many terminals sent to two sidecars is stored once', async () => {
    const pairs = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const { terminal, connection } = await bench.connected();
        return { terminal, connection, frame: call(terminal) };
      }),
    );
    const race = async ({ terminal, connection, frame }: (typeof pairs)[number]) => {
      const first = connection.send(frame).catch(() => 'its connection ended');
      const second = (await atOther(terminal)).send(frame);
      await Promise.all([first, second]);
    };
    await Promise.all(pairs.map(race));
    for (const { terminal } of pairs) {
      expect(await takenOf(terminal)).toEqual([1]);
      expect(await quarantineOf(bench, terminal)).toEqual([]);
    }
  });

  it('sent again after a restart is acknowledged and not stored; another frame with its counter is a replay', async () => {
    const terminal = await bench.terminal();
    const frame = call(terminal);
    await (await atOther(terminal)).send(frame);
    await other.stop();
    other = await startOther();
    const again = await atOther(terminal);
    await again.send(frame);
    expect(await repeatedAt(other)).toBe(1);
    expect(await quarantineOf(bench, terminal)).toEqual([]);
    const replay = call(terminal, { nonce: 5, counter: 1 });
    await again.send(replay);
    expect(await quarantineOf(bench, terminal)).toMatchObject([
      { reason: 'replay', bytes: replay },
    ]);
    expect(await takenOf(terminal)).toEqual([1]);
  });

  it('with a counter too old to be judged is quarantined with its bytes', async () => {
    const { terminal, connection } = await bench.connected();
    const kept = call(terminal, { counter: 2 });
    await connection.send(kept);
    terminal.counter = 200;
    await connection.send(
      seal(terminal, dayReport(terminal, { day: addDays(dayOf(new Date()), -1) })),
    );
    const old = call(terminal, { counter: 1 });
    await connection.send(old);
    expect(await quarantineOf(bench, terminal)).toMatchObject([{ reason: 'replay', bytes: old }]);
    // A taken frame is recognised however old its counter is.
    await connection.send(kept);
    expect(await quarantineOf(bench, terminal)).toHaveLength(1);
    expect(await takenOf(terminal)).toEqual([2]);
  });

  it('with a counter that a day report used is a replay', async () => {
    const { terminal, connection } = await bench.connected();
    await connection.send(
      seal(terminal, dayReport(terminal, { day: addDays(dayOf(new Date()), -1) })),
    );
    await connection.send(call(terminal, { counter: 1 }));
    expect(await quarantineOf(bench, terminal)).toMatchObject([{ reason: 'replay' }]);
    expect(await takenOf(terminal)).toEqual([]);
  });

  it('whose command keeps failing goes to quarantine, and the others of its transaction are stored', async () => {
    const terminal = await bench.terminal();
    const refused = await requestTest(terminal);
    const good = await requestTest(terminal);
    await bench.database.adminPool.query(
      `create function refuse_answer() returns trigger language plpgsql as $$
       begin
         if new.nonce = ${refused} then raise check_violation using message = 'this answer is refused'; end if;
         return new;
       end $$;
       create trigger refuse_answer before update on terminal_test for each row execute function refuse_answer()`,
    );
    const connection = await connectTerminal(bench.url, terminal);
    const bad = call(terminal, { nonce: refused });
    const frames = [call(terminal), bad, call(terminal, { nonce: good }), call(terminal)];
    await Promise.all(frames.map((frame) => connection.send(frame)));
    expect(await quarantineOf(bench, terminal)).toMatchObject([
      { reason: 'not_storable', bytes: bad, utility_id: terminal.utilityId },
    ]);
    expect(await answeredOf(terminal)).toBe(1);
    expect(await takenOf(terminal)).toEqual([2, 3, 4]);
    expect(await metricOf(bench.ingest, 'kenshin_frames_queued')).toBe(0);
  });
});

it('a terminal that sends too many frames outside the batches loses its connection', async () => {
  const limited = await startTestIngest({ rates: { commands: { burst: 3, perSecond: 0 } } });
  try {
    const { terminal, connection } = await limited.connected();
    for (let at = 0; at < 3; at += 1) await connection.send(call(terminal));
    await expect(connection.send(call(terminal))).rejects.toThrow('before the acknowledgement');
    const cut = 'kenshin_connections_cut_total{reason="too_frequent"}';
    expect(await metricOf(limited.ingest, cut)).toBe(1);
  } finally {
    await limited.close();
  }
});

/** Resolves when that many statements of this database wait for another transaction. */
async function waiting(count: number): Promise<void> {
  const ask = async () => {
    const { rows } = await bench.database.adminPool.query<{ waiting: number }>(
      `select count(*)::integer as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows[0]!.waiting;
  };
  await eventually(ask, (found) => found >= count);
}
