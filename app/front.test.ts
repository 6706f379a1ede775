import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFront, MAX_BODY_BYTES } from './front.ts';

const reached = vi.fn();
const lines: Record<string, unknown>[] = [];
const answered: { path: string; status: number }[] = [];
const keep = (fields: Record<string, unknown>) => void lines.push(fields);

/** Reads the whole body, as a route without a limit of its own does. */
async function handle(request: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const piece of request) bytes += (piece as Buffer).length;
  return bytes;
}

const server = createServer(
  createFront(
    (request, response) => {
      reached(request.url);
      if (request.url === '/fails') return Promise.reject(new Error('a route failed'));
      if (request.url === '/fails-late') {
        response.write('half');
        return Promise.reject(new Error('a route failed'));
      }
      handle(request).then(
        (bytes) => response.end(String(bytes)),
        () => undefined,
      );
    },
    {
      log: { error: keep, info: keep },
      addressOf: ({ socket }) => `client ${socket.remoteAddress}`,
      metrics: {
        answered: ({ path }, status) => void answered.push({ path, status }),
        refused: () => undefined,
      },
    },
  ),
);
let port: number;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());
beforeEach(() => {
  reached.mockClear();
  lines.length = 0;
  answered.length = 0;
});

/** Sends raw bytes and returns all that comes back; the server may close meanwhile. */
function send(head: string, body: string | Buffer = ''): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (bytes) => {
      text += bytes.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    const end = /connection: close/i.test(head) ? '' : 'Connection: close\r\n';
    socket.write(`${head}Host: x\r\n${end}\r\n`);
    socket.write(body);
  });
}

const statusOf = (text: string) => Number(text.split(' ')[1]);
const chunk = (bytes: number) => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`;

describe('the front of the site', () => {
  it('passes well-formed requests', async () => {
    const text = await send('POST /sign-in?a=%zz HTTP/1.1\r\nContent-Length: 5\r\n', 'hello');
    expect(statusOf(text)).toBe(200);
    expect(text).toMatch(/5$/);
  });

  it.each([
    ['a method that nobody uses', 'TRACE / HTTP/1.1\r\n', 405],
    ['an address with half a percent', 'GET /api/v1/meters/% HTTP/1.1\r\n', 400],
    ['an address that is no UTF-8', 'GET /meters/%ff HTTP/1.1\r\n', 400],
    ['an address that is no path', 'OPTIONS * HTTP/1.1\r\n', 400],
    ['an address of another site', 'GET http://x/_next/image?url=x HTTP/1.1\r\n', 400],
    ['an address that is none', 'GET http://[ HTTP/1.1\r\n', 400],
    ['the image optimizer', 'GET /_next/image?url=%2Fx%0a%7B%7D&w=64&q=75 HTTP/1.1\r\n', 404],
    ['its address with two slashes', 'GET //_next/image?url=x HTTP/1.1\r\n', 404],
  ])('refuses %s before any route runs', async (_, head, status) => {
    const text = await send(head);
    expect(statusOf(text)).toBe(status);
    expect(text).toContain('application/problem+json');
    expect(reached).not.toHaveBeenCalled();
    expect(lines).toEqual([expect.objectContaining({ address: 'client 127.0.0.1' })]);
  });

  it.each(['POST /api/auth/callback/staff', 'DELETE /api/v1/session', 'POST /sign-in'])(
    'refuses a body that declares to be too large: %s',
    async (line) => {
      const text = await send(`${line} HTTP/1.1\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n`);
      expect(statusOf(text)).toBe(413);
      expect(reached).not.toHaveBeenCalled();
    },
  );

  it.each(['POST /api/auth/callback/staff', 'DELETE /api/v1/session', 'POST /sign-in'])(
    'reads no more of a chunked body than the limit: %s',
    async (line) => {
      const head = `${line} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n`;
      const fits = await send(head, `${chunk(8_000)}${chunk(8_000)}0\r\n\r\n`);
      expect(statusOf(fits)).toBe(200);
      expect(statusOf(await send(head, chunk(8_000).repeat(100)))).toBe(413);
      await vi.waitFor(() => expect(answered.map(({ status }) => status)).toContain(413));
    },
  );

  it('answers 500 for an error of the site, and logs it', async () => {
    const text = await send('GET /fails HTTP/1.1\r\n');
    expect(statusOf(text)).toBe(500);
    expect(text).not.toContain('a route failed');
    expect(lines).toEqual([
      expect.objectContaining({ path: '/fails', err: new Error('a route failed') }),
    ]);
  });

  it('aborts an answer during which the site failed', async () => {
    expect(await send('GET /fails-late HTTP/1.1\r\n')).toMatch(/half\r\n$/);
    expect(lines).toEqual([expect.objectContaining({ path: '/fails-late' })]);
  });

  it('counts by the path, without the query', async () => {
    await send('GET /api/v1/meters/123/readings?from=2026-01-01 HTTP/1.1\r\n');
    await vi.waitFor(() =>
      expect(answered).toEqual([{ path: '/api/v1/meters/123/readings', status: 200 }]),
    );
  });
});
