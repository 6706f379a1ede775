import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../lib/time.ts';
import {
  daysOf,
  eventually,
  type IngestBench,
  metricOf,
  quarantineOf,
  startTestIngest,
} from '../testing/ingest.ts';
import { connectTerminal, dayReport, noise, seal, type TestTerminal } from '../testing/terminal.ts';

let bench: IngestBench;
const today = dayOf(new Date());
const yesterday = addDays(today, -1);
const refused = (reason: string) =>
  metricOf(bench.ingest, `kenshin_connections_refused_total{reason="${reason}"}`);
const cut = (reason: string) =>
  metricOf(bench.ingest, `kenshin_connections_cut_total{reason="${reason}"}`);

beforeAll(async () => {
  bench = await startTestIngest({
    unsigned: { maxSilent: 3, signInMs: 2500 },
    rates: {
      frames: { burst: 40, perSecond: 1 },
      control: { burst: 20, perSecond: 0 },
      faults: { burst: 5, perSecond: 0 },
      repeats: { burst: 5, perSecond: 0 },
    },
  });
});
afterAll(() => bench?.close());

describe('a CONNECT', () => {
  it.each([
    ['with a wrong secret', 'wrong_secret', 4, { password: 'wrong' }],
    ['without a secret', 'wrong_secret', 4, { password: undefined }],
    ['under another client id', 'identity_mismatch', 2, { clientId: '1' }],
    ['under another user name', 'identity_mismatch', 2, { username: '1' }],
    [
      'with a will',
      'will',
      5,
      { will: { topic: 't/1/up', payload: Buffer.from('gone'), qos: 1, retain: false } },
    ],
    ['for a session that outlives it', 'persistent_session', 5, { clean: false }],
    ['without keep-alive', 'no_keep_alive', 5, { keepalive: 0 }],
  ] as const)('%s is refused and counted', async (_, reason, code, options) => {
    const terminal = await bench.terminal();
    const before = await refused(reason);
    await expect(connectTerminal(bench.url, terminal, options)).rejects.toMatchObject({ code });
    expect(await refused(reason)).toBe(before + 1);
  });

  it('of an unregistered terminal is refused and recorded in quarantine', async () => {
    const stranger = { terminalNumber: '00999', secret: 'any' };
    await expect(connectTerminal(bench.url, stranger)).rejects.toMatchObject({ code: 4 });
    const rows = await eventually(
      () => quarantineOf(bench, stranger),
      (all) => all.length > 0,
    );
    expect(rows).toMatchObject([{ reason: 'unknown_terminal', utility_id: null }]);
  });

  it('of a retired terminal is refused like that of an unknown one', async () => {
    const terminal = await bench.terminal();
    await bench.database.adminPool.query(
      'update terminal set retired_at = now() where utility_id = $1',
      [terminal.utilityId],
    );
    await expect(connectTerminal(bench.url, terminal)).rejects.toMatchObject({ code: 4 });
  });

  it('gets a reply to retry when the key-encryption key does not fit', async () => {
    const terminal = await bench.terminal();
    await bench.database.adminPool.query(
      `update terminal_key set kek_id = 'other' where utility_id = $1`,
      [terminal.utilityId],
    );
    await expect(connectTerminal(bench.url, terminal)).rejects.toMatchObject({ code: 3 });
    expect(await refused('key_unavailable')).toBe(1);
  });

  it('of the same terminal takes the place of the connection before', async () => {
    const { terminal, connection } = await bench.connected();
    const again = await connectTerminal(bench.url, terminal);
    await connection.ended;
    await again.send(seal(terminal, dayReport(terminal, { day: yesterday })));
    expect(await daysOf(bench, terminal)).toHaveLength(1);
  });
});

describe('a PUBLISH', () => {
  const frameOf = (terminal: TestTerminal) =>
    seal(terminal, dayReport(terminal, { day: yesterday }));

  it.each([
    ['on the topic of another terminal', 'foreign_topic', { topic: 't/1/up' }],
    ['on the own down topic', 'foreign_topic', { topic: 'down' }],
    ['with QoS 0', 'wrong_qos', { qos: 0 }],
    ['with QoS 2', 'wrong_qos', { qos: 2 }],
    ['that is to be retained', 'retained', { retain: true }],
    ['of more than a frame may have', 'oversize', { payload: noise(1025) }],
    ['of megabytes', 'oversize', { payload: noise(3_000_000) }],
  ] as const)('%s ends the connection, unacknowledged and counted', async (_, reason, how) => {
    const { terminal, connection } = await bench.connected();
    const before = await cut(reason);
    const given = {
      topic: `t/${terminal.terminalNumber}/up`,
      qos: 1,
      retain: false,
      payload: frameOf(terminal),
      ...how,
    } as const;
    const topic = given.topic === 'down' ? `t/${terminal.terminalNumber}/down` : given.topic;
    connection.client.publish(
      topic,
      given.payload,
      { qos: given.qos, retain: given.retain },
      () => undefined,
    );
    await connection.ended;
    expect(await cut(reason)).toBe(before + 1);
    expect(await daysOf(bench, terminal)).toEqual([]);
  });

  it('too many of them at once end the connection', async () => {
    const { terminal, connection } = await bench.connected();
    const days = Array.from({ length: 80 }, (_, back) => addDays(today, -1 - back));
    const sent = await Promise.allSettled(
      days.map((day) => connection.send(seal(terminal, dayReport(terminal, { day })))),
    );
    await connection.ended;
    const acknowledged = sent.filter(({ status }) => status === 'fulfilled').length;
    expect((await daysOf(bench, terminal)).length).toBeGreaterThanOrEqual(acknowledged);
    expect((await cut('too_frequent')) + (await cut('too_many_unacknowledged'))).toBe(1);
  });

  it('that announces megabytes is cut off before they arrive', async () => {
    const before = await cut('oversize');
    const socket = await rawConnection();
    socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0x00]));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(await cut('oversize')).toBe(before + 1);
  });

  it('before CONNECT ends the connection', async () => {
    const socket = await rawConnection();
    socket.write(Buffer.from([0x32, 0x05, 0x00, 0x01, 0x74, 0x00, 0x01]));
    await new Promise((resolve) => socket.once('close', resolve));
  });
});

describe('a flood of PINGREQ', () => {
  const ping = Buffer.from([0xc0, 0]);

  it('ends the connection, and the next one too', async () => {
    const { terminal, connection } = await bench.connected();
    const before = await cut('too_frequent');
    connection.client.stream.write(Buffer.alloc(100, ping));
    await connection.ended;
    // Reconnecting does not refill a terminal's limits.
    const again = await connectTerminal(bench.url, terminal);
    again.client.stream.write(Buffer.alloc(42, ping));
    await again.ended;
    expect(await cut('too_frequent')).toBe(before + 2);
  });
});

describe('a connection that does not sign in', () => {
  it('is closed after a while, and when too many others come', async () => {
    const before = [await cut('sign_in_timeout'), await cut('too_many_silent')];
    const sockets = await Promise.all(Array.from({ length: 4 }, () => rawConnection()));
    const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    await Promise.all(closed);
    expect([await cut('sign_in_timeout'), await cut('too_many_silent')]).toEqual([
      before[0]! + 3,
      before[1]! + 1,
    ]);
  });
});

describe('a SUBSCRIBE', () => {
  it.each([
    ['to everything', '#', 1],
    ['to all down topics', 't/+/down', 1],
    ['to the topic of another terminal', 't/1/down', 1],
    ['to what the broker says of itself', '$SYS/#', 1],
    ['to its own topic with QoS 0', 'own', 0],
  ] as const)('%s ends the connection', async (_, filter, qos) => {
    const { terminal, connection } = await bench.connected();
    const topic = filter === 'own' ? `t/${terminal.terminalNumber}/down` : filter;
    connection.client.subscribe(topic, { qos }, () => undefined);
    await connection.ended;
  });
});

describe('a counter that was used', () => {
  it('with the same bytes is acknowledged and changes nothing, over a later connection too', async () => {
    const { terminal, connection } = await bench.connected();
    const frame = seal(terminal, dayReport(terminal, { day: yesterday }));
    await connection.send(frame);
    await connection.send(frame);
    const again = await connectTerminal(bench.url, terminal);
    await again.send(frame);
    expect(await daysOf(bench, terminal)).toMatchObject([{ counter: 1, revision: 0 }]);
    expect(await quarantineOf(bench, terminal)).toEqual([]);
  });

  it('with other bytes is a replay', async () => {
    const { terminal, connection } = await bench.connected();
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday })));
    const other = dayReport(terminal, { day: addDays(today, -2) });
    await connection.send(seal(terminal, other, { counter: 1 }));
    expect(await quarantineOf(bench, terminal)).toMatchObject([{ reason: 'replay' }]);
    expect(await daysOf(bench, terminal)).toHaveLength(1);
  });

  it('or one older than the window, with a day that the cloud does not hold, is a replay', async () => {
    const { terminal, connection } = await bench.connected();
    await connection.send(
      seal(terminal, dayReport(terminal, { day: yesterday }), { counter: 1000 }),
    );
    const old = dayReport(terminal, { day: addDays(today, -2) });
    await connection.send(seal(terminal, old, { counter: 936 }));
    expect(await quarantineOf(bench, terminal)).toMatchObject([{ reason: 'replay' }]);
    await connection.send(seal(terminal, old, { counter: 937 }));
    expect(await daysOf(bench, terminal)).toHaveLength(2);
  });

  it('of a report that added nothing is a redelivery all the same', async () => {
    const { terminal, connection } = await bench.connected();
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday })));
    const part = Array.from({ length: 24 }, (_, hour) => (hour === 5 ? 1050 : null));
    const frame = seal(terminal, dayReport(terminal, { day: yesterday, indexL: part }));
    await connection.send(frame);
    const corrected = Array.from({ length: 24 }, (_, hour) => 2000 + hour);
    await connection.send(
      seal(terminal, dayReport(terminal, { day: yesterday, indexL: corrected })),
    );
    await connection.send(frame);
    expect(await quarantineOf(bench, terminal)).toEqual([]);
    expect(await daysOf(bench, terminal)).toMatchObject([{ index_l: corrected }]);
  });

  it('that comes too often ends the connection', async () => {
    const { terminal, connection } = await bench.connected();
    const frame = seal(terminal, dayReport(terminal, { day: yesterday }));
    for (let i = 0; i < 6; i += 1) await connection.send(frame);
    await expect(connection.send(frame)).rejects.toThrow('before the acknowledgement');
    expect(await cut('too_many_repeats')).toBe(1);
  });
});

async function rawConnection(): Promise<Socket> {
  const socket = connect(bench.ingest.mqttPort, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}
