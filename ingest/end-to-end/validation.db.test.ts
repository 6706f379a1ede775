// A spoiled register from the terminal's frame to its verdict, by a worker without a schedule: over a real broker and queue.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import { createLog } from '../log.ts';
import { startWorker, type Worker } from '../start-worker.ts';
import { eventually, type IngestBench, startTestIngest } from '../testing/ingest.ts';
import { dayReport, seal } from '../testing/terminal.ts';

const today = dayOf(new Date());
const yesterday = addDays(today, -1);
const now = instantOf(today, 23).getTime();

let bench: IngestBench;
let worker: Worker;

beforeAll(async () => {
  bench = await startTestIngest({ now: () => now });
  const pool = bench.database.workerPool;
  worker = await startWorker({ pool, log: createLog('silent'), healthPort: 0, schedule: [] });
});
afterAll(async () => {
  await worker?.stop();
  await bench?.close();
});

const sound = Array.from({ length: 24 }, (_, hour) => 1000 + hour);

async function verdictsOf(utilityId: number) {
  const { rows } = await bench.database.adminPool.query(
    'select hours, index_l, rules from reading_verdict where utility_id = $1',
    [utilityId],
  );
  return rows;
}

async function expectVerdict(utilityId: number, verdict: object): Promise<void> {
  const expected = JSON.stringify([verdict]);
  await eventually(
    () => verdictsOf(utilityId),
    (verdicts) => JSON.stringify(verdicts) === expected,
  );
}

it('a register that cannot be a reading has its verdict within seconds, and none once it was corrected', async () => {
  const { terminal, connection } = await bench.connected();
  const send = (indexL: number[]) =>
    connection.send(seal(terminal, dayReport(terminal, { day: yesterday, indexL })));
  await send(sound.with(12, 16_777_215));
  const verdict = { hours: [13], index_l: [16_777_215], rules: ['error-code'] };
  await expectVerdict(terminal.utilityId, verdict);
  const { rows } = await bench.database.adminPool.query(
    'select index_l[13] as stored, closing_index_l from series.meter_day where utility_id = $1',
    [terminal.utilityId],
  );
  expect(rows).toEqual([{ stored: 16_777_215, closing_index_l: 1023 }]);
  await send(sound);
  const none = { hours: [], index_l: [], rules: [] };
  await expectVerdict(terminal.utilityId, none);
});

it('what waits is validated although a transaction that is under way holds the feed up', async () => {
  const blocker = await bench.database.adminPool.connect();
  try {
    await blocker.query('begin');
    await blocker.query('select pg_current_xact_id()');
    const { terminal, connection } = await bench.connected();
    const indexL = sound.with(23, 0);
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday, indexL })));
    const verdict = { hours: [24], index_l: [0], rules: ['fell'] };
    await expectVerdict(terminal.utilityId, verdict);
    const waiting = 'select count(*)::integer as n from unvalidated_changes($1, null)';
    const { rows } = await blocker.query(`select serve_utility($1)`, [terminal.utilityId]);
    expect(rows).toHaveLength(1);
    expect((await blocker.query(waiting, [terminal.utilityId])).rows).toEqual([{ n: 0 }]);
  } finally {
    await blocker.query('rollback');
    blocker.release();
  }
});
