// Delay of other utilities while one sends at full speed, and the share of a lane's memory and of a batch that one
// utility may have. A lock on a row holds a batch in flight, so that what waits meanwhile is known.
import type pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { createUtility } from '../../db/testing/fixtures.ts';
import { addDays, dayOf } from '../../lib/time.ts';
import type { LaneLimits } from '../store/lane.ts';
import { eventually, type IngestBench, metricOf, startTestIngest } from '../testing/ingest.ts';
import {
  connectTerminal,
  dayReport,
  registerTerminal,
  seal,
  type TestConnection,
  type TestTerminal,
} from '../testing/terminal.ts';

const LANES = 2;
const today = dayOf(new Date());
const dayBack = (back: number) => addDays(today, -back);

let bench: IngestBench;
let held: pg.PoolClient | undefined;

afterEach(async () => {
  await release();
  await bench?.close();
});

async function start(limits: Partial<LaneLimits> = {}): Promise<void> {
  bench = await startTestIngest({ limits });
}

interface Sender {
  terminal: TestTerminal;
  connection: TestConnection;
}

/** Signed-in terminals of one utility, all of lane 0. */
async function senders(count: number): Promise<Sender[]> {
  const admin = bench.database.adminPool;
  const utilityId = await createUtility(admin);
  const found: Sender[] = [];
  while (found.length < count) {
    const terminal = await registerTerminal(admin, utilityId);
    if (terminal.terminalId % LANES !== 0) continue;
    found.push({ terminal, connection: await connectTerminal(bench.url, terminal) });
  }
  return found;
}

/** Sends a report of each of the days; `shift` changes its values. */
function report(
  { terminal, connection }: Sender,
  days: readonly string[],
  shift = 0,
): Promise<void>[] {
  const indexL = Array.from({ length: 24 }, (_, hour) => 1000 + shift + 10 * hour);
  return days.map((day) =>
    connection.send(seal(terminal, dayReport(terminal, { day, history: true, indexL }))),
  );
}

/** Blocks every transaction that stores a frame of the terminal. */
async function hold({ terminal }: Sender): Promise<void> {
  held = await bench.database.adminPool.connect();
  await held.query('begin');
  await held.query('select from terminal_state where terminal_id = $1 for update', [
    terminal.terminalId,
  ]);
}

async function release(): Promise<void> {
  await held?.query('rollback');
  held?.release();
  held = undefined;
}

function queued(frames: number): Promise<number> {
  return eventually(
    () => metricOf(bench.ingest, 'kenshin_frames_queued'),
    (count) => count === frames,
    20_000,
  );
}

const days = Array.from({ length: 60 }, (_, at) => dayBack(at + 2));

describe('while five terminals of a utility correct sixty days each', () => {
  it("another utility's frame is committed with the next batch", async () => {
    await start({ commitTimeoutMs: 60_000, slowMaxFrames: 32, slowAloneFrames: 64 });
    const busy = await senders(5);
    const [other] = await senders(1);
    await Promise.all(busy.flatMap((sender) => report(sender, days)));
    // From the database's answer the lane has learnt that these days are known.
    await Promise.all(busy.flatMap((sender) => report(sender, days, 1)));
    await hold(busy[0]!);
    let acknowledged = 0;
    const corrections = busy.flatMap((sender) =>
      report(sender, days, 2).map((sent) => sent.then(() => (acknowledged += 1))),
    );
    await queued(300);
    const before = new Promise<number>((resolve, reject) => {
      const [sent] = report(other!, [dayBack(2)]);
      sent!.then(() => resolve(acknowledged), reject);
    });
    await queued(301);
    await release();
    expect(await before).toBeLessThanOrEqual(64);
    await Promise.all(corrections);
    expect(acknowledged).toBe(300);
  });

  it('a sixth terminal of the same utility waits for one frame of each of them', async () => {
    await start({ commitTimeoutMs: 60_000, slowMaxFrames: 6, slowAloneFrames: 6 });
    const busy = await senders(6);
    const quiet = busy.pop()!;
    await Promise.all(busy.flatMap((sender) => report(sender, days.slice(0, 8))));
    await Promise.all(busy.flatMap((sender) => report(sender, days.slice(0, 8), 1)));
    await hold(busy[0]!);
    let acknowledged = 0;
    const corrections = busy.flatMap((sender) =>
      report(sender, days, 2).map((sent) => sent.then(() => (acknowledged += 1))),
    );
    await queued(300);
    const [sent] = report(quiet, [dayBack(2)]);
    const before = sent!.then(() => acknowledged);
    await queued(301);
    await release();
    // The blocked batch, and the next one, in which every terminal has its turn.
    expect(await before).toBeLessThanOrEqual(6 + 6);
    await Promise.all(corrections);
  });
});

describe('a batch', () => {
  it('never holds more frames than its limits, in all and of one utility', async () => {
    await start({ commitTimeoutMs: 60_000, batchMaxFrames: 12, utilityMaxFrames: 8 });
    const [one] = await senders(1);
    const [other] = await senders(1);
    await hold(one!);
    const first = report(one!, [dayBack(1)]);
    await queued(1);
    const sent = [report(one!, days.slice(0, 30)), report(other!, days.slice(0, 30))].flat();
    await queued(61);
    await release();
    await Promise.all([...first, ...sent]);
    const { rows } = await bench.database.adminPool.query<{ utility_id: number; n: number }>(
      'select utility_id, count(*)::int as n, xmin::text from series.meter_day group by utility_id, xmin::text',
    );
    const sizes = rows.map(({ n }) => n);
    expect(Math.max(...sizes)).toBe(8);
    const { rows: batches } = await bench.database.adminPool.query<{ n: number }>(
      'select count(*)::int as n from series.meter_day group by xmin::text',
    );
    expect(Math.max(...batches.map(({ n }) => n))).toBe(12);
    expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(61);
  });
});

describe('frames that wait', () => {
  it.each([
    ['the lane', { waitingMaxFrames: 10, utilityMaxWaiting: 100 }],
    ['one utility', { waitingMaxFrames: 100, utilityMaxWaiting: 10 }],
  ])(
    'beyond what %s may have end their connection as overloaded, and are taken again later',
    async (_what, limits) => {
      await start({ commitTimeoutMs: 60_000, batchMaxFrames: 5, ...limits });
      const [sender] = await senders(1);
      await hold(sender!);
      const first = report(sender!, [dayBack(1)]);
      await queued(1);
      // Five in the open batch and ten waiting: the sixteenth is one too many.
      const sent = [...first, ...report(sender!, days.slice(0, 16))].map((each) =>
        each.catch((error: Error) => error.message),
      );
      await sender!.connection.ended;
      const cut = 'kenshin_connections_cut_total{reason="overloaded"}';
      expect(await metricOf(bench.ingest, cut)).toBe(1);
      await release();
      await queued(0);
      expect(await Promise.all(sent)).toContain('the connection ended before the acknowledgement');
      const connection = await connectTerminal(bench.url, sender!.terminal);
      await Promise.all(report({ ...sender!, connection }, days.slice(0, 8), 1));
      await connection.end();
    },
  );
});
