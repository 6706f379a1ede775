import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../lib/time.ts';
import { terminalInstant, terminalTime } from '../protocol/wire-time.ts';
import { eventually, type IngestBench, metricOf, startTestIngest } from '../testing/ingest.ts';
import {
  addKey,
  connectTerminal,
  dayReport,
  listenDown,
  seal,
  type TestConnection,
  type TestTerminal,
} from '../testing/terminal.ts';

// Clock and report window are sent to every terminal, and only the acknowledgement proves them [TERM-9.6].
let bench: IngestBench;
let nowMs = Date.now();
const HOUR_MS = 3_600_000;
const status = { batteryMv: 3600, signalDbm: -90, link: 'wan', firmware: 1 } as const;

beforeAll(async () => {
  bench = await startTestIngest({
    now: () => nowMs,
    asking: { quietMs: 0 },
    schedule: { everyMs: 50 },
    sessions: { sweepEveryMs: 50, refreshAfterMs: 0 },
  });
});
afterAll(() => bench?.close());

async function heldBy(terminal: TestTerminal) {
  const { rows } = await bench.database.adminPool.query<{
    report_minute: number;
    report_window_minutes: number;
    generation: number;
    proven_at: Date;
  }>('select * from terminal_setting where utility_id = $1', [terminal.utilityId]);
  return rows[0];
}

const isProven = (terminal: TestTerminal) =>
  eventually(
    () => heldBy(terminal),
    (row) => row !== undefined,
  );

/** Connects a terminal that receives everything and acknowledges nothing, or everything. */
async function listener(terminal: TestTerminal, { acknowledges = true } = {}) {
  const connection = await connectTerminal(bench.url, terminal);
  if (!acknowledges) connection.client.handleMessage = () => undefined;
  const next = await listenDown(connection, terminal, { withSettings: true });
  return { connection, next };
}

const sendStatus = (terminal: TestTerminal, connection: TestConnection, at: Date) =>
  connection.send(seal(terminal, { type: 'status', terminalTimeS: terminalTime(at), status }));

/** The next message, which has to be a setting; these tests request nothing else. */
async function settingOf(next: () => Promise<{ type: string }>) {
  for (;;) {
    const message: unknown = await next();
    if ((message as { type: string }).type === 'set_clock')
      return message as { terminalTimeS: number; reportMinute: number; windowMinutes: number };
  }
}

/** Resolves when everything before has been considered: a requested day is sent after the clock. */
async function isQuiet(terminal: TestTerminal, next: () => Promise<{ type: string }>) {
  const { adminPool } = bench.database;
  await adminPool.query(
    `insert into reading_request (utility_id, meter_id, day, terminal_id, reason, first_hour, last_hour, due_at)
     values ($1, $2, $3, $4, 'absent', 1, 24, now())
     on conflict (utility_id, meter_id, day) do update
     set last_asked_at = null, asked_count = 0, answered_at = null, given_up_at = null`,
    [
      terminal.utilityId,
      terminal.meterId,
      addDays(dayOf(new Date(nowMs)), -1),
      terminal.terminalId,
    ],
  );
  expect((await next()).type).toBe('report_days');
}

/** A terminal without missing days, so that only settings are sent. */
async function terminalWithoutDays(): Promise<TestTerminal> {
  const terminal = await bench.terminal();
  await bench.database.adminPool.query(
    'update meter_fitting set fitted_at = $2 where utility_id = $1',
    [terminal.utilityId, new Date(nowMs)],
  );
  return terminal;
}

describe('a terminal with a correct clock', () => {
  it('is sent its window at its first contact, and not again once it has acknowledged it', async () => {
    const terminal = await terminalWithoutDays();
    const { connection, next } = await listener(terminal);
    const setting = await settingOf(next);
    expect(setting).toMatchObject({ reportMinute: 60, windowMinutes: 240 });
    expect(terminalInstant(setting.terminalTimeS).getTime()).toBe(Math.floor(nowMs / 1000) * 1000);
    expect(await isProven(terminal)).toMatchObject({
      ...{ report_minute: 60, report_window_minutes: 240, generation: 1 },
    });
    await sendStatus(terminal, connection, new Date(nowMs));
    await isQuiet(terminal, next);
    const again = await listener(terminal);
    await isQuiet(terminal, again.next);
  });

  it('is sent a window that was changed, while it is connected and at its next contact', async () => {
    const terminal = await terminalWithoutDays();
    const { next } = await listener(terminal);
    await settingOf(next);
    await isProven(terminal);
    await bench.database.adminPool.query(
      'update terminal set report_minute = 90 where utility_id = $1',
      [terminal.utilityId],
    );
    expect(await settingOf(next)).toMatchObject({ reportMinute: 90 });
    await eventually(
      () => heldBy(terminal),
      (row) => row?.report_minute === 90,
    );
  });

  it('and a new key after the old ones were retired is sent it again, because it may be another device', async () => {
    const terminal = await terminalWithoutDays();
    const { next, connection } = await listener(terminal);
    await settingOf(next);
    await isProven(terminal);
    await connection.end();
    await bench.database.adminPool.query(
      'update terminal_key set retired_at = now() where utility_id = $1',
      [terminal.utilityId],
    );
    await addKey(bench.database.adminPool, { ...terminal, generation: 2 });
    expect(await settingOf((await listener(terminal)).next)).toMatchObject({ reportMinute: 60 });
  });
});

describe('a setting that was not acknowledged', () => {
  it('is sent again at the next contact, however soon, and proves nothing', async () => {
    const terminal = await terminalWithoutDays();
    for (let contact = 1; contact <= 3; contact += 1) {
      const { connection, next } = await listener(terminal, { acknowledges: false });
      await settingOf(next);
      await connection.end();
    }
    expect(await heldBy(terminal)).toBeUndefined();
    const { next } = await listener(terminal);
    await settingOf(next);
    await isProven(terminal);
  });

  it('is sent to a terminal no more often than five times and then once in 20 seconds', async () => {
    const terminal = await terminalWithoutDays();
    const sent = () => metricOf(bench.ingest, 'kenshin_frames_sent_total{type="set_clock"}');
    for (let contact = 1; contact <= 5; contact += 1) {
      const { connection, next } = await listener(terminal, { acknowledges: false });
      await settingOf(next);
      await connection.end();
    }
    const before = await sent();
    const { connection, next } = await listener(terminal, { acknowledges: false });
    await isQuiet(terminal, next);
    expect(await sent()).toBe(before);
    // Otherwise this connection might get the additional one.
    await connection.end();
    nowMs += 20_000;
    const later = await listener(terminal);
    await settingOf(later.next);
  });
});

describe('a clock', () => {
  const offsetOf = async (terminal: TestTerminal) => {
    const { rows } = await bench.database.adminPool.query<{ clock_offset_s: number | null }>(
      'select clock_offset_s from terminal_state where utility_id = $1',
      [terminal.utilityId],
    );
    return rows[0]!.clock_offset_s;
  };

  async function withAcknowledgedSetting(): Promise<{
    terminal: TestTerminal;
    connection: TestConnection;
    next: () => Promise<{ type: string }>;
  }> {
    const terminal = await terminalWithoutDays();
    const { connection, next } = await listener(terminal);
    await settingOf(next);
    await isProven(terminal);
    return { terminal, connection, next };
  }

  it('that was never set is set; the status that shows it is no proof of an offset', async () => {
    const terminal = await terminalWithoutDays();
    const { connection, next } = await listener(terminal);
    await sendStatus(terminal, connection, terminalInstant(0));
    await settingOf(next);
    await isProven(terminal);
    expect(await offsetOf(terminal)).toBeNull();
  });

  it('is not judged by a status that waited for its connection', async () => {
    const { terminal, connection } = await withAcknowledgedSetting();
    await connection.end();
    nowMs += HOUR_MS;
    const later = await listener(terminal);
    await sendStatus(terminal, later.connection, new Date(nowMs - 8 * HOUR_MS));
    // The clock may be slow: it is set, which does not harm a correct one.
    await settingOf(later.next);
    expect(await offsetOf(terminal)).toBeNull();
  });

  it('that is wrong after it was set is recorded, and set again an hour later', async () => {
    const { terminal, connection, next } = await withAcknowledgedSetting();
    await sendStatus(terminal, connection, new Date(nowMs - 2 * HOUR_MS));
    expect(await offsetOf(terminal)).toBeGreaterThan(-7202);
    expect(await offsetOf(terminal)).toBeLessThan(-7198);
    await isQuiet(terminal, next);
    nowMs += HOUR_MS;
    await sendStatus(terminal, connection, new Date(nowMs - 2 * HOUR_MS));
    await settingOf(next);
  });
});

it('a day report sent at the moment a connection begins is answered', async () => {
  const terminal = await terminalWithoutDays();
  const { connection } = await listener(terminal);
  await connection.send(
    seal(terminal, dayReport(terminal, { day: addDays(dayOf(new Date(nowMs)), -1) })),
  );
});
