/** The built server alone, without a database: its answers, and the lines that any client can make it log. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { encode } from 'next-auth/jwt';
import { answers, createProcessTable } from '../bin/demo/process-table.ts';
import { startWebProcess, type WebProcess } from '../bin/demo/product-processes.ts';

/** Twice the deadline of docs/operations.md, for a busy machine. */
const STOP_DEADLINE_MS = 30_000;

interface Away extends WebProcess {
  /** A session cookie made by this process; only the database could tell whether it is valid. */
  cookie: string;
  log: () => string;
}

/** Runs `fn` with a web process whose database port is closed. */
async function withoutDatabase(fn: (web: Away) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kenshin-away-'));
  const processes = createProcessTable(join(folder, 'processes.json'));
  const web = await startWebProcess(
    { processes, folder },
    {
      databaseUrl: 'postgres://nobody:x@127.0.0.1:1/nowhere',
      isReady: ({ healthUrl }) => answers(`${healthUrl}/metrics`),
    },
  );
  try {
    const { sessionSecret } = JSON.parse(readFileSync(join(folder, 'stack.json'), 'utf8'));
    const token = await encode({ token: { token: 'x'.repeat(43) }, secret: sessionSecret });
    const log = () => readFileSync(join(folder, 'log', 'web.log'), 'utf8');
    await fn({ ...web, cookie: `next-auth.session-token=${token}`, log });
  } finally {
    await web.stop();
    rmSync(folder, { recursive: true });
  }
}

const lines = (text: string) => text.trimEnd().split('\n');

for (const first of ['/collection', '/api/v1/session']) {
  test(`an unreachable database is reported as such when ${first} is requested first`, async () => {
    await withoutDatabase(async ({ url, healthUrl, cookie, log }) => {
      const headers = { cookie };
      await (await fetch(`${url}${first}`, { headers, redirect: 'manual' })).arrayBuffer();
      const response = await fetch(`${url}/api/v1/session`, { headers });
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('5');
      expect(await response.json()).toMatchObject({ code: 'unavailable' });
      expect((await fetch(`${healthUrl}/healthz`)).status).toBe(503);
      expect(log()).not.toContain('a fault of ours');
    });
  });
}

test('unknown clients cannot write log lines, and invalid requests end before any route', async () => {
  await withoutDatabase(async ({ url, healthUrl, log }) => {
    const before = lines(log()).length;
    const form = new URLSearchParams({ level: 'error', code: 'FORGED', x: 'y'.repeat(10_000) });
    const requests: [string, RequestInit, number][] = [
      ['/api/auth/_log', { method: 'POST', body: form }, 404],
      ['/api/auth/signout', { method: 'POST', body: form }, 404],
      ['/api/auth/signin', {}, 404],
      ['/api/auth/providers', {}, 404],
      ['/_next/image?url=%2FFORGED%0a%7B%22level%22%3A60%7D&w=64&q=75', {}, 404],
      ['/sign-in', { method: 'POST', headers: { 'next-action': 'FORGED' }, body: 'x' }, 405],
      ['/sign-in', { method: 'POST', headers: { 'next-action': 'f'.repeat(42) }, body: 'x' }, 409],
      ['/api/auth/callback/staff', { method: 'POST', body: 'x'.repeat(20_000) }, 413],
      ['/api/v1/session', { method: 'DELETE', body: 'x'.repeat(20_000) }, 413],
      ['/api/v1/session', { method: 'HEAD' }, 405],
      ['/api/auth/csrf', { method: 'HEAD' }, 404],
      ['/api/v1/meters/%', {}, 400],
      ['/meters/%ff', {}, 400],
      ['/%72obots.txt', {}, 200],
    ];
    for (const [path, init, status] of requests) {
      const response = await fetch(`${url}${path}`, init);
      await response.arrayBuffer();
      expect(`${path} ${response.status}`).toBe(`${path} ${status}`);
    }
    expect(await rawStatus(url, 'TRACE / HTTP/1.1')).toBe(405);
    const written = lines(log()).slice(before);
    expect(written.length).toBeLessThan(30);
    for (const line of written) {
      const { level, msg } = JSON.parse(line) as { level: number; msg: string };
      expect(level, line).toBeLessThanOrEqual(40);
      expect(line.length, msg).toBeLessThan(3_000);
      expect(line).not.toContain('FORGED');
    }
    const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
    expect(metrics).toContain('kenshin_web_requests_total{route="other",status="400"} 2');
    expect(metrics).toContain('kenshin_web_requests_total{route="GET /robots.txt",status="200"} 1');
    expect(metrics).not.toContain('FORGED');
  });
});

test('an upgrade request is answered like any other, and does not delay the end of the process', async () => {
  await withoutDatabase(async ({ url, healthUrl, pid, exited }) => {
    // The framework registers its upgrade listener at the first request.
    await (await fetch(`${url}/api/auth/providers`)).arrayBuffer();
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
    const requests: [string, number][] = [
      ['GET /api/auth/providers HTTP/1.1', 404],
      ['TRACE / HTTP/1.1', 405],
      ['GET /%ff HTTP/1.1', 400],
      ['POST /api/v1/session HTTP/1.1\r\nContent-Length: 99999', 413],
    ];
    for (const [line, status] of requests) {
      expect(`${line} ${await rawStatus(url, line, upgrade)}`).toBe(`${line} ${status}`);
    }
    const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
    expect(metrics).toMatch(/kenshin_web_requests_total{route="other",status="405"} 1/);
    const sockets = await Promise.all(
      ['', 'GET / HTTP/1.1\r\n', `GET /nowhere HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`].map((text) =>
        opened(url, text),
      ),
    );
    process.kill(pid, 'SIGTERM');
    // Exit code null would show that it had to be killed.
    const overdue = setTimeout(() => process.kill(pid, 'SIGKILL'), STOP_DEADLINE_MS);
    expect(await exited).toBe(0);
    clearTimeout(overdue);
    for (const socket of sockets) socket.destroy();
  });
});

async function opened(url: string, text: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

function rawStatus(url: string, line: string, headers = 'Connection: close\r\n'): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', reject);
    socket.on('data', (bytes) => {
      resolve(Number(bytes.toString().split(' ')[1]));
      socket.destroy();
    });
    socket.write(`${line}\r\nHost: ${hostname}\r\n${headers}\r\n`);
  });
}
