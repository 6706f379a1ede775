/** A sidecar on a test file's own database, and queries on that database. */

import { transactAs } from '../../db/client.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { listUtilityIds } from '../../lib/jobs/job-queries.ts';
import type { Transact } from '../ingest-database.ts';
import type { IngestOptions } from '../ingest-options.ts';
import { planPolling } from '../jobs/plan-polling.ts';
import { createLog } from '../log.ts';
import { type Ingest, startIngest } from '../start.ts';
import {
  connectTerminal,
  registerTerminal,
  type TestConnection,
  type TestTerminal,
  testKeks,
} from './terminal.ts';

export interface IngestBench {
  database: TestDatabase;
  ingest: Ingest;
  url: string;
  /** A terminal of a new utility. */
  terminal(): Promise<TestTerminal>;
  /** The same, signed in. */
  connected(): Promise<{ terminal: TestTerminal; connection: TestConnection }>;
  close(): Promise<void>;
}

export interface DayRow {
  day: string;
  meter_id: number;
  index_l: (number | null)[];
  closing_index_l: number | null;
  closing_hour: number | null;
  counter: number;
  arrival: number;
  revision: number;
}

export async function startTestIngest(options: Partial<IngestOptions> = {}): Promise<IngestBench> {
  const database = await testDatabase();
  const ingest = await startIngest({
    pool: database.ingestPool,
    keks: testKeks,
    log: createLog('silent'),
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 1000 },
    healthPort: 0,
    ...options,
  });
  const url = `mqtt://127.0.0.1:${ingest.mqttPort}`;
  const terminal = async () =>
    registerTerminal(database.adminPool, await createUtility(database.adminPool));
  return {
    database,
    ingest,
    url,
    terminal,
    connected: async () => {
      const registered = await terminal();
      return { terminal: registered, connection: await connectTerminal(url, registered) };
    },
    close: async () => {
      await ingest.stop();
      await database.close();
    },
  };
}

/** Plans the polling of every utility repeatedly, all days each time, as the worker does every minute. */
export function planAgainAndAgain(
  { workerDb, workerPool }: Pick<TestDatabase, 'workerDb' | 'workerPool'>,
  now: () => number,
): { stop: () => Promise<void> } {
  let stopped = false;
  const transact: Transact = (utilityId, fn) => transactAs(workerDb, utilityId, fn);
  const options = {
    transact,
    log: createLog('silent'),
    now,
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      for (const utilityId of await listUtilityIds(workerPool)) {
        await planPolling(utilityId, options, 0);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

export async function daysOf(bench: IngestBench, terminal: TestTerminal): Promise<DayRow[]> {
  const { rows } = await bench.database.adminPool.query<DayRow>(
    'select * from series.meter_day where utility_id = $1 order by day, meter_id',
    [terminal.utilityId],
  );
  return rows;
}

export async function quarantineOf(
  bench: IngestBench,
  terminal: Pick<TestTerminal, 'terminalNumber'>,
): Promise<
  { reason: string; reason_offset: number | null; bytes: Buffer; utility_id: number | null }[]
> {
  const { rows } = await bench.database.adminPool.query(
    'select reason, reason_offset, bytes, utility_id from frame_quarantine where terminal_number = $1 order by quarantine_id',
    [terminal.terminalNumber],
  );
  return rows;
}

/** Repeats a query until the answer is right; fails with the last answer after a time limit. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
  withinMs = 5000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`not in time; last seen ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Value of a metric, 0 when it was never counted. */
export async function metricOf(ingest: Ingest, line: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${ingest.healthPort}/metrics`);
  const found = (await response.text()).split('\n').find((each) => each.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
}
