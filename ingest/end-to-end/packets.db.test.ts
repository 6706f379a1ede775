import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../lib/time.ts';
import {
  daysOf,
  type IngestBench,
  metricOf,
  quarantineOf,
  startTestIngest,
} from '../testing/ingest.ts';
import { connectPacket, publishPacket } from '../testing/packets.ts';
import { connectTerminal, dayReport, noise, seal, type TestTerminal } from '../testing/terminal.ts';

// Answers of the broker to packets that no client library would send [TERM-2, TERM-3].
let bench: IngestBench;
let nowMs = Date.now();
const sockets: Socket[] = [];
const yesterday = addDays(dayOf(new Date()), -1);
const cut = (reason: string) =>
  metricOf(bench.ingest, `kenshin_connections_cut_total{reason="${reason}"}`);
const refused = (reason: string) =>
  metricOf(bench.ingest, `kenshin_connections_refused_total{reason="${reason}"}`);

beforeAll(async () => {
  bench = await startTestIngest({
    now: () => nowMs,
    rates: { faults: { burst: 5, perSecond: 1 }, repeats: { burst: 50, perSecond: 0 } },
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await bench?.close();
});

interface Line {
  write(bytes: Buffer): void;
  /** All bytes received until the broker ended the connection. */
  ended: Promise<Buffer>;
  answer(): Promise<Buffer>;
}

function line(): Line {
  const socket = connect(bench.ingest.mqttPort, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  return {
    write: (bytes) => void socket.write(bytes),
    ended: new Promise((resolve) => socket.once('close', () => resolve(Buffer.concat(chunks)))),
    answer: () => new Promise((resolve) => socket.once('data', resolve)),
  };
}

async function signedIn(): Promise<{ terminal: TestTerminal; to: Line }> {
  const terminal = await bench.terminal();
  const to = line();
  to.write(connectPacket(terminal.terminalNumber, terminal.secret));
  expect(await to.answer()).toEqual(Buffer.from([0x20, 2, 0, 0]));
  return { terminal, to };
}

describe('a CONNECT', () => {
  it.each([
    ['3, as MQTT 3.1 writes it', '00064d514973647003c2003c000137000137000137'],
    ['3', '00044d51545403c2003c000137000137000137'],
    ['5', '00044d51545405c2003c00000137000137000137'],
    ['84', '00044d51545484c2003c000137000137000137'],
  ])('of protocol level %s is refused with code 1', async (_, hex) => {
    const before = await refused('wrong_protocol');
    const body = Buffer.from(hex, 'hex');
    const to = line();
    to.write(Buffer.concat([Buffer.from([0x10, body.length]), body]));
    expect(await to.ended).toEqual(Buffer.from([0x20, 2, 0, 1]));
    expect(await refused('wrong_protocol')).toBe(before + 1);
  });

  it('with bytes after its end is not answered', async () => {
    const terminal = await bench.terminal();
    const packet = connectPacket(terminal.terminalNumber, terminal.secret);
    const longer = Buffer.concat([packet, Buffer.alloc(2)]);
    longer[1] = packet[1]! + 2;
    const to = line();
    to.write(longer);
    expect(await to.ended).toEqual(Buffer.alloc(0));
  });

  it('with a keep-alive of more than an hour is refused', async () => {
    const terminal = await bench.terminal();
    const options = { keepalive: 3601 };
    await expect(connectTerminal(bench.url, terminal, options)).rejects.toMatchObject({ code: 5 });
    const connection = await connectTerminal(bench.url, terminal, { keepalive: 3600 });
    await connection.end();
  });
});

describe('a terminal that is signed in and sends', () => {
  const frameOf = (terminal: TestTerminal) =>
    seal(terminal, dayReport(terminal, { day: yesterday }));
  const own = (terminal: TestTerminal) => `t/${terminal.terminalNumber}/down`;
  const subscribe = (identifier: number, ...filters: string[]) => {
    const body = Buffer.concat([
      Buffer.from([identifier >> 8, identifier & 0xff]),
      ...filters.map((filter) =>
        Buffer.concat([Buffer.from([0, filter.length]), Buffer.from(filter), Buffer.from([1])]),
      ),
    ]);
    return Buffer.concat([Buffer.from([0x82, body.length]), body]);
  };

  it.each<[string, string, (terminal: TestTerminal) => Buffer]>([
    [
      'a PUBLISH of identifier 0',
      'malformed',
      (terminal) => publishPacket(terminal.terminalNumber, 0, frameOf(terminal)),
    ],
    ['a SUBSCRIBE of identifier 0', 'malformed', (terminal) => subscribe(0, own(terminal))],
    [
      'a SUBSCRIBE of two filters',
      'wrong_subscription',
      (terminal) => subscribe(1, own(terminal), own(terminal)),
    ],
    ['a PINGREQ with a body', 'malformed', () => Buffer.from([0xc0, 1, 0])],
    ['a PUBACK of one byte', 'malformed', () => Buffer.from([0x40, 1, 1])],
    ['a PUBREC', 'malformed', () => Buffer.from([0x50, 2, 0, 1])],
    [
      'a second CONNECT of another protocol',
      'malformed',
      () => Buffer.from('100d00044d51545405c2003c000137', 'hex'),
    ],
  ])('%s is cut off without an answer', async (_, reason, packet) => {
    const { terminal, to } = await signedIn();
    const before = await cut(reason);
    to.write(packet(terminal));
    expect(await to.ended).toHaveLength(4);
    expect(await cut(reason)).toBe(before + 1);
    expect(await daysOf(bench, terminal)).toEqual([]);
  });

  it('one filter gets one return code', async () => {
    const { terminal, to } = await signedIn();
    to.write(subscribe(7, own(terminal)));
    expect((await to.answer()).subarray(0, 5)).toEqual(Buffer.from([0x90, 3, 0, 7, 1]));
  });
});

describe('a frame that is refused', () => {
  it.each<[string, number, (terminal: TestTerminal) => Buffer]>([
    [
      'unknown_generation',
      2,
      (terminal) => seal(terminal, dayReport(terminal, { day: yesterday }), { generation: 9 }),
    ],
    [
      'unknown_meter',
      3,
      (terminal) => seal(terminal, dayReport(terminal, { day: yesterday, serial: '1' })),
    ],
    [
      'future_day',
      1,
      (terminal) => seal(terminal, dayReport(terminal, { day: addDays(yesterday, 3) })),
    ],
    [
      'future_hour',
      1,
      (terminal) => seal(terminal, dayReport(terminal, { day: addDays(yesterday, 1) })),
    ],
  ])('as %s is kept with the offset of its field', async (reason, offset, frame) => {
    const { terminal, connection } = await bench.connected();
    await connection.send(frame(terminal));
    expect(await quarantineOf(bench, terminal)).toMatchObject([{ reason, reason_offset: offset }]);
  });

  it('and sent again is kept once, and acknowledged each time', async () => {
    const { terminal, connection } = await bench.connected();
    const frames = Array.from({ length: 5 }, () => noise(40));
    await Promise.all(frames.map((frame) => connection.send(frame)));
    const again = await connectTerminal(bench.url, terminal);
    await Promise.all([...frames, ...frames].map((frame) => again.send(frame)));
    expect(await quarantineOf(bench, terminal)).toHaveLength(5);
  });

  it('at the limit of faults is kept once, though its connection ended before its PUBACK', async () => {
    const terminal = await bench.terminal();
    let unacknowledged = Array.from({ length: 8 }, () => noise(40));
    for (let attempt = 0; attempt < 4 && unacknowledged.length > 0; attempt += 1) {
      const connection = await connectTerminal(bench.url, terminal);
      const sent = await Promise.allSettled(unacknowledged.map((frame) => connection.send(frame)));
      unacknowledged = unacknowledged.filter((_, at) => sent[at]?.status === 'rejected');
      await connection.end();
      // Refills the bucket of refusals.
      nowMs += 10_000;
    }
    expect(unacknowledged).toEqual([]);
    const kept = (await quarantineOf(bench, terminal)).map(({ bytes }) => bytes.toString('hex'));
    expect(kept).toHaveLength(8);
    expect(new Set(kept).size).toBe(8);
  });
});

/** Sets the revision of the terminal's only day, as after that many corrections. */
async function countTo({ utilityId }: TestTerminal, revision: number): Promise<void> {
  const { adminPool } = bench.database;
  const { rows } = await adminPool.query(
    'delete from series.meter_day where utility_id = $1 returning *',
    [utilityId],
  );
  const columns = Object.entries({ ...rows[0], revision });
  await adminPool.query(
    `insert into series.meter_day (${columns.map(([name]) => name).join(', ')})
     values (${columns.map((_, at) => `$${at + 1}`).join(', ')})`,
    columns.map(([, value]) => value),
  );
}

describe('a day that was corrected as often as its revision can count', () => {
  it('is corrected on: nothing goes to quarantine, every version is kept', async () => {
    const { terminal, connection } = await bench.connected();
    const indexL = (first: number) => Array.from({ length: 24 }, (_, hour) => first + hour);
    const send = (first: number) =>
      connection.send(
        seal(terminal, dayReport(terminal, { day: yesterday, indexL: indexL(first) })),
      );
    await send(1000);
    await countTo(terminal, 32_766);
    for (const first of [2000, 3000, 4000]) await send(first);
    expect(await quarantineOf(bench, terminal)).toEqual([]);
    expect(await daysOf(bench, terminal)).toMatchObject([
      { index_l: indexL(4000), revision: 32_767 },
    ]);
    const { rows } = await bench.database.adminPool.query(
      'select index_l[1] as first from meter_day_revision where utility_id = $1 order by revision_id',
      [terminal.utilityId],
    );
    expect(rows.map(({ first }) => first)).toEqual([1000, 2000, 3000]);
  });
});
