import { PassThrough } from 'node:stream';
import type { Client } from 'aedes';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TokenBucket } from '../../lib/token-bucket.ts';
import { Downlink } from '../dispatch/downlink.ts';
import { createLog } from '../log.ts';
import { IngestMetrics } from '../metrics.ts';
import { Connection, TerminalSession } from '../session/terminal-session.ts';
import { ASK_POLICY, type PollStore, TerminalAsker, type Wanted } from './ask-terminal.ts';

const OPENED = { openedAtMs: 0, ownerGeneration: 1 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A subscribed terminal whose socket accepts data, or does not. */
function connectionOf(number: string, takes: boolean): Connection {
  const bucket = new TokenBucket({ burst: 9, perSecond: 1 }, 0);
  const few = { frames: bucket, control: bucket, faults: bucket };
  const session = new TerminalSession(number, {
    ...few,
    repeats: bucket,
    commands: bucket,
    settings: bucket,
  });
  session.reportMinute = 60;
  session.reportWindowMinutes = 240;
  session.keys = [{ generation: 1, uplink: Buffer.alloc(32), downlink: Buffer.alloc(32) }];
  const conn = new PassThrough({ highWaterMark: takes ? 10_000 : 1 });
  if (takes) conn.resume();
  else conn.write('what is not read');
  const client = { closed: false, close: () => undefined, conn } as unknown as Client;
  const connection = new Connection(client, session, OPENED, () => undefined);
  connection.subscribed = true;
  return connection;
}

const NOTHING_WANTED: Wanted = { requests: [], setting: undefined, tests: [] };

/** An asker over a database with the given requests, and its log. */
function askerOver(store: Partial<PollStore>) {
  const metrics = new IngestMetrics();
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (text: string) => void lines.push(JSON.parse(text)) };
  const log = createLog('info', destination);
  const asker = new TerminalAsker({
    store: {
      listWanted: async () => NOTHING_WANTED,
      enter: async () => undefined,
      testsSent: async () => undefined,
      testAcknowledged: async () => undefined,
      settingAcknowledged: async () => undefined,
      ...store,
    },
    downlink: new Downlink({ takeCounters: async () => 1, metrics, log }),
    log,
    now: Date.now,
    policy: { ...ASK_POLICY, quietMs: 0 },
  });
  return { asker, metrics, lines };
}

it('the asker counts, logs and records what was sent, not what a terminal did not take', async () => {
  const entered: unknown[][] = [];
  const { asker, metrics, lines } = askerOver({
    enter: async (_terminal, { ask }) => void entered.push(ask.map(({ day }) => day)),
    listWanted: async () => ({
      ...NOTHING_WANTED,
      requests: [
        { meterId: 1, day: '2026-03-01', reason: 'absent', askedCount: 0, lastAskedAt: null },
      ],
    }),
  });
  for (const number of ['1', '2', '3']) asker.consider(connectionOf(number, number === '3'));
  await vi.advanceTimersByTimeAsync(100);
  const linesOf = (number: string) => lines.filter(({ terminal }) => terminal === number);
  expect(linesOf('3')).toMatchObject([{ msg: 'terminal asked', asked: 1, setsClock: true }]);
  expect(linesOf('1')).toMatchObject([{ msg: 'nothing could be sent to a terminal', unsent: 2 }]);
  expect(entered).toEqual([[], [], ['2026-03-01']]);
  const text = await metrics.registry.metrics();
  expect(text).toContain('kenshin_frames_sent_total{type="report_days"} 1\n');
  expect(text).toContain('kenshin_frames_sent_total{type="set_clock"} 1\n');
});

it('the asker sends a test again over the same connection when it could not be recorded as sent', async () => {
  const testsSent = vi.fn<PollStore['testsSent']>(async () => undefined);
  testsSent.mockRejectedValueOnce(new Error('the database is away'));
  const tests = [{ testId: 7, nonce: 1234 }];
  const { asker } = askerOver({
    listWanted: async () => ({ ...NOTHING_WANTED, tests }),
    testsSent,
  });
  const connection = connectionOf('1', true);
  for (let look = 0; look < 3; look += 1) {
    asker.consider(connection);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(testsSent.mock.calls.map(([, testIds]) => testIds)).toEqual([[7], [7]]);
});

it('the asker sends nothing once it is stopped', async () => {
  const listWanted = vi.fn(async () => NOTHING_WANTED);
  const { asker } = askerOver({ listWanted });
  asker.stop();
  asker.consider(connectionOf('1', true));
  await vi.advanceTimersByTimeAsync(100);
  expect(listWanted).not.toHaveBeenCalled();
});
