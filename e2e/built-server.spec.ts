/** The built server by itself, its database away: what it says then, and what strangers can make it write. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { encode } from 'next-auth/jwt';
import { answers, createProcessTable } from '../bin/processes.ts';
import { startWebProcess, type WebProcess } from '../bin/stack.ts';

interface Away extends WebProcess {
  /** A session's cookie of this process: whether it holds can be asked of the database alone. */
  cookie: string;
  log: () => string;
}

/** Runs `fn` with a web process whose database's port nobody listens on. */
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
  test(`a database that is away is told as such when ${first} is asked first`, async () => {
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

test('strangers write no line of their own, and what they send in vain ends before any route', async () => {
  await withoutDatabase(async ({ url, healthUrl, log }) => {
    const before = lines(log()).length;
    const form = new URLSearchParams({ level: 'error', code: 'FORGED', x: 'y'.repeat(10_000) });
    const asked: [string, RequestInit, number][] = [
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
    ];
    for (const [path, init, status] of asked) {
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
    expect(metrics).toContain('kenshin_web_requests_total{route="other",status="404"}');
    expect(metrics).not.toContain('FORGED');
  });
});

function rawStatus(url: string, line: string): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', reject);
    socket.on('data', (bytes) => {
      resolve(Number(bytes.toString().split(' ')[1]));
      socket.destroy();
    });
    socket.write(`${line}\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
  });
}
