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
function connectionOf(number: string, takes: boolean, sent: string[]): Connection {
  const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 0);
  const buckets = { frames: bucket, control: bucket, faults: bucket, repeats: bucket };
  const session = new TerminalSession(number, buckets);
  session.keys = [{ generation: 1, uplink: Buffer.alloc(32), downlink: Buffer.alloc(32) }];
  const publish = (_: unknown, done: () => void) => {
    sent.push(number);
    if (takes) done();
  };
  const client = { closed: false, close: () => undefined, publish } as unknown as Client;
  const connection = new Connection(client, session, 0, () => undefined);
  connection.subscribed = true;
  return connection;
}

it('terminals that do not take what is sent keep nobody else from being asked', async () => {
  const sent: string[] = [];
  const asker = new TerminalAsker({
    store: {
      listWanted: async () => [
        { meterId: 1, day: '2026-03-01', reason: 'absent', askedCount: 0, lastAskedAt: null },
      ],
      enter: async () => 1,
    },
    metrics: new IngestMetrics({ connections: () => 0, queued: () => 0, lagMs: () => 0 }),
    log: createLog('silent'),
    now: Date.now,
    policy: { ...ASK_POLICY, quietMs: 0 },
  });
  for (const number of ['1', '2', '3']) asker.consider(connectionOf(number, number === '3', sent));
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual(['1', '2']);
  await vi.advanceTimersByTimeAsync(2000);
  expect(sent).toEqual(['1', '2', '3']);
});
