// Frames per second that are committed outside the batches, from PUBLISH to PUBACK, measured with test calls that each
// answer an open test: one transaction takes the frame's counter and updates the test's row. Sidecar, load and database
// are separate processes on one machine.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { cloneDatabase } from '../db/testing/database.ts';
import { certain, elementAt } from '../lib/certain.ts';
import {
  type Bench,
  databaseMsOf,
  prepareLoad,
  round,
  runLoad,
  startSidecar,
  usageOf,
} from './ingest-processes.ts';
import { KEK, registerTerminals, UTILITIES } from './ingest-register.ts';

const TERMINALS = 400;
/** Below the limit of one terminal's burst. */
const CALLS_OF_EACH = 100;

interface Case {
  connections: number;
  /** Frames of a connection without PUBACK. */
  window: number;
}

const CASES = {
  /** As many terminals as report at the same time after an earthquake. */
  storm: { connections: TERMINALS, window: 4 },
  /** Few at a time, for the latency of one. */
  calm: { connections: 4, window: 1 },
} satisfies Record<string, Case>;

export interface CommandFigures {
  frames: number;
  perS: number;
  p50Ms: number;
  p99Ms: number;
  peakMemoryMb: number;
  /** Processor time per frame, of the sidecar and of the database's processes that serve it. */
  sidecarUsPerFrame: number;
  databaseUsPerFrame: number;
}

/** Runs the benchmark on a scratch database of the server and drops it again. The URL's role may create databases. */
export async function benchCommands(serverUrl: string): Promise<{
  perS: number;
  storm: CommandFigures;
  calm: CommandFigures;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'kenshin-bench-'));
  const database = await cloneDatabase(serverUrl);
  try {
    for (const utility of UTILITIES) {
      writeFileSync(join(folder, `${utility}.key`), KEK, { mode: 0o600 });
    }
    const bench = { database, folder, onProgress: (text: string) => console.error(text) };
    const storm = await measure(bench, CASES.storm, TERMINALS);
    const calm = await measure(bench, CASES.calm, TERMINALS / 10);
    return { perS: storm.perS, storm, calm };
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(bench: Bench, size: Case, terminalCount: number): Promise<CommandFigures> {
  const { adminPool } = bench.database;
  const terminals = await registerTerminals(adminPool, terminalCount);
  await openTests(adminPool, terminals);
  const load = await prepareLoad({
    ...{ ...size, terminals, daysOfEach: CALLS_OF_EACH, firstDay: 9000, message: 'test_call' },
  });
  const { process: sidecar, mqttPort } = await startSidecar(bench);
  try {
    bench.onProgress(
      `${size.connections} connections: ${terminalCount * CALLS_OF_EACH} test calls`,
    );
    const result = await runLoad(load, mqttPort);
    await assertAnswered(adminPool, terminals, result.acknowledged);
    const { peakMemoryMb, cpuUsPerReport } = usageOf(
      certain(sidecar.pid, 'the number of the process'),
      result.acknowledged,
    );
    return {
      frames: result.acknowledged,
      perS: Math.round(result.acknowledged / result.seconds),
      p50Ms: round(result.p50Ms, 1),
      p99Ms: round(result.p99Ms, 1),
      peakMemoryMb,
      sidecarUsPerFrame: cpuUsPerReport,
      databaseUsPerFrame: round(
        ((await databaseMsOf(bench.database)) * 1000) / result.acknowledged,
        1,
      ),
    };
  } finally {
    sidecar.kill('SIGKILL');
  }
}

type Terminals = Awaited<ReturnType<typeof registerTerminals>>;

/** Inserts an open test for each call of each terminal. */
async function openTests(admin: pg.Pool, terminals: Terminals): Promise<void> {
  await admin.query(
    `insert into terminal_test (utility_id, terminal_id, nonce, requested_at, requested_by, expires_at, sent_at)
     select utility_id, terminal_id, nonce, now(), 'system:bench', now() + interval '1 day', now()
     from terminal, generate_series(1, $2) nonce where number = any ($1)`,
    [terminals.map(({ number }) => number), CALLS_OF_EACH],
  );
  await admin.query('vacuum analyze terminal_test');
}

async function assertAnswered(
  admin: pg.Pool,
  terminals: Terminals,
  acknowledged: number,
): Promise<void> {
  const { rows } = await admin.query<{ answered: number; taken: number }>(
    `with own as (select utility_id, terminal_id from terminal where number = any ($1))
     select (select count(*)::integer from own join terminal_test using (utility_id, terminal_id)
             where answered_at is not null) as answered,
            (select count(*)::integer from own join taken_frame using (utility_id, terminal_id)) as taken`,
    [terminals.map(({ number }) => number)],
  );
  const { answered, taken } = elementAt(rows, 0);
  if (answered === acknowledged && taken === acknowledged) return;
  throw new Error(`${acknowledged} were acknowledged, ${answered} answered and ${taken} taken`);
}
