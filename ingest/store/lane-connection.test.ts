import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../log.ts';
import { LANE_LIMITS } from './lane.ts';
import { LaneConnection } from './lane-connection.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A connection that can be prepared and then stops answering, or continues to answer. */
function clientThat(answers: () => boolean): pg.Client {
  const query = ({ text }: { text: string }) =>
    text !== 'select' || answers()
      ? Promise.resolve({ rows: [{ dayReportRow: 1, terminalUpdate: 2, isReadOnly: false }] })
      : Promise.reject(new Error('Query read timeout'));
  return { query, on: () => undefined, end: async () => undefined } as unknown as pg.Client;
}

function connectionTo(answers: () => boolean) {
  const openedAtMs: number[] = [];
  const connection = new LaneConnection({
    open: async () => {
      openedAtMs.push(Date.now());
      return clientThat(answers);
    },
    isQuiet: () => true,
    onReady: () => undefined,
    onLost: () => undefined,
    log: createLog('silent'),
    limits: LANE_LIMITS,
  });
  /** Times of opening, in milliseconds after the first. */
  const openedAfterMs = () => openedAtMs.map((at) => at - openedAtMs[0]!);
  return { connection, openedAfterMs };
}

describe('the connection of a lane', () => {
  it('is retried at growing intervals when it can be made and takes no data, until a commit succeeds', async () => {
    const { connection, openedAfterMs } = connectionTo(() => true);
    await connection.start();
    const lose = async () => {
      connection.lose(connection.client!, new Error('disk full'));
      await vi.advanceTimersByTimeAsync(2000);
    };
    for (let time = 1; time <= 3; time += 1) await lose();
    connection.committed();
    await lose();
    expect(openedAfterMs()).toEqual([0, 100, 2200, 4400, 6100]);
    connection.close();
  });

  it('that misses a heartbeat is replaced', async () => {
    let isSilent = false;
    const { connection, openedAfterMs } = connectionTo(() => !isSilent);
    await connection.start();
    const first = connection.client;
    await vi.advanceTimersByTimeAsync(LANE_LIMITS.heartbeat.everyMs * 3);
    expect(connection.client).toBe(first);
    isSilent = true;
    await vi.advanceTimersByTimeAsync(LANE_LIMITS.heartbeat.everyMs);
    expect(connection.client).not.toBe(first);
    await vi.advanceTimersByTimeAsync(LANE_LIMITS.reconnect.minDelayMs);
    expect(openedAfterMs()).toHaveLength(2);
    connection.close();
  });
});
