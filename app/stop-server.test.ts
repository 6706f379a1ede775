import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { stopsInTime } from './stop-server.ts';

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function opened(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

test('a server stops although sockets were taken over, never sent a request, or wait for an answer', async () => {
  const server = createServer(() => undefined);
  const requested = once(server, 'request');
  const takenOver = once(server, 'upgrade');
  const stop = stopsInTime(server, 50);
  const port = await listening(server);
  const sockets = await Promise.all([
    opened(port, ''),
    opened(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    opened(port, `GET / HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`),
  ]);
  await Promise.all([requested, takenOver]);
  const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
  await stop();
  await closed;
});

test('a running answer may finish', async () => {
  const ended: string[] = [];
  const server = createServer((_, response) => {
    void stop().then(() => ended.push('server'));
    response.end('all of it');
  });
  const stop = stopsInTime(server, 60_000);
  const port = await listening(server);
  const response = await fetch(`http://127.0.0.1:${port}`, {
    headers: { connection: 'close' },
  });
  expect(await response.text()).toBe('all of it');
  await expect.poll(() => ended).toEqual(['server']);
});
