import { PassThrough } from 'node:stream';
import type { Client } from 'aedes';
import { beforeEach, describe, expect, it } from 'vitest';
import { TokenBucket } from '../../lib/token-bucket.ts';
import { createLog } from '../log.ts';
import { decodeHeader } from '../protocol/frame.ts';
import type { DownlinkMessage } from '../protocol/message.ts';
import { Connection, TerminalSession } from '../session/terminal-session.ts';
import { Downlink, type DownlinkOptions } from './downlink.ts';

const OPENED = { openedAtMs: 0, ownerGeneration: 1 };

let counter: number;
let sentTypes: string[];
/** Each call provides the counters of one request. */
let give: (() => void)[];
beforeEach(() => {
  counter = 0;
  sentTypes = [];
  give = [];
});

function downlinkOver(
  takeCounters: DownlinkOptions['takeCounters'] = takeWhenGiven,
  sent = (type: string) => void sentTypes.push(type),
): Downlink {
  const metrics = { sent };
  return new Downlink({ takeCounters, metrics, log: createLog('silent') });
}

async function takeWhenGiven(_terminal: unknown, count: number): Promise<number> {
  await new Promise<void>((resolve) => give.push(resolve));
  counter += count;
  return counter - count + 1;
}

/** A connection, with type and counter of each frame written to it. */
function connectionOf() {
  const bucket = new TokenBucket({ burst: 9, perSecond: 1 }, 0);
  const session = new TerminalSession('1', {
    ...{ frames: bucket, control: bucket, faults: bucket },
    ...{ repeats: bucket, commands: bucket, settings: bucket },
  });
  session.keys = [{ generation: 1, uplink: Buffer.alloc(32), downlink: Buffer.alloc(32) }];
  const conn = new PassThrough({ highWaterMark: 10_000 });
  const frames: [number, number][] = [];
  conn.on('data', (packet: Buffer) => {
    const header = decodeHeader(packet.subarray(2 + 2 + session.downTopic.length + 2), 'down');
    if (header.ok) frames.push([header.type, header.counter]);
  });
  const client = { closed: false, close: () => undefined, conn } as unknown as Client;
  const connection = new Connection(client, session, OPENED, () => undefined);
  connection.subscribed = true;
  return { connection, conn, frames };
}

const test = (nonce: number): DownlinkMessage => ({ type: 'test', nonce });
const days = (fromDay: number): DownlinkMessage => ({
  ...{ type: 'report_days', fromDay, toDay: fromDay },
});
const clock: DownlinkMessage = {
  ...{ type: 'set_clock', terminalTimeS: 0, reportMinute: 0, windowMinutes: 60 },
};

describe('messages to a terminal', () => {
  it('go out the most urgent first, with rising counters, each sender in its order', async () => {
    const downlink = downlinkOver();
    const { connection, frames } = connectionOf();
    const first = downlink.send(connection, 'poll', [days(1), days(2)]);
    // Counters for the first are being taken while the others arrive.
    const second = downlink.send(connection, 'poll', [days(3)]);
    const set = downlink.send(connection, 'clock', [clock]);
    const urgent = downlink.send(connection, 'emergency', [test(1)]);
    give.shift()!();
    await Promise.all([urgent, set]);
    expect(frames).toEqual([
      [0x83, 1],
      [0x82, 2],
    ]);
    give.shift()!();
    await Promise.all([first, second, set, urgent]);
    const rest = [3, 4, 5].map((used) => [0x81, used]);
    expect(frames.slice(2)).toEqual(rest);
    expect((await first).map(({ message }) => message)).toEqual([days(1), days(2)]);
  });

  it('are handed when they are written, and acknowledged by the PUBACK alone', async () => {
    const downlink = downlinkOver(async () => 1);
    const { connection, conn } = connectionOf();
    const [one, two] = await downlink.send(connection, 'test', [test(1), test(2)]);
    expect([one!.state, two!.state]).toEqual(['handed', 'handed']);
    expect(sentTypes).toEqual(['test', 'test']);
    const outcomes: string[] = [];
    void one!.outcome.then((outcome) => outcomes.push(outcome));
    connection.publisher.acknowledged(7);
    connection.publisher.acknowledged(2);
    expect(await two!.outcome).toBe('acknowledged');
    expect(outcomes).toEqual([]);
    conn.destroy();
    expect(await one!.outcome).toBe('gone');
  });

  it('are gone, and counted nowhere, where the connection ends before they are sent', async () => {
    const downlink = downlinkOver();
    const { connection, conn } = connectionOf();
    const before = downlink.send(connection, 'emergency', [test(1)]);
    conn.destroy();
    give.shift()!();
    const after = downlink.send(connection, 'emergency', [test(2)]);
    for (const [delivery] of await Promise.all([before, after])) {
      expect(delivery).toMatchObject({ state: 'gone' });
      expect(await delivery!.outcome).toBe('gone');
    }
    expect(sentTypes).toEqual([]);
  });

  it.each([
    ['no counter is taken', () => Promise.reject(new Error('the database is away'))],
    [
      'taking one fails at once',
      () => {
        throw new TypeError('no pool');
      },
    ],
  ])('are gone when %s, and the next ones are sent', async (_, failing) => {
    let calls = 0;
    const downlink = downlinkOver((...given) =>
      calls++ === 0 ? failing() : Promise.resolve(given[1]),
    );
    const { connection, frames } = connectionOf();
    expect(await downlink.send(connection, 'poll', [days(1)])).toMatchObject([{ state: 'gone' }]);
    expect(await downlink.send(connection, 'poll', [days(2)])).toMatchObject([{ state: 'handed' }]);
    expect(frames).toEqual([[0x81, 1]]);
  });

  it('that cannot be sealed are gone, with the reason in the log; the others are sent', async () => {
    const lines: string[] = [];
    const log = createLog('error', { write: (line: string) => void lines.push(line) });
    let taken = 0;
    const takeCounters = async (_: unknown, count: number) => {
      taken += count;
      return taken - count + 1;
    };
    const downlink = new Downlink({ takeCounters, metrics: { sent: () => undefined }, log });
    const { connection, frames } = connectionOf();
    // A nonce has 32 bits.
    const unsealable = test(2 ** 40);
    const sent = await downlink.send(connection, 'test', [test(1), unsealable, test(3)]);
    expect(sent.map(({ state }) => state)).toEqual(['handed', 'gone', 'handed']);
    expect(await sent[1]!.outcome).toBe('gone');
    expect(await downlink.send(connection, 'test', [test(4)])).toMatchObject([{ state: 'handed' }]);
    expect(frames.map(([, used]) => used)).toEqual([1, 3, 4]);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      ...{ terminal: '1', type: 'test', msg: 'a message to a terminal could not be sent' },
      err: { message: expect.any(String) },
    });
  });

  it('that are written are handed even when counting them fails', async () => {
    const downlink = downlinkOver(
      async () => 1,
      () => {
        throw new Error('no such label');
      },
    );
    const { connection, frames } = connectionOf();
    expect(await downlink.send(connection, 'poll', [days(1)])).toMatchObject([{ state: 'handed' }]);
    expect(frames).toHaveLength(1);
  });

  it('of a sender that fails on its result do not delay those of others', async () => {
    const downlink = downlinkOver(async (_, count) => count);
    const { connection, frames } = connectionOf();
    const failing = downlink.send(connection, 'poll', [days(1)]).then(() => {
      throw new Error('the sender fails');
    });
    const beside = downlink.send(connection, 'poll', [days(2)]);
    await expect(failing).rejects.toThrow('the sender fails');
    expect(await beside).toMatchObject([{ state: 'handed' }]);
    expect(await downlink.send(connection, 'poll', [days(3)])).toMatchObject([{ state: 'handed' }]);
    expect(frames).toHaveLength(3);
  });

  it('wait for SUBACK where they are an emergency, and no others do', async () => {
    const downlink = downlinkOver(async () => 1);
    const { connection, frames } = connectionOf();
    connection.subscribed = false;
    const urgent = downlink.send(connection, 'emergency', [test(1)]);
    expect(await downlink.send(connection, 'poll', [days(1)])).toMatchObject([{ state: 'gone' }]);
    expect(frames).toEqual([]);
    connection.subscribed = true;
    downlink.onSubscribed(connection);
    expect(await urgent).toMatchObject([{ state: 'handed' }]);
    expect(frames.map(([type]) => type)).toEqual([0x83]);
  });
});
