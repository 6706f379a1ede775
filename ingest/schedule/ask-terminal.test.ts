import { PassThrough } from 'node:stream';
import type { Client } from 'aedes';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLog } from '../log.ts';
import { IngestMetrics } from '../metrics.ts';
import { Connection, TerminalSession } from '../mqtt/terminal.ts';
import { TokenBucket } from '../mqtt/token-bucket.ts';
import { ASK_POLICY, TerminalAsker } from './ask-terminal.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A subscribed terminal whose socket takes what is sent, or does not. */
function connectionOf(number: string, takes: boolean): Connection {
  const bucket = new TokenBucket({ burst: 9, perSecond: 1 }, 0);
  const few = { frames: bucket, control: bucket, faults: bucket };
  const session = new TerminalSession(number, { ...few, repeats: bucket, settings: bucket });
  session.reportMinute = 60;
  session.reportWindowMinutes = 240;
  session.keys = [{ generation: 1, uplink: Buffer.alloc(32), downlink: Buffer.alloc(32) }];
  const conn = new PassThrough({ highWaterMark: takes ? 10_000 : 1 });
  if (takes) conn.resume();
  else conn.write('what is not read');
  const client = { closed: false, close: () => undefined, conn } as unknown as Client;
  const connection = new Connection(client, session, 0, () => undefined);
  connection.subscribed = true;
  return connection;
}

it('counts and logs what was sent, not what a terminal did not take', async () => {
  const metrics = new IngestMetrics({ connections: () => 0, queued: () => 0, lagMs: () => 0 });
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (text: string) => void lines.push(JSON.parse(text)) };
  const asker = new TerminalAsker({
    store: {
      listWanted: async () => ({
        requests: [
          { meterId: 1, day: '2026-03-01', reason: 'absent', askedCount: 0, lastAskedAt: null },
        ],
        setting: undefined,
        tests: [],
      }),
      enter: async () => 1,
      testsSent: async () => undefined,
      testAcknowledged: async () => undefined,
      settingAcknowledged: async () => undefined,
    },
    metrics,
    log: createLog('info', destination),
    now: Date.now,
    policy: { ...ASK_POLICY, quietMs: 0 },
  });
  for (const number of ['1', '2', '3']) asker.consider(connectionOf(number, number === '3'));
  await vi.advanceTimersByTimeAsync(100);
  const asked = (number: string) => lines.filter(({ terminal }) => terminal === number);
  expect(asked('3')).toMatchObject([{ msg: 'terminal asked', asked: 1, setsClock: true }]);
  expect(asked('1')).toMatchObject([{ msg: 'nothing could be sent to a terminal', unsent: 2 }]);
  const text = await metrics.registry.metrics();
  expect(text).toContain('kenshin_frames_sent_total{type="report_days"} 1\n');
  expect(text).toContain('kenshin_frames_sent_total{type="set_clock"} 1\n');
});
