import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deriveTerminalKey } from '../../lib/keys/terminal-key.ts';
import { terminalBcd } from '../protocol/bcd.ts';
import type { DayReport } from '../protocol/day-report.ts';
import { decodeHeader, openFrame } from '../protocol/frame.ts';
import { decodeUplink, sealMessage } from '../protocol/message.ts';
import { dayOfWire, wireDay } from '../protocol/wire-time.ts';
import { type FleetOptions, reportBacklog, runLive } from './fleet.ts';
import type { Fleet } from './fleet-file.ts';
import { openFleetState } from './fleet-state.ts';
import { nextMoment } from './report-plan.ts';
import { testFleet } from './testing-fleet.ts';

const NOW = new Date('2026-03-21T12:00:00+09:00');
const FIRST = '2026-03-01';

interface Received {
  number: string;
  counter: number;
  report: DayReport;
}

let broker: Aedes;
let server: Server;
let brokerUrl: string;
let directory: string;
let received: Received[];
let refused: number;
let fleet: Fleet;

beforeEach(async () => {
  received = [];
  refused = 0;
  directory = await mkdtemp(join(tmpdir(), 'kenshin-fleet-'));
  broker = await Aedes.createBroker();
  broker.authorizePublish = (client, packet, done) => {
    read(client!.id, packet.payload as Buffer);
    done(null);
  };
  server = createServer(broker.handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  brokerUrl = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise<void>((resolve) => broker.close(resolve));
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true, force: true });
});

function read(number: string, frame: Buffer): void {
  const spec = fleet.terminals.find((terminal) => terminal.number === number)!;
  const bcd = terminalBcd(number);
  const key = deriveTerminalKey(Buffer.from(spec.key, 'hex'), 'uplink', bcd);
  const header = decodeHeader(frame, 'up');
  const opened = header.ok ? openFrame(frame, header, key, bcd) : header;
  if (!header.ok || !opened.ok) {
    refused += 1;
    return;
  }
  const decoded = decodeUplink(header.type, opened.payload);
  if (decoded.ok && decoded.message.type === 'day_report') {
    received.push({ number, counter: header.counter, report: decoded.message.report });
  }
}

function backlog(overrides: Partial<FleetOptions> = {}) {
  return withFleet(overrides, reportBacklog);
}

async function withFleet<T>(
  overrides: Partial<FleetOptions>,
  act: (options: FleetOptions) => Promise<T>,
): Promise<T> {
  const state = await openFleetState(join(directory, 'state.json'), fleet.id, { absent: 'new' });
  try {
    return await act({
      fleet,
      state,
      link: { brokerUrl },
      connections: 4,
      listenMs: 20,
      historyListenMs: 20,
      retry: { minDelayMs: 5, refusedDelayMs: 60, maxDelayMs: 20, factor: 2 },
      now: () => NOW,
      signal: new AbortController().signal,
      ...overrides,
    });
  } finally {
    await state.close();
  }
}

const daysOf = (number: string) =>
  received.filter((frame) => frame.number === number).map(({ report }) => dayOfWire(report.day));

describe('a fleet over a broker', () => {
  test('every terminal sends its history once, oldest day first, marked as history', async () => {
    fleet = testFleet({ firstDay: FIRST, size: 6 });
    const progress = await backlog();
    expect(progress).toEqual({ reported: 120, due: 120 });
    for (const { number } of fleet.terminals) {
      const days = daysOf(number);
      expect(days).toHaveLength(20);
      expect(days).toEqual(days.toSorted());
    }
    expect(received.every(({ report }) => report.history && !report.requested)).toBe(true);
  });

  test('a second start sends nothing again and never reuses a counter', async () => {
    fleet = testFleet({ firstDay: FIRST, size: 2 });
    await backlog();
    const before = received.length;
    expect(await backlog()).toEqual({ reported: 0, due: 0 });
    expect(received).toHaveLength(before);
    await backlog({ now: () => new Date('2026-03-23T12:00:00+09:00') });
    const counters = received.map(({ number, counter }) => `${number} ${counter}`);
    expect(new Set(counters).size).toBe(counters.length);
  });

  test('days since the last stop are reported without the history mark', async () => {
    fleet = testFleet({ firstDay: FIRST, size: 1 });
    await backlog();
    received = [];
    await backlog({ now: () => new Date('2026-03-24T12:00:00+09:00') });
    expect(received.map(({ report }) => [dayOfWire(report.day), report.history])).toEqual([
      ['2026-03-21', false],
      ['2026-03-22', false],
      ['2026-03-23', false],
    ]);
  });

  test('a connection that breaks in the middle loses no day', async () => {
    fleet = testFleet({ firstDay: FIRST, size: 1 });
    let published = 0;
    broker.authorizePublish = (client, packet, done) => {
      published += 1;
      if (published === 7) {
        client!.close();
        return;
      }
      read(client!.id, packet.payload as Buffer);
      done(null);
    };
    const faults: string[] = [];
    await backlog({ onFault: (number) => faults.push(number) });
    expect(faults.length).toBeGreaterThan(0);
    expect(new Set(daysOf(fleet.terminals[0]!.number)).size).toBe(20);
    const byCounter = new Map<number, string>();
    for (const { counter, report } of received) {
      const content = JSON.stringify([report.day, report.terminalTimeS, ...report.indexL]);
      expect(byCounter.get(counter) ?? content).toBe(content);
      byCounter.set(counter, content);
    }
  });

  test('a refused sign-in is tried again and reported', async () => {
    fleet = testFleet({ firstDay: FIRST, size: 1 });
    let tries = 0;
    broker.authenticate = (_client, _name, password, done) => {
      tries += 1;
      expect(password?.toString()).toBe(fleet.terminals[0]!.secret);
      if (tries < 3) done(Object.assign(new Error('away'), { returnCode: 3 }), false);
      else done(null, true);
    };
    const faults: string[] = [];
    await backlog({ onFault: (_number, error) => faults.push(error.message) });
    expect(faults).toHaveLength(2);
    expect(received).toHaveLength(20);
  });

  test('days that the cloud asks for are answered as asked for, others stay silent', async () => {
    fleet = testFleet({ firstDay: FIRST, size: 1 });
    await backlog();
    received = [];
    const spec = fleet.terminals[0]!;
    const bcd = terminalBcd(spec.number);
    const key = deriveTerminalKey(Buffer.from(spec.key, 'hex'), 'downlink', bcd);
    const frame = sealMessage(
      { key, terminalBcd: bcd, generation: 1, counter: 1 },
      {
        type: 'report_days',
        fromDay: wireDay('2026-02-25'),
        toDay: wireDay('2026-03-03'),
      },
    );
    broker.on('subscribe', () => {
      const topic = `t/${spec.number}/down`;
      const packet = { cmd: 'publish', topic, payload: frame, qos: 1, dup: false, retain: false };
      broker.publish(packet as never, () => undefined);
    });
    await backlog({ now: () => new Date('2026-03-22T12:00:00+09:00') });
    const sent = received.map(({ report }) => [
      dayOfWire(report.day),
      report.requested,
      report.history,
    ]);
    expect(sent).toContainEqual(['2026-03-21', false, false]);
    expect(sent.filter(([, requested]) => requested)).toEqual([
      ['2026-03-01', true, true],
      ['2026-03-02', true, true],
      ['2026-03-03', true, true],
    ]);
  });

  test('an abort ends a session that is never acknowledged', async () => {
    fleet = testFleet({ firstDay: FIRST, size: 1 });
    const stop = new AbortController();
    broker.authorizePublish = () => stop.abort();
    await backlog({ signal: stop.signal });
    expect(received).toEqual([]);
  });

  test('live, a terminal wakes up at its moment in the window and reports the day before', async () => {
    fleet = testFleet({ firstDay: FIRST, size: 3 });
    await backlog();
    received = [];
    const spec = fleet.terminals[1]!;
    const plan = { ...spec, window: spec, firstDay: FIRST, lateBy: () => 0 };
    const progress = { reportedThrough: '2026-03-20', held: [] };
    const moment = nextMoment(plan, progress, NOW)!.getTime();
    const start = Date.now();
    const stop = new AbortController();
    await withFleet(
      {
        now: () => new Date(moment - 50 + (Date.now() - start)),
        signal: stop.signal,
        onProgress: () => undefined,
      },
      async (options) => {
        const live = runLive(options);
        await vi.waitUntil(() => daysOf(spec.number).length > 0);
        stop.abort();
        await live;
      },
    );
    expect(daysOf(spec.number)).toEqual(['2026-03-21']);
    expect(received.every(({ report }) => !report.history)).toBe(true);
  });

  test('a terminal with a wrong key sends frames that do not open', async () => {
    fleet = testFleet({ firstDay: FIRST, size: 1, faults: () => [{ kind: 'wrong-key', rate: 1 }] });
    await backlog();
    expect(received).toEqual([]);
    expect(refused).toBe(20);
  });

  test('a silent terminal stops with the day before its last', async () => {
    fleet = testFleet({
      firstDay: FIRST,
      size: 1,
      faults: () => [{ kind: 'silent', fromDay: '2026-03-11' }],
    });
    await backlog();
    expect(daysOf(fleet.terminals[0]!.number).at(-1)).toBe('2026-03-10');
  });
});
