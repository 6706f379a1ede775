import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { addDays, dayOf } from '../../lib/time.ts';
import { startProcess } from '../testing/child-process.ts';
import { eventually } from '../testing/ingest.ts';
import { proxyTo } from '../testing/proxy.ts';
import {
  connectTerminal,
  dayReport,
  registerTerminal,
  seal,
  type TestTerminal,
} from '../testing/terminal.ts';

let database: TestDatabase;
let folder: string;
const children: ChildProcess[] = [];
const today = dayOf(new Date());
const dayBack = (back: number) => addDays(today, -back);

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'kenshin-ingest-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.close();
});

/** Starts the sidecar as a child process and waits until it prints its addresses. */
async function startSidecar(environment: Record<string, string> = {}) {
  const running = await startProcess(
    'main.ts',
    {
      DATABASE_URL: database.ingestUrl,
      KENSHIN_KEK_DIRECTORY: folder,
      KENSHIN_MQTT_PORT: '0',
      KENSHIN_HEALTH_PORT: '0',
      ...environment,
    },
    children,
  );
  return { ...running, ...running.listening };
}

async function terminalOfUtility(code: string): Promise<TestTerminal> {
  writeFileSync(join(folder, `${code}.key`), '5a'.repeat(32), { mode: 0o600 });
  const utilityId = await createUtility(database.adminPool, code);
  return registerTerminal(database.adminPool, utilityId);
}

async function countDays(terminal: TestTerminal): Promise<number> {
  const { rows } = await database.adminPool.query<{ count: number }>(
    'select count(*)::integer as count from series.meter_day where utility_id = $1',
    [terminal.utilityId],
  );
  return rows[0]!.count;
}

describe('the sidecar as a process', () => {
  it('on SIGTERM commits and acknowledges accepted frames, and exits with 0', async () => {
    const terminal = await terminalOfUtility('drain');
    const running = await startSidecar();
    const connection = await connectTerminal(`mqtt://127.0.0.1:${running.mqttPort}`, terminal);
    // The commit waits for this lock, so that frames are in flight when the signal arrives.
    const blocker = await database.adminPool.connect();
    await blocker.query('begin');
    await blocker.query('select from terminal_state where utility_id = $1 for update', [
      terminal.utilityId,
    ]);
    const sent = [1, 2, 3].map((back) =>
      connection.send(seal(terminal, dayReport(terminal, { day: dayBack(back) }))),
    );
    const metrics = () =>
      fetch(`http://127.0.0.1:${running.healthPort}/metrics`).then((response) => response.text());
    await eventually(metrics, (text) => text.includes('kenshin_frames_queued 3'));
    running.child.kill('SIGTERM');
    const health = () =>
      fetch(`http://127.0.0.1:${running.healthPort}/healthz`).then((response) => response.json());
    await eventually(health, (answer) => (answer as { draining: boolean }).draining);
    await expect(
      connectTerminal(`mqtt://127.0.0.1:${running.mqttPort}`, terminal),
    ).rejects.toThrow();
    await blocker.query('commit');
    blocker.release();
    await Promise.all(sent);
    expect(await running.exited).toBe(0);
    expect(await countDays(terminal)).toBe(3);
  });

  it('killed outright loses no acknowledged frame, and accepts the others again', async () => {
    const terminal = await terminalOfUtility('killed');
    const first = await startSidecar();
    const connection = await connectTerminal(`mqtt://127.0.0.1:${first.mqttPort}`, terminal);
    const frames = Array.from({ length: 30 }, (_, back) =>
      seal(terminal, dayReport(terminal, { day: dayBack(back + 1) })),
    );
    const sent = frames.map((frame) => connection.send(frame));
    const settled = Promise.allSettled(sent);
    await sent[0];
    first.child.kill('SIGKILL');
    const acknowledged = (await settled).filter(({ status }) => status === 'fulfilled').length;
    expect(await countDays(terminal)).toBeGreaterThanOrEqual(acknowledged);
    const second = await startSidecar();
    const again = await connectTerminal(`mqtt://127.0.0.1:${second.mqttPort}`, terminal);
    for (const frame of frames) await again.send(frame);
    expect(await countDays(terminal)).toBe(30);
  });

  it('with a certificate speaks only TLS', async () => {
    const terminal = await terminalOfUtility('secret');
    const certificate = join(folder, 'cert.pem');
    const key = join(folder, 'key.pem');
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=broker.test',
        '-addext',
        'subjectAltName=DNS:broker.test',
        '-keyout',
        key,
        '-out',
        certificate,
      ],
      { stdio: 'ignore' },
    );
    const running = await startSidecar({
      KENSHIN_MQTT_TLS_CERT: certificate,
      KENSHIN_MQTT_TLS_KEY: key,
    });
    const connection = await connectTerminal(`mqtts://127.0.0.1:${running.mqttPort}`, terminal, {
      ca: readFileSync(certificate),
      servername: 'broker.test',
    });
    await connection.send(seal(terminal, dayReport(terminal, { day: dayBack(1) })));
    expect(await countDays(terminal)).toBe(1);
    await expect(
      connectTerminal(`mqtt://127.0.0.1:${running.mqttPort}`, terminal),
    ).rejects.toThrow();
  });

  it('writes neither keys nor secrets into its log', async () => {
    const terminal = await terminalOfUtility('quiet');
    const running = await startSidecar({ LOG_LEVEL: 'debug' });
    const url = `mqtt://127.0.0.1:${running.mqttPort}`;
    await expect(connectTerminal(url, { ...terminal, secret: 'a-wrong-secret' })).rejects.toThrow();
    const connection = await connectTerminal(url, terminal);
    await connection.send(Buffer.alloc(40, 1));
    await eventually(
      async () => running.output(),
      (text) => text.includes('quarantined'),
    );
    expect(running.output()).toContain(terminal.terminalNumber);
    for (const hidden of [
      terminal.secret,
      'a-wrong-secret',
      terminal.key.toString('hex'),
      '5a5a5a',
    ]) {
      expect(running.output()).not.toContain(hidden);
    }
  });

  it('waits for a database that is not there yet', async () => {
    const line = await proxyTo(database.ingestUrl);
    try {
      line.cut();
      const starting = startSidecar({ DATABASE_URL: line.url });
      await eventually(
        async () => line.refused(),
        (count) => count > 0,
        10_000,
      );
      line.mend();
      expect((await starting).mqttPort).toBeGreaterThan(0);
    } finally {
      await line.close();
    }
  });

  it('on SIGTERM ends with 0 also while it waits for its database', async () => {
    const line = await proxyTo(database.ingestUrl);
    try {
      line.cut();
      const starting = startSidecar({ DATABASE_URL: line.url });
      const ended = expect(starting).rejects.toThrow(/draining[\s\S]*stopped/);
      await eventually(
        async () => line.refused(),
        (count) => count > 0,
        10_000,
      );
      const [child] = children;
      const code = new Promise((resolve) => child?.once('exit', resolve));
      child?.kill('SIGTERM');
      expect(await code).toBe(0);
      await ended;
    } finally {
      await line.close();
    }
  });

  it.each(['url', 'webUrl'] as const)('refuses the rights of another process (%s)', async (url) => {
    await expect(startSidecar({ DATABASE_URL: database[url] })).rejects.toThrow(
      /has the rights of kenshin_(app|web); this process connects as kenshin_ingest/,
    );
  });

  it('refuses to run as a role that sees past row security', async () => {
    await expect(startSidecar({ DATABASE_URL: database.adminUrl })).rejects.toThrow(
      'bypasses row security',
    );
  });

  it.each([
    ['without a database', { DATABASE_URL: '' }, 'DATABASE_URL'],
    ['plain on all interfaces', { KENSHIN_MQTT_HOST: '0.0.0.0' }, 'loopback only'],
    ['with a certificate and no key', { KENSHIN_MQTT_TLS_CERT: 'cert.pem' }, 'go together'],
  ])('refuses to start %s', async (_, environment, complaint) => {
    await expect(startSidecar(environment as Record<string, string>)).rejects.toThrow(complaint);
  });
});
