import { copyFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../lib/time.ts';
import { createCertificate, type TestCertificate } from '../testing/certificate.ts';
import {
  daysOf,
  eventually,
  type IngestBench,
  metricOf,
  startTestIngest,
} from '../testing/ingest.ts';
import { connectTerminal, dayReport, seal } from '../testing/terminal.ts';

// Over TLS a connection that does not sign in is closed like one without TLS, at any stage of its handshake.
let certificate: TestCertificate;
let bench: IngestBench;
let url: string;
const SIGN_IN_MS = 1500;
const yesterday = addDays(dayOf(new Date()), -1);
const sockets: Socket[] = [];
const cut = (reason: string) =>
  metricOf(bench.ingest, `kenshin_connections_cut_total{reason="${reason}"}`);

beforeAll(async () => {
  certificate = createCertificate();
  bench = await startTestIngest({
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 100, tls: certificate },
    unsigned: { maxSilent: 200, signInMs: SIGN_IN_MS },
    sessions: { sweepEveryMs: 100, refreshAfterMs: 180_000 },
  });
  url = bench.url.replace('mqtt:', 'mqtts:');
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await bench?.close();
  certificate?.remove();
});

async function open(): Promise<Socket> {
  const socket = connect(bench.ingest.mqttPort, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.resume();
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

/** First bytes of a regular client: its ClientHello. */
async function clientHello(): Promise<Buffer> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const hello = new Promise<Buffer>((resolve) =>
    listener.once('connection', (socket) => socket.once('data', resolve)),
  );
  const tls = connectTls({ host: '127.0.0.1', port: (listener.address() as AddressInfo).port });
  tls.on('error', () => undefined);
  const bytes = await hello;
  tls.destroy();
  listener.close();
  expect(bytes[0]).toBe(0x16);
  return bytes;
}

const gone = (socket: Socket) =>
  new Promise<void>((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });

/** A terminal that signs in over TLS and reports a day. */
async function honestReport(): Promise<void> {
  const terminal = await bench.terminal();
  const connection = await connectTerminal(url, terminal, { ca: certificate.ca });
  await connection.send(seal(terminal, dayReport(terminal, { day: yesterday })));
  expect(await daysOf(bench, terminal)).toHaveLength(1);
  await connection.end();
}

describe('a connection over TLS that does not sign in', () => {
  it.each([
    ['says nothing', async () => open()],
    [
      'sends a part of a record',
      async () => {
        const socket = await open();
        socket.write(Buffer.from([0x16, 0x03, 0x01]));
        return socket;
      },
    ],
    [
      'sends its ClientHello and no more',
      async () => {
        const hello = await clientHello();
        const socket = await open();
        socket.write(hello);
        return socket;
      },
    ],
    [
      'drips its ClientHello byte by byte',
      async () => {
        const hello = await clientHello();
        const socket = await open();
        let at = 0;
        const drip = setInterval(() => socket.write(hello.subarray(at, ++at)), 20);
        socket.once('close', () => clearInterval(drip));
        return socket;
      },
    ],
    [
      'finishes the handshake and says nothing',
      async () => {
        const socket = await open();
        const tls = connectTls({ socket, ca: certificate.ca });
        tls.on('error', () => undefined);
        await new Promise((resolve) => tls.once('secureConnect', resolve));
        return socket;
      },
    ],
  ] as const)(
    'and %s is closed at the deadline; a registered terminal gets through',
    async (_, begin) => {
      const before = await cut('sign_in_timeout');
      const socket = await begin();
      const closed = gone(socket);
      await honestReport();
      await closed;
      expect(await cut('sign_in_timeout')).toBe(before + 1);
    },
  );

  it('in great number leaves room for those that do: at most so many are open at one time', async () => {
    const before = await cut('too_many_silent');
    const silent = await Promise.all(Array.from({ length: 300 }, () => open()));
    await eventually(
      () => cut('too_many_silent'),
      (count) => count >= before + 100,
    );
    await honestReport();
    await Promise.all(silent.map(gone));
  });

  it('and sends no TLS at all is closed', async () => {
    const socket = await open();
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await gone(socket);
  });
});

describe('a cipher', () => {
  const handshake = (ciphers: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connectTls({
        ...{ host: '127.0.0.1', port: bench.ingest.mqttPort, ca: certificate.ca, ciphers },
        maxVersion: 'TLSv1.2',
      });
      sockets.push(socket);
      socket.once('secureConnect', () => resolve(socket.getCipher().name));
      socket.once('error', reject);
    });

  it('of TLS 1.2 with authenticated encryption is taken', async () => {
    expect(await handshake('ECDHE-ECDSA-AES128-GCM-SHA256')).toBe('ECDHE-ECDSA-AES128-GCM-SHA256');
  });

  it.each(['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'ECDHE-ECDSA-AES128-SHA256'])(
    '%s, with CBC, is refused',
    async (cipher) => {
      await expect(handshake(cipher)).rejects.toThrow(/handshake failure|alert/i);
    },
  );
});

describe('a certificate that is renewed while the sidecar runs', () => {
  it('serves terminals that connect from then on; one that is connected stays', async () => {
    const terminal = await bench.terminal();
    const before = await connectTerminal(url, terminal, { ca: certificate.ca });
    const renewed = createCertificate();
    copyFileSync(renewed.certificateFile, certificate.certificateFile);
    copyFileSync(renewed.keyFile, certificate.keyFile);
    certificate = { ...certificate, ca: renewed.ca };
    renewed.remove();
    const shown = () =>
      new Promise<string>((resolve) => {
        const port = bench.ingest.mqttPort;
        const socket = connectTls({ host: '127.0.0.1', port, ca: certificate.ca });
        sockets.push(socket);
        socket.once('secureConnect', () => resolve('trusted'));
        socket.once('error', (error) => resolve(error.message));
      });
    await eventually(shown, (seen) => seen === 'trusted');
    await honestReport();
    await before.send(seal(terminal, dayReport(terminal, { day: yesterday })));
    await before.end();
  });
});
