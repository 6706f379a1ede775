import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool, transactAs } from '../../db/client.ts';
import { testClock } from '../../db/testing/testing.ts';
import { requestTerminalTest } from '../../lib/terminals/terminal-test-commands.ts';
import { addDays, dayOf } from '../../lib/time.ts';
import type { IngestOptions } from '../ingest-options.ts';
import { createLog } from '../log.ts';
import { type Ingest, startIngest } from '../start.ts';
import { eventually, type IngestBench, metricOf, startTestIngest } from '../testing/ingest.ts';
import { proxyTo } from '../testing/proxy.ts';
import {
  connectTerminal,
  dayReport,
  listenDown,
  seal,
  type TestConnection,
  type TestTerminal,
  testKeks,
} from '../testing/terminal.ts';

// The latest CONNECT of a terminal counts, whichever process received it.
let bench: IngestBench;
let other: Ingest;
const limits = { everyMs: 50, minDelayMs: 20, maxDelayMs: 50 };

const startOn = (
  pool: IngestBench['database']['ingestPool'],
  options: Partial<IngestOptions> = {},
) =>
  startIngest({
    ...{ pool, keks: testKeks, log: createLog('silent'), healthPort: 0, owners: limits },
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 1000 },
    ...options,
  });
const connectAt = (mqttPort: number, terminal: TestTerminal) =>
  connectTerminal(`mqtt://127.0.0.1:${mqttPort}`, terminal);

beforeAll(async () => {
  bench = await startTestIngest({ owners: limits });
  other = await startOn(bench.database.ingestPool);
});
afterAll(async () => {
  await other?.stop();
  await bench?.close();
});

const takenOver = (ingest: Ingest) =>
  metricOf(ingest, 'kenshin_connections_cut_total{reason="taken_over"}');

async function ownersOf({ utilityId }: TestTerminal): Promise<string[]> {
  const { rows } = await bench.database.adminPool.query<{ process_id: string }>(
    'select process_id from terminal_owner where utility_id = $1',
    [utilityId],
  );
  return rows.map(({ process_id }) => process_id);
}

let back = 0;
/** Asserts that the connection is alive: a report over it is acknowledged. */
async function reports(terminal: TestTerminal, connection: TestConnection): Promise<void> {
  back += 1;
  const day = addDays(dayOf(new Date()), -back);
  await connection.send(seal(terminal, dayReport(terminal, { day })));
}

describe('a second CONNECT', () => {
  it('at another process ends the session at the first, there and back', async () => {
    const { terminal, connection: first } = await bench.connected();
    const before = await takenOver(bench.ingest);
    const second = await connectAt(other.mqttPort, terminal);
    await first.ended;
    expect(await takenOver(bench.ingest)).toBe(before + 1);
    await reports(terminal, second);
    const third = await connectTerminal(bench.url, terminal);
    await second.ended;
    await reports(terminal, third);
    expect(await ownersOf(terminal)).toHaveLength(1);
    await third.end();
    await eventually(
      () => ownersOf(terminal),
      (owners) => owners.length === 0,
    );
  });

  it('at the same process ends the first connection, and the row stays that of the later', async () => {
    const { terminal, connection: first } = await bench.connected();
    const second = await connectTerminal(bench.url, terminal);
    await first.ended;
    await reports(terminal, second);
    expect(await ownersOf(terminal)).toHaveLength(1);
  });

  it('of many terminals at one time leaves each with its later connection alone', async () => {
    const terminals = await Promise.all(Array.from({ length: 40 }, () => bench.connected()));
    const later = await Promise.all(
      terminals.map(({ terminal }) => connectAt(other.mqttPort, terminal)),
    );
    await Promise.all(terminals.map(({ connection }) => connection.ended));
    await Promise.all(terminals.map(({ terminal }, at) => reports(terminal, later[at]!)));
  });
});

it('a test that is requested calls the owner of its terminal, which sends it without waiting to look', async () => {
  const { ingestPool, db } = bench.database;
  const rare = { calledEveryMs: 3_600_000, asking: { quietMs: 0 } };
  const owner = await startOn(ingestPool, rare);
  try {
    const terminal = await bench.terminal();
    const connection = await connectAt(owner.mqttPort, terminal);
    const next = await listenDown(connection, terminal, { withSettings: true });
    expect(await next()).toMatchObject({ type: 'set_clock' });
    const { utilityId, terminalNumber: number } = terminal;
    const actor = { kind: 'system', utilityId, name: 'test' } as const;
    const { nonce } = await transactAs(db, utilityId, (tx) =>
      requestTerminalTest(tx, actor, { number, now: new Date() }),
    );
    expect(await next()).toEqual({ type: 'test', nonce });
  } finally {
    await owner.stop();
  }
});

describe('a process that cannot be called', () => {
  it('finds out when it is called again that a terminal has connected elsewhere', async () => {
    const line = await proxyTo(bench.database.ingestUrl);
    const pool = openPool(line.url, { applicationName: 'kenshin cut ingest', max: 12 });
    const away = await startOn(pool);
    try {
      const terminal = await bench.terminal();
      const first = await connectAt(away.mqttPort, terminal);
      line.cut();
      const second = await connectTerminal(bench.url, terminal);
      let hasEnded = false;
      void first.ended.then(() => {
        hasEnded = true;
      });
      await reports(terminal, second);
      expect(hasEnded).toBe(false);
      line.mend();
      await first.ended;
      expect(await takenOver(away)).toBe(1);
      await reports(terminal, second);
    } finally {
      line.mend();
      await away.stop();
      await pool.end();
      await line.close();
    }
  });
});

describe('a process that is killed', () => {
  it('leaves no terminal behind: the next CONNECT is taken at once, and its rows are removed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kenshin-owners-'));
    const [terminal, gone] = [await bench.terminal(), await bench.terminal()];
    for (const { utilityId } of [terminal, gone]) {
      const { rows } = await bench.database.adminPool.query<{ code: string }>(
        'select code from utility where utility_id = $1',
        [utilityId],
      );
      writeFileSync(join(folder, `${rows[0]!.code}.key`), '5a'.repeat(32), { mode: 0o600 });
    }
    const child = fork(fileURLToPath(new URL('../main.ts', import.meta.url)), {
      env: {
        ...{ PATH: '/usr/bin:/bin', NODE_ENV: 'test', ...testClock() },
        DATABASE_URL: bench.database.ingestUrl,
        KENSHIN_KEK_DIRECTORY: folder,
        ...{ KENSHIN_MQTT_PORT: '0', KENSHIN_HEALTH_PORT: '0' },
      },
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    try {
      const [{ mqttPort }] = (await once(child, 'message')) as [{ mqttPort: number }];
      const connections = await Promise.all(
        [terminal, gone].map((each) => connectAt(mqttPort, each)),
      );
      const [killed] = await ownersOf(gone);
      child.kill('SIGKILL');
      await Promise.all(connections.map(({ ended }) => ended));
      const again = await connectTerminal(bench.url, terminal);
      await reports(terminal, again);
      expect(await ownersOf(terminal)).not.toContain(killed);
      expect(await ownersOf(gone)).toEqual([killed]);
      // A minute later by the clock of the database.
      await bench.database.adminPool.query(
        `update ingest_process set alive_at = alive_at - interval '2 minutes' where process_id = $1`,
        [killed],
      );
      await eventually(
        () => ownersOf(gone),
        (owners) => owners.length === 0,
      );
      expect(await ownersOf(terminal)).toHaveLength(1);
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
