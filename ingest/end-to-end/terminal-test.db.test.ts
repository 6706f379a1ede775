import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { testClock } from '../../db/testing/testing.ts';
import type { Actor } from '../../lib/actor.ts';
import { terminalTestState } from '../../lib/terminals/terminal-test.ts';
import { requestTerminalTest } from '../../lib/terminals/terminal-test-commands.ts';
import { getTerminalTest } from '../../lib/terminals/terminal-test-queries.ts';
import { terminalTime } from '../protocol/wire-time.ts';
import { eventually, type IngestBench, startTestIngest } from '../testing/ingest.ts';
import {
  connectTerminal,
  listenDown,
  seal,
  type TestConnection,
  type TestTerminal,
} from '../testing/terminal.ts';

// A test of a terminal from the request to its answer; each state is proven [TERM-7.6].
let bench: IngestBench;
let nowMs = Date.now();
const HOUR_MS = 3_600_000;

beforeAll(async () => {
  bench = await startTestIngest({
    now: () => nowMs,
    asking: { quietMs: 0 },
    calledEveryMs: 20,
  });
});
afterAll(() => bench?.close());

const operator = (terminal: TestTerminal): Actor => ({
  ...{ kind: 'system', name: 'operator' },
  utilityId: terminal.utilityId,
});

const request = (terminal: TestTerminal, number = terminal.terminalNumber) =>
  transactAs(bench.database.db, terminal.utilityId, (tx) =>
    requestTerminalTest(tx, operator(terminal), { number, now: new Date(nowMs) }),
  );

async function stateOf(terminal: TestTerminal, testId: number) {
  const test = await readAs(bench.database.db, terminal.utilityId, (db) =>
    getTerminalTest(db, operator(terminal), testId),
  );
  return terminalTestState(test, new Date(nowMs));
}

const reaches = (terminal: TestTerminal, testId: number, state: string) =>
  eventually(
    () => stateOf(terminal, testId),
    (found) => found === state,
  );

async function testMessage(next: () => Promise<{ type: string }>): Promise<number> {
  for (;;) {
    const message = await next();
    if (message.type === 'test') return (message as unknown as { nonce: number }).nonce;
  }
}

const isTest = (frame: Buffer) => frame[3] === 0x83;
const call = (terminal: TestTerminal, connection: TestConnection, nonce: number) =>
  connection.send(
    seal(terminal, { type: 'test_call', terminalTimeS: terminalTime(new Date(nowMs)), nonce }),
  );

describe('a test of a terminal', () => {
  it('that is connected is sent at once, acknowledged, and answered by the call with its nonce', async () => {
    const { terminal, connection } = await bench.connected();
    const next = await listenDown(connection, terminal);
    const { testId, nonce } = await request(terminal);
    expect(await testMessage(next)).toBe(nonce);
    expect(nonce).toBeGreaterThan(0);
    await reaches(terminal, testId, 'acknowledged');
    await call(terminal, connection, 0);
    await call(terminal, connection, (nonce % 0xffffffff) + 1);
    expect(await stateOf(terminal, testId)).toBe('acknowledged');
    await call(terminal, connection, nonce);
    expect(await stateOf(terminal, testId)).toBe('answered');
    const { rows } = await bench.database.adminPool.query(
      `select act, subject from audit where utility_id = $1`,
      [terminal.utilityId],
    );
    expect(rows).toEqual([
      { act: 'terminal.test-requested', subject: `terminal:${terminal.terminalId}` },
    ]);
  });

  it('that is not connected waits for its next contact; lost on the way it is sent again', async () => {
    const terminal = await bench.terminal();
    const { testId, nonce } = await request(terminal);
    expect(await stateOf(terminal, testId)).toBe('requested');
    const lost = await connectTerminal(bench.url, terminal);
    lost.client.handleMessage = (packet, done) => {
      if (!isTest(packet.payload as Buffer)) done();
    };
    expect(await testMessage(await listenDown(lost, terminal))).toBe(nonce);
    await reaches(terminal, testId, 'sent');
    await lost.end();
    const connection = await connectTerminal(bench.url, terminal);
    expect(await testMessage(await listenDown(connection, terminal))).toBe(nonce);
    await reaches(terminal, testId, 'acknowledged');
    // Answered over another connection than the one that received it.
    const other = await connectTerminal(bench.url, terminal);
    await call(terminal, other, nonce);
    expect(await stateOf(terminal, testId)).toBe('answered');
  });

  it('expires, and an answer that comes later does not count', async () => {
    const { terminal, connection } = await bench.connected();
    const next = await listenDown(connection, terminal);
    const { testId, nonce } = await request(terminal);
    await testMessage(next);
    const startedAtMs = nowMs;
    try {
      nowMs += 48 * HOUR_MS;
      expect(await stateOf(terminal, testId)).toBe('expired');
      await call(terminal, connection, nonce);
      expect(await stateOf(terminal, testId)).toBe('expired');
    } finally {
      nowMs = startedAtMs;
    }
  });

  it('is refused for a number of another utility, for a retired one, and beyond five open ones', async () => {
    const terminal = await bench.terminal();
    const other = await bench.terminal();
    await expect(request(terminal, other.terminalNumber)).rejects.toMatchObject({
      code: 'not_found',
    });
    for (let at = 0; at < 5; at += 1) await request(terminal);
    await expect(request(terminal)).rejects.toMatchObject({ code: 'conflict' });
    await bench.database.adminPool.query(
      'update terminal set retired_at = now() where utility_id = $1',
      [other.utilityId],
    );
    await expect(request(other)).rejects.toMatchObject({ code: 'conflict' });
    const reader: Actor = {
      ...{ kind: 'staff', accountId: 1, role: 'admin', sessionId: 's' },
      utilityId: terminal.utilityId,
    };
    await expect(
      transactAs(bench.database.db, terminal.utilityId, (tx) =>
        requestTerminalTest(tx, reader, { number: terminal.terminalNumber, now: new Date(nowMs) }),
      ),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});

async function testByCommand(terminal: TestTerminal, args: readonly string[]) {
  const { rows } = await bench.database.adminPool.query<{ code: string }>(
    'select code from utility where utility_id = $1',
    [terminal.utilityId],
  );
  const command = fileURLToPath(new URL('../../bin/operate.ts', import.meta.url));
  const verb = ['terminal', 'test', '--utility', rows[0]!.code, ...args];
  const env = {
    ...{ PATH: '/usr/bin:/bin', NODE_ENV: 'test' as const },
    ...testClock(),
    DATABASE_URL: bench.database.adminUrl,
  };
  return promisify(execFile)(process.execPath, ['--import', 'tsx', command, ...verb], { env }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  );
}

it('operate terminal test prints each event when it is proven and ends with its meaning', async () => {
  const { terminal, connection } = await bench.connected();
  const next = await listenDown(connection, terminal);
  const answered = testMessage(next).then((nonce) => call(terminal, connection, nonce));
  const args = ['--number', terminal.terminalNumber, '--wait', '60'];
  const { code, stdout } = await testByCommand(terminal, args);
  await answered;
  expect(stdout).toMatch(/requested\n(.* sent\n)?(.* acknowledged\n)?.* answered\nProven: /);
  expect(code).toBe(0);
});

it('operate terminal test exits with 1 while nothing is proven, and returns the state as JSON', async () => {
  const terminal = await bench.terminal();
  const args = ['--number', terminal.terminalNumber, '--wait', '0', '--json'];
  const { code, stdout } = await testByCommand(terminal, args);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ ok: false, state: 'requested', terminalNumber: terminal.terminalNumber, sentAt: null },
    said: expect.stringMatching(/^Not sent yet: /),
  });
});

it('a terminal that is retired while connected is disconnected within a moment', async () => {
  const { terminal, connection } = await bench.connected();
  await bench.database.adminPool.query(
    'update terminal set retired_at = $2 where utility_id = $1',
    [terminal.utilityId, new Date(nowMs)],
  );
  await connection.ended;
});
